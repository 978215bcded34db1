"""Hugging Face's daily papers: the JSON array of ``GET /api/daily_papers``.

Almost every field may be missing, and missing is not zero. Two moments are called
``publishedAt``: the paper's own is arXiv's, the outer one is the listing's. The day
on the list is ``submittedOnDailyAt``.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from papersite.catalogue.sources import json_list
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.links import repository_url, web_url
from papersite.catalogue.sources.records import Rejected, SourcePaper
from papersite.catalogue.sources.text import arxiv_id, count, excerpt, moment, text

# The largest page that is given; a full day has had 92 papers.
PAGE_SIZE = 100
# Of the summaries of a thousand papers all had half of their words in common with title and abstract, but for one of
# another paper, which had a quarter.
LEAST_OF_IT, FEWEST_SAID, FEWEST_HELD = 0.35, 10, 30
_LONG = re.compile(r"[^\W\d_]{4,}")
MAX_PAGES = 20


def read(pieces: Iterable[str], *, origin: str) -> Iterator[SourcePaper | Rejected]:
    """The records of one answer, one at a time. Raises SourceError where it is not a JSON array."""
    for number, entry in enumerate(json_list.entries(pieces, origin=origin), start=1):
        yield record(entry, f"{origin}, entry {number}")


def fetch(client: SourceClient, period: dict[str, str], now: datetime) -> Iterator[SourcePaper | Rejected]:
    """The papers of a list, page by page; ``period`` is ``date``, ``week`` or ``month`` with its value.

    Raises SourceError where an answer is none.
    """
    listed = " ".join(period.values())
    for page in range(MAX_PAGES):
        answer = client.get("/api/daily_papers", {**period, "limit": PAGE_SIZE, "p": page})
        origin = f"daily papers of {listed}, page {page}"
        found = list(read([answer.text], origin=origin))
        yield from (replace(one, observed_at=now) if isinstance(one, SourcePaper) else one for one in found)
        if len(found) < PAGE_SIZE:
            return


def period_of(value: str) -> dict[str, str]:
    """How a day, a week (2026-W20) or a month (2026-05) is asked for. Raises ValueError for anything else."""
    if re.fullmatch(r"[0-9]{4}-W[0-9]{2}", value):
        date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
        return {"week": value}
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", value):
        date.fromisoformat(f"{value}-01")
        return {"month": value}
    return {"date": date.fromisoformat(value).isoformat()}


def record(entry: Any, place: str) -> SourcePaper | Rejected:
    paper = entry.get("paper") if isinstance(entry, dict) else None
    if not isinstance(paper, dict):
        return Rejected(place, "it holds no paper", excerpt(json.dumps(entry)))
    title = text(paper.get("title")) or text(entry.get("title"))
    if not title.strip():
        return Rejected(place, "it has no title", excerpt(text(paper.get("id"))))
    identifier = arxiv_id(text(paper.get("id")))
    if not identifier:
        return Rejected(place, "its id is no arXiv id", excerpt(str(paper.get("id"))))
    organisation = paper.get("organization") or entry.get("organization")
    listed_at = moment(paper.get("submittedOnDailyAt")) or moment(entry.get("publishedAt"))
    abstract = text(paper.get("summary")) or text(entry.get("summary"))
    summary = _shorter(_of_it(text(paper.get("ai_summary")), f"{title} {abstract}"), abstract)
    return SourcePaper(
        place=place,
        source="huggingface",
        title=title,
        abstract=abstract,
        summary=summary,
        summary_by=(text(paper.get("ai_summary_model")) or "Hugging Face") if summary else "",
        keywords=_words(paper.get("ai_keywords")) if summary else (),
        arxiv_id=identifier,
        authors=tuple(_names(paper.get("authors"))),
        organisation=_organisation(organisation),
        code_url=repository_url(text(paper.get("githubRepo"))),
        project_url=web_url(paper.get("projectPage")),
        submitted_at=moment(paper.get("publishedAt")),
        announced_at=listed_at or moment(paper.get("publishedAt")),
        observed_at=listed_at,
        hf_upvotes=count(paper.get("upvotes")),
        hf_comments=count(entry.get("numComments")),
        github_stars=count(paper.get("githubStars")),
    )


def _names(authors: Any) -> Iterator[str]:
    """Authors that are not hidden, in order."""
    for author in authors if isinstance(authors, list) else ():
        if isinstance(author, dict) and not author.get("hidden") and (name := text(author.get("name"))):
            yield name


def _of_it(summary: str, whole: str) -> str:
    """A summary, unless hardly any of its words is in the title or abstract: now and then it is another paper's."""
    said, held = ({word[:5] for word in _LONG.findall(words.lower())} for words in (summary, whole))
    is_too_little = len(said) < FEWEST_SAID or len(held) < FEWEST_HELD
    return summary if is_too_little or len(said & held) >= LEAST_OF_IT * len(said) else ""


def _shorter(summary: str, abstract: str) -> str:
    """A summary, unless it is the abstract itself or most of it: then what a paper does would come last."""
    said, whole = summary.split(), abstract.split()
    return "" if whole[: len(said)] == said and 2 * len(said) > len(whole) else summary


def _words(value: Any) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, list) else ()


def _organisation(value: Any) -> str:
    return (text(value.get("fullname")) or text(value.get("name"))) if isinstance(value, dict) else ""
