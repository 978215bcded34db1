"""How well promise finds what readers will want, before anyone has voted.

    uv run --all-groups python tests/bench/promise.py FOLDER --from DAY [--until DAY] [--weekly]

FOLDER holds ``arxiv*.jsonl`` (id, title, abstract, authors, categories, comments, first_seen) and
``labels.jsonl`` (id, featured), each also as ``.xz`` or ``.gz``. The site's own model learns from what was known
before DAY and orders each day from then on that has at least fifty papers and three featured ones. Prints what it
learned from, then the share of topics and of first-time authors among the first ten, then as JSON the days, the
share of featured papers among the first ten, the share of the featured ones in the first tenth, and of both what
chance has. ``--weekly`` learns anew each seven days, as beat does, and says so on a line of its own before.

What was tried on the papers of ``../shared/data/featured``: learned before July, September and November 2025, judged
on those months, 53 days on which chance has 0.048 and 0.10 (p10, r10pct; a difference of 0.02 is chance).

    0.330 0.544  logistic regression on words and pairs of words of title and abstract
    0.370 0.597  with categories, number of authors, lengths, links, a colon, what the remark says
    0.442 0.662  with how often the authors were wanted on days before; kept up over the judged days 0.445 0.677
    0.434 0.657  with each author as a word of their own
    0.445 0.664  with how often their fellow authors were wanted
    0.440 0.654  their history halving in 90 days (45: 0.434 0.645, 1,000: 0.445 0.654), smoothed by their papers
    0.436 0.656  papers halving in 60 days (150: 0.436 0.649)
    0.438 0.653  wanted papers weighed by their upvotes
    0.443 0.660  tightness 0.3; 3: 0.419 0.632
    0.436 0.620  words of the title half as much again; words of the abstract at 0.7: 0.438 0.655
    0.445 0.655  a step for each number of authors
    0.434 0.670  where in the day's numbers of arXiv a paper stands
    0.443 0.662  words weighed by naive Bayes
    0.447 0.677  number of authors by category
    0.438 0.682  the last four but naive Bayes, and fellow authors; at tightness 0.2: 0.440 0.671
    0.445 0.664  150 dimensions of words (singular values)
    0.443 0.663  what the site has: history, steps and number of authors by category, 20,000 words at most each

Checked on days on which nothing was chosen: from December 2025, 33 days, 0.488 0.614 where chance has 0.066; from
5 January 2026, 15 days, 0.473 0.622 (0.056; number of authors alone 0.240 0.364), learned anew each week 0.460 0.619.
Of its first ten then 55 % were of cs.CV (of all papers 36 %, of the featured ones 48 %), and 1 % by authors none of
whom was featured before (of all papers 54 %, of the featured ones 8 %): the great names stood first. So what a paper's
authors are known for counts in the heat for half a doubling of its odds at most (``MOST_OF_AUTHORS``); chosen on
October and November 2025, 36 days where chance has 0.070: p10, r10pct, the share by authors none of whom was
featured before (of the featured ones 12 %), by authors without any paper before (of the featured ones 2 %).

    0.519 0.587  2 % 0 %  all of it
    0.478 0.547  4 % 0 %  at most 1.0 of the logarithm of the odds
    0.458 0.517  6 % 0 %  0.5
    0.444 0.504  9 % 2 %  0.25; the site has 0.35
    0.419 0.501 15 % 2 %  none of it

On days on which it was not chosen, from December 2025: all of it 0.488 0.614 and 0 % by authors none of whom was
featured before (of the featured ones 8 %), at most 0.5 0.430 0.546 2 %, 0.25 0.424 0.529 4 %, none 0.415 0.511 8 %.

Also tried from July to November 2025, 95 days, a month at a time, each learned from what was known before it (p10,
r10pct, mean of average precision over days):

    0.483 0.626 0.496  the site
    0.474 0.630 0.498  papers of the first 45 days at 0.3, as their authors had no history yet
    0.476 0.622 0.492  tightness 0.25
    0.474 0.626 0.487  three to five letters of the title's words in a row; parts of coined names: 0.469 0.633 0.486

Whether a straight line holds it back: from October 2025 to January 2026, a month at a time, the mean of the four.

    0.503 0.612 0.525  the site
    0.508 0.627 0.527  boosted trees over the site's odds, its marks and 60 dimensions of words; both added: 0.503 0.618
"""

import argparse
import gzip
import json
import lzma
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from papersite.catalogue.promise import company, learning
from papersite.catalogue.promise.learning import Example
from papersite.catalogue.promise.model import Measure, loads
from papersite.catalogue.promise.sight import Seen
from papersite.catalogue.search.words import fold

OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".xz": lzma.open}
WEEK = timedelta(days=7)


def rows(folder: Path, pattern: str) -> Iterator[dict]:
    """The lines of all files of a name, packed or not."""
    for path in sorted(found for found in folder.glob(f"{pattern}.jsonl*") if found.suffix in {".jsonl", *OPENERS}):
        with OPENERS.get(path.suffix, open)(path, "rt", encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())


def read(folder: Path) -> list[Example]:
    featured = {row["id"]: date.fromisoformat(row["featured"]) for row in rows(folder, "labels")}
    papers = {row["id"]: row for row in rows(folder, "arxiv*")}
    return [
        Example(
            Seen(
                title=row["title"],
                abstract=row["abstract"] or "",
                comment=row.get("comments") or "",
                authors=[" ".join(fold(name).split()) for name in row["authors"]],
                categories=row["categories"],
            ),
            day=date.fromisoformat(row["first_seen"]),
            wanted_on=featured.get(pk),
        )
        for pk, row in papers.items()
    ]


def weekly(examples: Sequence[Example], begin: date) -> Measure:
    """Over the days from ``begin`` on, with a model that is learned anew each seven days."""
    scores: dict[int, float] = {}
    day, last = begin, max(one.day for one in examples)
    while day <= last:
        model = learning.learn(examples, day)
        scores |= {id(one.seen): model.odds(one.seen) for one in examples if day <= one.day < day + WEEK}
        day += WEEK
    judged = [one for one in examples if one.day >= begin]
    return learning.measure_of(judged, lambda seen: scores[id(seen)])


def line(found: Measure) -> str:
    told = {name: round(getattr(found, name), 3) for name in ("p10", "r10pct", "base")}
    return json.dumps({"days": found.days} | told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--from", dest="begin", type=date.fromisoformat, required=True)
    parser.add_argument("--until", type=date.fromisoformat, default=date.max)
    parser.add_argument("--weekly", action="store_true")
    asked = parser.parse_args()
    examples = [one for one in read(asked.folder) if one.day < asked.until]
    judged = [one for one in examples if one.day >= asked.begin]
    started = time.process_time()
    text = learning.learn(examples, asked.begin).dumps()
    seconds = time.process_time() - started
    model = loads(text)
    print(f"learned from {model.learned_from} papers in {seconds:.0f} s of processor, {len(text) / 1e6:.1f} MB")
    print(f"by number of authors: {line(learning.measure_of(judged, lambda seen: len(seen.authors)))}")
    scores = {"with promise": model.damped_odds, "with promise, names undamped": model.odds}
    for name, one in company.compare(examples, judged, scores).items():
        print(f"first ten {name}: {one}")
    print(f"as heat has it, names damped: {line(learning.measure_of(judged, model.damped_odds))}")
    if asked.weekly:
        print(f"learned anew each week: {line(weekly(examples, asked.begin))}")
    print(line(learning.measured(model, judged)))


if __name__ == "__main__":
    main()
