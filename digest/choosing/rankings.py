"""The rankings that follows ask for, read once a minute and shared by all readers of a process."""

import bisect
import itertools
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet

from digest.choosing.names import Names
from digest.choosing.nearness import Nearness
from digest.choosing.similarity import Similarity
from digest.models import EditionRevision, Follow
from digest.types import Candidate, Pinned, RankedFollow, Reason
from papersite.catalogue.models import Authorship, Paper, PaperTopic
from papersite.catalogue.search import documents, finding, language, matching
from papersite.catalogue.search.folder import Unavailable

# Deep enough that a reader with the largest cap, who was sent the top of every day of
# the window, still has a choice.
DEPTH = 300
# About three days of what is announced: a search asked of so many costs half a second a minute.
SEARCHED = 4000
GOOD_FOR = timedelta(minutes=1)

_ROW = ("heat", "announced_at", "added_at")

Target = tuple[str, Any]
Finder = Callable[[Iterable[str], Iterable[int]], dict[str, set[int]]]


class FollowRow(NamedTuple):
    """One follow of one reader, without the weight of a row."""

    target: Target
    reason: Reason
    mutes: bool


@lru_cache(maxsize=20_000)
def follow_row(  # noqa: PLR0917  the columns of a row
    kind: str, topic_id: int | None, author_id: int | None, search: str, mutes: bool, topic: str | None,
    author: str | None,
) -> FollowRow:  # fmt: skip
    """The same for all readers who follow the same."""
    values = {Follow.Kind.TOPIC: topic_id, Follow.Kind.AUTHOR: author_id, Follow.Kind.SEARCH: search}
    return FollowRow(
        (kind, values.get(Follow.Kind(kind))), (kind, topic or author or search or "Trending overall"), mutes
    )


