"""How long a record takes to be read: TeX, names, links, MathML and excerpt. Milliseconds of CPU a record.

    uv run --all-groups python tests/bench/reading.py [PATH]

PATH is a file of jsonl, by default arXiv's papers beside the project.
"""

import gzip
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "papersite.settings")

import django

django.setup()

from papersite.catalogue.reading import cleaning, readable
from papersite.catalogue.sources import jsonl
from papersite.catalogue.sources.records import SourcePaper

PAPERS = Path(__file__).resolve().parents[3] / "shared/data/arxiv/arxiv_cs_2025_2026.jsonl.gz"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PAPERS
    with gzip.open(path, "rt") as file:
        records = [jsonl.record(json.loads(line), "here") for line in file]
    papers = [record for record in records if isinstance(record, SourcePaper)]
    now = datetime.now(UTC)
    start = time.process_time()
    for paper in papers:
        clean = cleaning.clean(paper, now)
        assert isinstance(clean, SourcePaper)
        readable.excerpt(clean.summary, clean.source_abstract or clean.abstract, clean.title)
    spent = (time.process_time() - start) / len(papers) * 1000
    print(f"{len(papers)} records, {spent:.3f} ms a record")
    for field in ("abstract", "comment", "title", "journal_ref", "doi", "organisation"):
        for piece in (
            "$x^2$ ",
            "{",
            "\\emph{a ",
            "a.",
            "$\\frac{",
            "<sub>",
            "~a",
            "github.com/a",
            "10.1/",
            "--",
            "abc.De ",
            "abc.D",
        ):
            whole = SourcePaper("here", **{"title": "T", "abstract": "A.", field: piece * (100_000 // len(piece))})  # type: ignore[arg-type]
            start = time.process_time()
            cleaning.clean(whole, now)
            if (took := (time.process_time() - start) * 1000) > 25:
                print(f"100 kB of {piece!r} in {field}: {took:.0f} ms")


if __name__ == "__main__":
    main()
