"""The parts of a paper on a page that are a reader's own, and what follows their vote at once."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db import connection
from django.template import loader
from django.utils import timezone
from django.utils.safestring import SafeString

from papersite.catalogue.heat import plots, scoring, signals
from papersite.catalogue.models import Paper
from papersite.web.sheets import TOKEN, Kind

VOTE, SAVE, PLACE = "vote", "save", "place"
_READ = """
SELECT p.id, p.vote_count, p.hf_upvotes,
EXISTS (SELECT 1 FROM catalogue_vote AS v WHERE v.paper_id = p.id AND v.reader_id = %s AND v.taken_back_at IS NULL),
EXISTS (SELECT 1 FROM catalogue_savedpaper AS s WHERE s.paper_id = p.id AND s.reader_id = %s)
FROM catalogue_paper AS p WHERE p.id IN ({papers})
"""


class Part(NamedTuple):
    """One part of one paper, of those above."""

    name: str
    pk: int
    public_id: str = ""
    on_page: bool = False


class State(NamedTuple):
    """What is so of a paper now, and for one reader."""

    votes: int = 0
    upvotes: int | None = None
    is_voted: bool = False
    is_saved: bool = False


def _states(reader: Any, parts: Sequence[Part]) -> list[State]:
    found = _read({part.pk for part in parts}, reader.pk)
    return [_seen_by(part, found.get(part.pk, State())) for part in parts]


def _seen_by(part: Part, state: State) -> State:
    """As much of it as a part shows."""
    if part.name == SAVE:
        return State(is_saved=state.is_saved)
    return state._replace(is_saved=False) if part.name == VOTE else State(state.votes)


def _read(ids: set[int], reader_id: int) -> dict[int, State]:
    statement = _READ.format(papers=", ".join(["%s"] * len(ids)))
    with connection.cursor() as cursor:
        # Nothing but marks is put into the statement.
        cursor.execute(statement, [reader_id, reader_id, *ids])
        return {pk: State(votes, upvotes, bool(v), bool(s)) for pk, votes, upvotes, v, s in cursor.fetchall()}


def _words(part: Part, state: State) -> str:
    if part.name == PLACE:
        paper = Paper.objects.get(pk=part.pk)
        return loader.render_to_string("catalogue/_place.html", {"paper": paper, **place_of(paper)})
    values: dict[str, Any] = {"can_vote": True, "csrf_token": TOKEN}
    values["paper"] = SimpleNamespace(
        pk=part.pk, public_id=part.public_id, vote_count=state.votes, hf_upvotes=state.upvotes
    )
    if part.name == SAVE:
        return button(SAVE, saved=(part.pk,) if state.is_saved else (), **values)
    return button(VOTE, voted=(part.pk,) if state.is_voted else (), on_page=part.on_page, **values)


OF_PAPER = Kind(_states, _words)


def button(name: str, **values: Any) -> SafeString:
    """One of the buttons of ``_partials/buttons.jinja``."""
    template: Any = loader.get_template("_partials/buttons.jinja", using="jinja2")
    return SafeString(getattr(template.template.module, name)(**values))  # Jinja escapes


def place_of(paper: Paper) -> dict[str, Any]:
    """What a paper's place in trending is made of, as parts of a bar, and how its signals grew."""
    parts, promise = scoring.parts_of(paper), scoring.promise_of(paper)
    told = [(one.signal, one.label, one.points) for one in signals.series(paper)]
    told_before = [("promise", promise.hours)] if promise else []
    bar = plots.bar([(part.signal, part.hours) for part in parts] + told_before + [("boost", max(paper.boost, 0))])
    return {"parts": parts, "promise": promise, "bar": bar, "lines": plots.lines(told, timezone.now().date())}
