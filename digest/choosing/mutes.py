"""Which papers mutes keep out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q

from papersite.catalogue.models import Authorship, PaperTopic

Target = tuple[str, Any]


def muted(
    targets: Iterable[Target], may_come: Q, find: Callable[[list[str]], Mapping[str, set[int]]]
) -> dict[Target, set[int]]:
    """Of the papers that may come, by ``paper``, those that each mute keeps out; ``find`` is asked for its searches."""
    found: dict[Target, set[int]] = {target: set() for target in targets}
    topics = [value for kind, value in found if kind == "topic"]
    authors = [value for kind, value in found if kind == "author"]
    searches = [str(value) for kind, value in found if kind == "search"]
    if topics:
        pairs = PaperTopic.objects.filter(may_come, topic__in=topics, belongs=True)
        _add(found, "topic", pairs.values_list("topic", "paper"))
    if authors:
        pairs_of_authors = Authorship.objects.filter(may_come, author__in=authors)
        _add(found, "author", pairs_of_authors.values_list("author", "paper"))
    if searches:
        found |= {("search", text): ids for text, ids in find(searches).items()}
    return found


def _add(found: dict[Target, set[int]], kind: str, pairs: Iterable[tuple[int, int]]) -> None:
    for value, paper_id in pairs:
        found[kind, value].add(paper_id)
