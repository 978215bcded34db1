"""Who stands among a day's first ten: whether one topic or the great names take all. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from papersite.catalogue.promise.learning import Example, judged_days
from papersite.catalogue.promise.sight import Seen


class Company(NamedTuple):
    """Shares among some papers of each day, in the mean over the days."""

    commonest: str
    """The first category that most of them have."""
    of_commonest: float
    categories: float
    """How many first categories they have."""
    first_time: float
    """Of papers by authors none of whom had a paper in the catalogue before."""
    unproven: float
    """Of papers by authors none of whom had a paper that readers wanted."""

    def __str__(self) -> str:
        return (
            f"{self.commonest} {self.of_commonest:.0%}, {self.categories:.1f} first categories, "
            f"by first-time authors {self.first_time:.0%}, by none who was wanted before {self.unproven:.0%}"
        )


def compare(
    examples: Sequence[Example], since: Iterable[Example], scores: Mapping[str, Callable[[Seen], float]]
) -> dict[str, Company]:
    """The first ten by each score, the first ten as they came, and all, over the days that may be judged."""
    days = judged_days(since)
    begins = min((papers[0].day for papers in days), default=None)
    if begins is None:
        return {}
    earlier = [one for one in examples if one.day < begins]
    known = {author for one in earlier for author in one.seen.authors}
    wanted = {author for one in earlier if one.wanted_on is not None for author in one.seen.authors}
    first = {
        name: [sorted(papers, key=lambda one: -score(one.seen))[:10] for papers in days]
        for name, score in scores.items()
    }
    return {name: _company(papers, known, wanted) for name, papers in first.items()} | {
        "without": _company([papers[:10] for papers in days], known, wanted),
        "if all of the day were": _company(days, known, wanted),
        "if all that was wanted were": _company(
            [[one for one in papers if one.wanted_on is not None] for papers in days], known, wanted
        ),
    }


def _company(days: Sequence[Sequence[Example]], known: set[str], wanted: set[str]) -> Company:
    counted = [Counter(one.seen.categories[0] for one in papers if one.seen.categories) for papers in days]
    commonest = max(sum(counted, Counter[str]()).items(), key=lambda pair: (pair[1], pair[0]), default=("none", 0))[0]
    papers = [[set(one.seen.authors) for one in papers] for papers in days]
    return Company(
        commonest,
        fmean(counts[commonest] / len(day) for counts, day in zip(counted, days, strict=True)),
        fmean(len(counts) for counts in counted),
        fmean(sum(known.isdisjoint(one) for one in day) / len(day) for day in papers),
        fmean(sum(wanted.isdisjoint(one) for one in day) / len(day) for day in papers),
    )
