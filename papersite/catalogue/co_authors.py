"""With whom an author writes, and what that tells of their name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber

from papersite.catalogue.models import Author, Authorship

# Of an author's newest papers, and of each those names only that come early: a collaboration of thousands costs
# no more than others.
PAPERS = 50
NAMES = 30
SHOWN = 12
# A name is likely several people's whose newest papers, so many at least, are by so many groups that have nobody in
# common, and every other by another one; and who wrote in front in papers of two of these groups: first, or second of
# more than three; of one where seven in ten of many papers are by a group each. Who heads several groups stands last.
# Of 44 thousand real papers groups alone would tell 2,857 names, of which half are of parts that hardly anybody bears,
# and so one person's; 1,367 wrote in front, and of these seven in ten are common.
COMPARED, FEWEST_PAPERS, FEWEST_GROUPS, FEWEST_IN_FRONT, MANY_PAPERS = 20, 5, 4, 2, 10
EARLY = 10
_ROW = ("author", "paper", "position")


def of(author: Author) -> list[Author]:
    """Those who share most of an author's newest papers, in two queries."""
    own = Authorship.objects.filter(author=author, paper__is_hidden=False).order_by("-paper__announced_at")
    papers = list(own.values_list("paper", flat=True)[:PAPERS])
    beside = Authorship.objects.filter(paper__in=papers, position__lt=NAMES).exclude(author=author).order_by()
    counted = beside.values_list("author", "author__name").annotate(count=Count("pk"), last=Max("paper"))
    return [Author(pk=pk, name=name) for pk, name, *_ in counted.order_by("-count", "-last", "author__name")[:SHOWN]]


def shared_names(author_ids: Collection[int]) -> set[int]:
    """The authors whose name is likely that of several people, in two queries."""
    if not author_ids:
        return set()
    place = Window(RowNumber(), partition_by=F("author"), order_by=F("paper").desc())
    own = Authorship.objects.filter(author__in=author_ids, paper__is_hidden=False).annotate(place=place)
    places: dict[int, dict[int, int]] = defaultdict(dict)
    for author, paper, position in own.filter(place__lte=COMPARED).order_by().values_list(*_ROW):
        places[author][paper] = position
    papers = {author: held for author, held in places.items() if _may_be_shared(held)}
    names: dict[int, set[int]] = defaultdict(set)
    every = {paper for held in papers.values() for paper in held}
    beside = Authorship.objects.filter(paper__in=every, position__lt=EARLY).order_by()
    for paper, author in beside.values_list("paper", "author") if every else ():
        names[paper].add(author)
    return {author for author, held in papers.items() if _is_shared(author, held, names)}


def _may_be_shared(places: Mapping[int, int]) -> bool:
    """Whether an author's places in their papers alone do not rule it out."""
    return len(places) >= FEWEST_PAPERS and any(place < 2 for place in places.values())


def _is_shared(author: int, places: Mapping[int, int], names: Mapping[int, set[int]]) -> bool:
    count = groups(names[paper] - {author} for paper in places)
    if count < FEWEST_GROUPS or 2 * count < len(places):
        return False
    fewest = 1 if len(places) >= MANY_PAPERS and 10 * count >= 7 * len(places) else FEWEST_IN_FRONT
    in_front = [paper for paper, place in places.items() if place == 0 or (place == 1 and len(names[paper]) > 3)]
    return groups(names[paper] - {author} for paper in in_front) >= fewest


def groups(papers: Iterable[Collection[int]]) -> int:
    """How many groups of people wrote these papers, where papers with anybody in common are one group's. Who wrote
    alone is of no group."""
    held: list[set[int]] = []
    for names in papers:
        if names:
            together = set(names)
            apart = []
            for group in held:
                if together.isdisjoint(group):
                    apart.append(group)
                else:
                    together |= group
            held = [*apart, together]
    return len(held)
