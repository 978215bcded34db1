"""Sorts papers under topics: by each topic's search and categories, by the source, by curators.

A curator's yes or no on one paper outranks everything else and stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched

from django.db import transaction

from papersite.catalogue import revisions, tallies
from papersite.catalogue.models import Paper, PaperTopic, Topic
from papersite.catalogue.search import documents, language, matching
from papersite.catalogue.search.schema import Record
from papersite.web import page_store

BATCH = 500


@dataclass(frozen=True, slots=True)
class Sorter:
    """A topic ready to be asked about papers."""

    topic_id: int
    query: language.Query
    categories: frozenset[str]

    def verdicts(self, papers: matching.Papers, categories: Mapping[int, frozenset[str]]) -> dict[int, str]:
        """What in each paper makes it belong here, by paper."""
        node = self.query.node
        found = {pk: papers.why(node, pk) or "its search" for pk in papers.fitting(node)}
        shared = {
            pk: f"category {min(held & self.categories)}" for pk, held in categories.items() if held & self.categories
        }
        return found | shared


def sorters(topics: Iterable[Topic] | None = None) -> list[Sorter]:
    chosen = Topic.objects.prefetch_related("categories") if topics is None else topics
    # The topic that takes the rest has no say of its own.
    chosen = [topic for topic in chosen if not topic.is_catch_all]
    return [
        Sorter(topic.pk, language.parse(topic.search), frozenset(c.code.casefold() for c in topic.categories.all()))
        for topic in chosen
    ]


def classify_papers(paper_ids: Iterable[int], topics: Iterable[Topic] | None = None) -> None:
    """Matches papers with topics (all of them, unless told) and keeps the verdicts."""
    asked = sorters(topics)
    for chunk in batched(sorted(paper_ids), BATCH):
        _classify_chunk(chunk, asked)


def classify_pending() -> int:
    """Matches the papers that changed since they were last sorted; how many."""
    count = 0
    asked: list[Sorter] | None = None
    while chunk := tuple(Paper.objects.pending().order_by("pk").values_list("pk", flat=True)[:BATCH]):
        asked = sorters() if asked is None else asked
        _classify_chunk(chunk, asked, is_whole=True)
        count += len(chunk)
    return count


def classify_all(topics: Iterable[Topic] | None = None) -> int:
    """Matches the whole catalogue; how many papers there are."""
    ids = list(Paper.objects.values_list("pk", flat=True))
    classify_papers(ids, topics)
    tallies.fold()
    page_store.renew()
    return len(ids)


@transaction.atomic
def _classify_chunk(paper_ids: tuple[int, ...], asked: list[Sorter], *, is_whole: bool = False) -> None:
    """``is_whole``: all topics are asked, so that nothing is left to sort."""
    if is_whole:
        # First, so that a change while this runs marks the paper again.
        Paper.objects.filter(pk__in=paper_ids).update(needs_sorting=False)
    verdicts = _verdicts(documents.of(paper_ids), asked)
    _keep_verdicts(paper_ids, {sorter.topic_id for sorter in asked}, verdicts)
    _take_the_rest(paper_ids)


def _verdicts(held: list[Record], asked: list[Sorter]) -> dict[tuple[int, int], str]:
    """Why papers belong to topics, by paper and topic. A topic is about a subject: names are no words of it."""
    papers = matching.Papers(held, names=False)
    categories = {record.paper_id: frozenset(map(str.casefold, record.categories)) for record in held}
    return {
        (pk, sorter.topic_id): why[:200] for sorter in asked for pk, why in sorter.verdicts(papers, categories).items()
    }


def _take_the_rest(paper_ids: tuple[int, ...]) -> None:
    """Papers that belong to no topic go to the one that takes the rest, where there is one."""
    rest = Topic.objects.filter(is_catch_all=True).first()
    if rest is None:
        return
    others = PaperTopic.objects.filter(paper_id__in=paper_ids, belongs=True).exclude(topic=rest)
    sorted_elsewhere = set(others.values_list("paper_id", flat=True))
    verdicts = {(pk, rest.pk): "no other topic" for pk in paper_ids if pk not in sorted_elsewhere}
    _keep_verdicts(paper_ids, {rest.pk}, verdicts)


def _keep_verdicts(paper_ids: tuple[int, ...], topic_ids: set[int], verdicts: dict[tuple[int, int], str]) -> None:
    """Writes what the searches say; what a curator or a source says stays."""
    held = PaperTopic.objects.filter(paper_id__in=paper_ids, topic_id__in=topic_ids)
    decided = {(row.paper_id, row.topic_id): row for row in held}
    stale = {
        row.pk
        for pair, row in decided.items()
        if row.origin == PaperTopic.Origin.SEARCH and verdicts.get(pair) != row.why
    }
    if stale:
        PaperTopic.objects.filter(pk__in=stale).delete()
    kept = {pair for pair, row in decided.items() if row.pk not in stale}
    new = {pair: why for pair, why in verdicts.items() if pair not in kept}
    PaperTopic.objects.bulk_create(
        [
            PaperTopic(paper_id=paper_id, topic_id=topic_id, origin=PaperTopic.Origin.SEARCH, why=why)
            for (paper_id, topic_id), why in new.items()
        ],
        ignore_conflicts=True,
    )
    # A verdict with other words for it is the same verdict.
    gone = {pair for pair, row in decided.items() if row.pk in stale}
    revisions.mark(paper_id for paper_id, _ in gone ^ new.keys())


def keep_source_topics(slugs_by_paper: Mapping[int, Iterable[str]]) -> set[int]:
    """Topics that a source itself names; the papers that got a new one. Unknown slugs are left out."""
    wanted_slugs = {slug for slugs in slugs_by_paper.values() for slug in slugs}
    if not wanted_slugs:
        return set()
    topic_ids = dict(Topic.objects.filter(slug__in=wanted_slugs).values_list("slug", "pk"))
    wanted = {
        (paper_id, topic_ids[slug]) for paper_id, slugs in slugs_by_paper.items() for slug in slugs if slug in topic_ids
    }
    fixed = PaperTopic.objects.filter(paper_id__in=list(slugs_by_paper)).exclude(origin=PaperTopic.Origin.SEARCH)
    held = set(fixed.values_list("paper_id", "topic_id"))
    new = sorted(wanted - held)
    PaperTopic.objects.bulk_create(
        [
            PaperTopic(paper_id=paper_id, topic_id=topic_id, origin=PaperTopic.Origin.SOURCE)
            for paper_id, topic_id in new
        ],
        update_conflicts=True,
        unique_fields=["paper", "topic"],
        update_fields=["origin", "why"],
    )
    papers = {paper_id for paper_id, _ in new}
    revisions.mark(papers)
    return papers
