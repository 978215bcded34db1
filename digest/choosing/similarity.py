"""How alike papers are that may be chosen and those that readers gave an opinion on; asked once for many readers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from papersite.catalogue.meaning import site
from papersite.catalogue.models import Authorship, Paper, PaperTopic
from papersite.catalogue.search import similar
from papersite.catalogue.search.folder import Unavailable

# Of the papers that may be chosen, to one that somebody has an opinion on.
MOST_ALIKE = 60
# Below it two papers share common words, and not a subject.
LEAST = 0.15
# Longer than rankings: papers keep their words, and what came since is not lifted yet.
GOOD_FOR = timedelta(minutes=10)
MOST_HELD = 5_000
# Without an index: half for a common author, the rest for common topics. One topic alone is no likeness: readers
# follow it, and an opinion on one paper would be one on all of them.
FOR_AN_AUTHOR = 0.5
FOR_TOPICS = 0.4

Alike = Mapping[int, float]


class Similarity:
    """What was asked so far; 1 is as alike as a paper is to itself."""

    def __init__(self) -> None:
        self._asked_at: datetime | None = None
        self._alike: dict[int, Alike] = {}
        self._titles: dict[int, str] = {}

    def expire(self, now: datetime) -> None:
        if self._asked_at is None or abs(now - self._asked_at) > GOOD_FOR or len(self._alike) > MOST_HELD:
            self._asked_at = now
            self._alike.clear()
            self._titles.clear()

    def load(self, paper_ids: Iterable[int], since: datetime) -> None:
        """Asks about the papers that nobody asked about before, in a fixed number of queries."""
        missing = set(paper_ids) - self._alike.keys()
        if not missing:
            return
        rows = list(Paper.objects.filter(pk__in=missing).values_list("pk", "title", "abstract", "summary"))
        self._titles |= {pk: title for pk, title, _, _ in rows}
        try:
            self._alike |= {
                pk: _above(_alike(pk, title, f"{abstract}\n{summary}", since)) for pk, title, abstract, summary in rows
            }
        except Unavailable:
            self._alike |= _by_company(missing, since)

    def of(self, paper_id: int) -> Alike:
        return self._alike.get(paper_id, {})

    def title_of(self, paper_id: int) -> str:
        return self._titles.get(paper_id, "")


def _alike(paper_id: int, title: str, text: str, since: datetime) -> dict[int, float]:
    model = site.in_mail()
    closeness = partial(model.closeness_to_paper, paper_id) if model is not None else None
    return similar.to_paper(paper_id, title, text, since=since.date(), size=MOST_ALIKE, closeness=closeness)


def _by_company(paper_ids: set[int], since: datetime) -> dict[int, Alike]:
    """The same by common authors and topics, where there is no index."""
    authors = _shared(Authorship.objects.filter(paper__in=paper_ids).values_list("author", "paper"))
    topics = _shared(
        PaperTopic.objects.filter(paper__in=paper_ids, belongs=True, topic__is_catch_all=False)
        .values_list("topic", "paper")
    )  # fmt: skip
    found: dict[int, dict[int, float]] = {paper_id: defaultdict(float) for paper_id in paper_ids}
    by_author = Authorship.objects.filter(author__in=authors, paper__announced_at__gte=since)
    for author, paper in by_author.values_list("author", "paper"):
        for one in authors[author]:
            found[one][paper] = FOR_AN_AUTHOR
    counts = Counter(one for papers in topics.values() for one in papers)
    common: Counter[tuple[int, int]] = Counter()
    by_topic = PaperTopic.objects.filter(topic__in=topics, belongs=True, paper__announced_at__gte=since)
    for topic, paper in by_topic.values_list("topic", "paper"):
        common.update((one, paper) for one in topics[topic])
    for (one, paper), count in common.items():
        if count > 1:
            found[one][paper] += FOR_TOPICS * (count - 1) / (counts[one] - 1)
    return {one: _most(one, alike) for one, alike in found.items()}


def _shared(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    shared: dict[int, list[int]] = defaultdict(list)
    for what, paper in pairs:
        shared[what].append(paper)
    return shared


def _most(paper_id: int, alike: dict[int, float]) -> dict[int, float]:
    alike.pop(paper_id, None)
    return _above(dict(sorted(alike.items(), key=lambda pair: (-pair[1], -pair[0]))[:MOST_ALIKE]))


def _above(alike: dict[int, float]) -> dict[int, float]:
    return {paper: share for paper, share in alike.items() if share >= LEAST}
