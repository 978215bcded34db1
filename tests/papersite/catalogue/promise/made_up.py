"""Papers of made-up days of which readers want those about agents by many authors, for tests of learning."""

from datetime import date, timedelta

from papersite.catalogue.promise.learning import Example
from papersite.catalogue.promise.sight import Seen

FIRST = date(2026, 9, 1)
SUBJECTS = ("routing", "lattices", "protein", "codes", "graphs", "speech", "kernels", "clouds", "queues")


def examples(days: int = 40, papers: int = 50) -> list[Example]:
    """A tenth of each day's papers is wanted, from the day after on."""
    return [
        _example(FIRST + timedelta(days=day), day * papers + number, is_wanted=number % 10 == 0)
        for day in range(days)
        for number in range(papers)
    ]


def _example(day: date, number: int, *, is_wanted: bool) -> Example:
    subject = SUBJECTS[number % 9]
    told = f"An open benchmark of agents for {subject}" if is_wanted else f"On {subject} with bounds, part {number}"
    names = [f"author {number % 97}", *(f"helper {number} {one}" for one in range(6 if is_wanted else 1))]
    seen = Seen(f"{subject}: {told}", f"We study {told}. The results hold.", authors=names, categories=["cs.AI"])
    return Example(seen, day, day + timedelta(days=1) if is_wanted else None)