@dataclass(slots=True)
class Rankings:
    """What was read so far, and for how long it is good."""

    read_at: datetime | None = None
    similarity: Similarity = field(default_factory=Similarity)
    nearness: Nearness = field(default_factory=Nearness)
    names: Names = field(default_factory=Names)
    find: Finder = field(default_factory=lambda: find)
    mailed: set[int] = field(default_factory=set)
    """Papers whose rows as mailed are known to be there."""
    _lists: dict[Target, list[Candidate]] = field(default_factory=dict)
    _follows: dict[FollowRow, RankedFollow] = field(default_factory=dict)
    _picks: dict[int, list[Pinned]] = field(default_factory=dict)
    _fits: dict[Target, set[int]] = field(default_factory=dict)
    _matched: dict[str, set[int]] = field(default_factory=dict)
    _known: dict[int, Candidate] = field(default_factory=dict)
    _ages: list[datetime] = field(default_factory=list)
    _by_age: list[int] = field(default_factory=list)
    _lowest: list[int] = field(default_factory=list)
    _newest: list[datetime] | None = None
    _pool: list[Candidate] | None = None

    def expire(self, now: datetime) -> None:
        """Forgets all of it once it is a minute old: papers come, and curators change their minds."""
        self.similarity.expire(now)
        self.nearness.expire(now)
        self.names.expire(now)
        if self.read_at is None or abs(now - self.read_at) > GOOD_FOR:
            self.read_at = now
            read = (self._lists, self._follows, self._picks, self._fits, self._matched, self._known)
            for held in (*read, self._ages, self._by_age, self._lowest):
                held.clear()
            self.mailed.clear()
            self._newest = self._pool = None

    def of(self, target: Target) -> list[Candidate]:
        return self._lists[target]

    def follow(self, row: FollowRow) -> RankedFollow:
        """A follow with its ranking, which was loaded: one object for all who follow the same."""
        if row not in self._follows:
            kind, value = row.target
            author = value if kind == "author" else None
            self._follows[row] = RankedFollow(row.reason, self._lists[row.target], author)
        return self._follows[row]

    def load(self, targets: Iterable[Target]) -> None:
        """Reads the rankings that nobody asked for before."""
        missing = [target for target in targets if target not in self._lists]
        authors = [value for kind, value in missing if kind == "author"]
        searches = [str(value) for kind, value in missing if kind == "search"]
        for target in missing:
            if target[0] == "topic":
                self._lists[target] = self._hottest(_in_topic(target[1]), DEPTH)
        if ("trending", None) in missing or searches:
            pool = self.pool()
            self._lists["trending", None] = pool[:DEPTH]
            self._load_searches(searches, pool)
        if authors:
            self._load_authors(authors)

    def pool(self) -> list[Candidate]:
        """The hottest of all, among which searches and taste look."""
        if self._pool is None:
            self._pool = self._hottest(Paper.objects.all(), SEARCHED)
        return self._pool

    def load_topics(self, topics: list[int]) -> None:
        """The same for topics all at once, in one query: for a single reader, who waits for it."""
        if topics:
            parts = [_in_topic(topic).order_by("-heat", "-pk")[:DEPTH].values("id", *_ROW) for topic in topics]
            written = [part.query.sql_with_params() for part in parts]
            every = " UNION ALL ".join(
                f"SELECT {topic:d} AS topic, part.* FROM ({sql}) AS part"  # noqa: S608  Django wrote it
                for topic, (sql, _) in zip(topics, written, strict=True)
            )
            self._lists |= {("topic", topic): [] for topic in topics}
            for row in Paper.objects.raw(every, list(itertools.chain(*(values for _, values in written)))):
                candidate = self._candidate(row.pk, row.heat, row.announced_at, row.added_at)
                self._lists["topic", row.topic].append(candidate)  # type: ignore[attr-defined]
            self._lists |= {("topic", topic): _ranked(self._lists["topic", topic]) for topic in topics}

    def newest_at(self) -> datetime | None:
        """When the catalogue last had something new; served by the indexes of the two moments."""
        if self._newest is None:
            visible = Paper.objects.visible()
            moments = [
                visible.order_by(f"-{name}").values_list(name, flat=True).first()
                for name in ("announced_at", "added_at")
            ]
            self._newest = [moment for moment in moments if moment is not None]
        return max(self._newest, default=None)

    def lowest_since(self, moment: datetime) -> int:
        """A number that no paper of these rankings has to fall below, if it became known since the moment."""
        if len(self._ages) != len(self._known):
            self._order_by_age()
        place = bisect.bisect_left(self._ages, moment)
        return self._lowest[place] if place < len(self._lowest) else sys.maxsize

    def known_since(self, moment: datetime) -> set[int]:
        return {paper_id for paper_id, one in self._known.items() if one.news_at >= moment}

    def seen_before(self, moment: datetime, *, since: datetime, also: Iterable[int] = ()) -> dict[int, datetime]:
        """Which papers that became news since were on this site before the moment all the same, and since when."""
        if len(self._ages) != len(self._known):
            self._order_by_age()
        news = self._by_age[bisect.bisect_left(self._ages, since) :]
        seen = {paper_id: self._known[paper_id].added_at for paper_id in itertools.chain(news, also)}
        return {paper_id: added_at for paper_id, added_at in seen.items() if added_at < moment}

    def _order_by_age(self) -> None:
        by_age = sorted((one.news_at, paper_id) for paper_id, one in self._known.items())
        self._ages = [moment for moment, _ in by_age]
        self._by_age = [paper_id for _, paper_id in by_age]
        lowest = itertools.accumulate((paper_id for _, paper_id in reversed(by_age)), min)
        self._lowest = list(lowest)[::-1]

    def _load_authors(self, authors: list[int]) -> None:
        """All at once: hardly any author has many papers, but many authors are followed."""
        held: dict[int, list[Candidate]] = {author: [] for author in authors}
        rows = Authorship.objects.filter(author__in=authors, paper__is_hidden=False, paper__is_withdrawn=False)
        fields = ("author", "paper", "paper__heat", "paper__announced_at", "paper__added_at")
        for author, *row in rows.order_by("-paper__heat", "-paper").values_list(*fields).iterator():
            if len(held[author]) < DEPTH:
                held[author].append(self._candidate(*row))
        self._lists |= {("author", author): _ranked(ranking) for author, ranking in held.items()}

    def _load_searches(self, searches: list[str], pool: list[Candidate]) -> None:
        found = self.find(searches, [candidate.paper_id for candidate in pool]) if searches else {}
        for text, ids in found.items():
            self._lists["search", text] = [candidate for candidate in pool if candidate.paper_id in ids]

    def load_picks(self, revisions: Iterable[EditionRevision]) -> None:
        """Reads the picks of revisions that nobody asked for before, and which topics and authors they fit."""
        missing = [one for one in revisions if one.pk not in self._picks]
        numbers = {paper_id for revision in missing for paper_id, *_ in revision.picks}
        visible = (
            Paper.objects.visible().filter(pk__in=numbers, is_withdrawn=False) if numbers else Paper.objects.none()
        )
        found = {row[0]: self._candidate(*row) for row in visible.values_list("pk", *_ROW)}
        for revision in missing:
            rows = [(found[paper_id], *row) for paper_id, *row in revision.picks if paper_id in found]
            self._picks[revision.pk] = [Pinned(*row) for row in rows]
        if found:
            topics = PaperTopic.objects.filter(paper__in=found, belongs=True).values_list("topic", "paper")
            authors = Authorship.objects.filter(paper__in=found).values_list("author", "paper")
            for kind, pairs in (("topic", topics), ("author", authors)):
                for value, paper_id in pairs:
                    self._fits.setdefault((kind, value), set()).add(paper_id)

    def picks_of(self, revision: EditionRevision | None) -> list[Pinned]:
        return self._picks[revision.pk] if revision else []

    def match_picks(self, searches: Iterable[str]) -> None:
        """Which of all picks these searches find."""
        picked = {one.candidate.paper_id for picks in self._picks.values() for one in picks}
        missing = {text for text in searches if self._matched.get(text) != picked} if picked else set()
        if missing:
            for text, ids in self.find(missing, picked).items():
                self._fits["search", text], self._matched[text] = ids, picked

    def fits(self, target: Target, paper_id: int) -> bool:
        """Whether a follow of that wants a pick; that of everything wants all."""
        return target[0] == "trending" or paper_id in self._fits.get(target, ())

    def _hottest(self, papers: QuerySet[Paper], depth: int) -> list[Candidate]:
        hottest = papers.filter(is_hidden=False, is_withdrawn=False).order_by("-heat", "-pk")[:depth]
        return _ranked(self._candidate(*row) for row in hottest.values_list("pk", *_ROW))

    def _candidate(self, paper_id: int, *row: Any) -> Candidate:
        """One for each paper, in however many rankings it stands."""
        if paper_id not in self._known:
            self._known[paper_id] = Candidate(paper_id, *row)
        return self._known[paper_id]


def _in_topic(topic: int) -> QuerySet[Paper]:
    in_topic = Paper.objects.filter(paper_topics__topic=topic, paper_topics__belongs=True)
    return in_topic.filter(is_hidden=False, is_withdrawn=False)


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """By the heat that was read first: a paper whose heat changed between two reads stands where it stood."""
    return sorted(candidates, key=lambda one: (-one.heat, -one.paper_id))


def find(searches: Iterable[str], paper_ids: Iterable[int]) -> dict[str, set[int]]:
    """Which of the papers each search finds."""
    return matching.find({text: language.parse(text) for text in searches}, documents.of(paper_ids))


def find_on_site(searches: Iterable[str], paper_ids: Iterable[int]) -> dict[str, set[int]]:
    """The same, asked of the site's index. A worker puts thousands of papers into one of its own, which pays for
    many readers at once and takes too long for one who waits."""
    texts, ids = list(searches), list(paper_ids)
    try:
        found = finding.among([language.parse(text).node for text in texts], ids)
    except Unavailable:
        return find(texts, ids)
    return dict(zip(texts, found, strict=True))
