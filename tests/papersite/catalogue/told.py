"""Records as sources tell them, and a run that takes them in."""

from datetime import UTC, datetime
from typing import Any

from papersite.catalogue import ingest
from papersite.catalogue.sources.records import Rejected, SourcePaper
from tests.factories import NOW


def record(title: str = "First", **fields: Any) -> SourcePaper:
    return SourcePaper(place=title, **{"title": title, "abstract": "About it.", **fields})


def full_record() -> SourcePaper:
    return record(
        arxiv_id="2611.00001", authors=("Ada Byron", "Bo Díaz"), categories=("cs.LG", "cs.AI", "68T45"),
        topics=("graphs",), summary="In short.", hf_upvotes=7, announced_at=NOW, observed_at=NOW,
    )  # fmt: skip


def run(*records: SourcePaper | Rejected) -> str:
    return str(ingest.run(records, source="test"))


def told_by_arxiv(version: int, **fields: Any) -> SourcePaper:
    seen = datetime(2026, 11, version, tzinfo=UTC)
    return record(
        "First", source="arxiv", arxiv_id="2611.00001", observed_at=seen, announced_at=datetime(2026, 11, 1,
        tzinfo=UTC), **fields
    )  # fmt: skip
