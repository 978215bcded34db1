"""Which papers of the catalogue the entries of a library are: by arXiv id, by DOI, by title.

Each way is asked once for some hundreds of entries, off an index: a library of thousands takes seconds,
however many papers there are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import Any, NamedTuple

from django.db.models.functions import Lower

from papersite.catalogue.citing.bylines import parts
from papersite.catalogue.models import Authorship, Paper
from papersite.catalogue.reading import cleaning
from papersite.catalogue.sources.library.records import Entry

AT_ONCE = 500
# A title of so many letters stands for itself where nobody says who wrote it; a shorter one may be anybody's.
TELLING = 40
# A preprint and what is printed of it lie so many years apart at most.
YEARS_APART = 3
# Of a list of authors it is enough to look at the beginning.
AUTHORS = 50


class Titled(NamedTuple):
    """A paper that has an entry's title."""

    pk: int
    year: int


def recognise(entries: Sequence[Entry]) -> list[int | None]:
    """The number of each entry's paper; None for one that no visible paper is."""
    found: list[int | None] = [None] * len(entries)
    by_id = _asked((entry.arxiv_id for entry in entries), _by_arxiv_id)
    _fill(found, entries, lambda entry: by_id.get(entry.arxiv_id))
    # Whoever names an identifier that is not here may still have it under the published one.
    by_doi = _asked((cleaning.doi(entry.doi).lower() for entry in _rest(found, entries) if entry.doi), _by_doi)
    _fill(found, entries, lambda entry: by_doi.get(cleaning.doi(entry.doi).lower()) if entry.doi else None)
    _by_title(found, entries)
    maybe = _asked((entry.maybe_arxiv_id for entry in _rest(found, entries)), _by_arxiv_id)
    written = _families(maybe.values())
    _fill(found, entries, lambda entry: _agreed(entry, maybe.get(entry.maybe_arxiv_id), written))
    return found


def title_key(entry: Entry) -> str:
    """What an entry's title shares with the paper's; "" where it has no letters."""
    title = cleaning.readable(entry.title[: cleaning.MAX_TITLE])
    return cleaning.content_key(title) if any(map(str.isalnum, title)) else ""


def _rest(found: Sequence[int | None], entries: Sequence[Entry]) -> Iterator[Entry]:
    return (entry for entry, pk in zip(entries, found, strict=True) if pk is None)


def _fill(found: list[int | None], entries: Sequence[Entry], pk_of: Callable[[Entry], int | None]) -> None:
    for at, entry in enumerate(entries):
        if found[at] is None:
            found[at] = pk_of(entry)


def _asked(values: Iterable[str], ask: Callable[[tuple[str, ...]], Iterable[tuple[str, int]]]) -> dict[str, int]:
    wanted = sorted(set(filter(None, values)))
    return {key: pk for some in batched(wanted, AT_ONCE) for key, pk in ask(some)}


def _by_arxiv_id(some: tuple[str, ...]) -> Iterable[tuple[str, int]]:
    return Paper.objects.visible().filter(arxiv_id__in=some).order_by().values_list("arxiv_id", "pk")


def _by_doi(some: tuple[str, ...]) -> Iterable[tuple[str, int]]:
    """DOIs have no case (DOI Handbook, 2.4); of two papers with one the older is right."""
    lowered: Any = Paper.objects.visible().annotate(lowered=Lower("doi"))
    found: Iterable[tuple[str, int]] = lowered.filter(lowered__in=some).order_by("-pk").values_list("lowered", "pk")
    return found


def _by_title(found: list[int | None], entries: Sequence[Entry]) -> None:
    keys = {at: title_key(entry) for at, entry in enumerate(entries) if found[at] is None}
    titled: dict[str, list[Titled]] = defaultdict(list)
    for some in batched(sorted(set(filter(None, keys.values()))), AT_ONCE):
        papers = Paper.objects.visible().filter(content_key__in=some).order_by("pk")
        for key, pk, submitted, announced in papers.values_list("content_key", "pk", "submitted_at", "announced_at"):
            titled[key].append(Titled(pk, _year(submitted or announced)))
    written = _families(one.pk for papers in titled.values() for one in papers)
    for at, key in keys.items():
        fitting = [one for one in titled.get(key, ()) if _fits(entries[at], one, written.get(one.pk, set()))]
        year = entries[at].year
        nearest = sorted(fitting, key=lambda one: abs(one.year - year) if year else 0)
        found[at] = nearest[0].pk if nearest else None


def _year(moment: datetime) -> int:
    return moment.astimezone(UTC).year


def _families(papers: Iterable[int]) -> dict[int, set[str]]:
    """The words of the names of each paper's authors."""
    names: dict[int, set[str]] = defaultdict(set)
    for some in batched(sorted(set(papers)), AT_ONCE):
        rows = Authorship.objects.filter(paper__in=some, position__lt=AUTHORS)
        for pk, key in rows.order_by().values_list("paper", "author__key"):
            names[pk].update(key.split())
    return names


def _fits(entry: Entry, paper: Titled, written: set[str]) -> bool:
    """Whether an entry of the same title is the paper: by who wrote it, else by the year and the title's length."""
    is_telling = sum(map(str.isalnum, entry.title)) >= TELLING
    is_of_the_time = entry.year is None or abs(entry.year - paper.year) <= YEARS_APART
    if entry.authors and written:
        return _is_by(entry, written) and (is_telling or is_of_the_time)
    return is_of_the_time and (is_telling or entry.year is not None)


def _agreed(entry: Entry, pk: int | None, written: Mapping[int, set[str]]) -> int | None:
    """A paper that a remark names, if the same people wrote it: else the remark speaks of another one."""
    return pk if pk is not None and entry.authors and _is_by(entry, written.get(pk, set())) else None


def _is_by(entry: Entry, written: set[str]) -> bool:
    """Whether the entry's first author is one of the paper's, by the family's name."""
    family = set(_words(parts(cleaning.readable(entry.authors[0][: cleaning.MAX_NAME])).family))
    return bool(family) and family <= written


def _words(name: str) -> list[str]:
    return cleaning.name_key(name).split()
