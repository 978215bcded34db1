"""Hugging Face's daily papers: the JSON array of ``GET /api/daily_papers``.

Almost every field may be missing, and missing is not zero. Two moments are called
``publishedAt``: the paper's own is arXiv's, the outer one is the listing's. The day
on the list is ``submittedOnDailyAt``.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from papersite.catalogue.records import Rejected, SourceError, SourcePaper
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.text import arxiv_id, count, excerpt, moment, repository_url, text, web_url

# The largest page that is given; a full day has had 92 papers.
PAGE_SIZE = 100
MAX_PAGES = 20


def read(lines: Iterable[str], *, origin: str) -> Iterator[SourcePaper | Rejected]:
    """The records of one answer. Raises SourceError where it is not a JSON array."""
    try:
        entries = json.loads("".join(lines))
    except (json.JSONDecodeError, RecursionError) as error:
        raise SourceError(f"{origin}: not JSON, or cut short ({error})") from error
    if not isinstance(entries, list):
        raise SourceError(f"{origin}: not a list of daily papers")
    for number, entry in enumerate(entries, start=1):
        yield record(entry, f"{origin}, entry {number}")


def fetch(client: SourceClient, day: date) -> Iterator[SourcePaper | Rejected]:
    """The papers of one day's list, page by page. Raises SourceError where an answer is none."""
    for page in range(MAX_PAGES):
        params = {"date": day.isoformat(), "limit": PAGE_SIZE, "p": page}
        found = list(read([client.get("/api/daily_papers", params).text], origin=f"daily papers of {day}, page {page}"))
        yield from found
        if len(found) < PAGE_SIZE:
            return


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
    listed_at = moment(paper.get("submittedOnDailyAt")) or moment(entry.get("publishedAt"))
    summary = text(paper.get("ai_summary"))
    abstract = text(paper.get("summary")) or text(entry.get("summary"))
    return SourcePaper(
        place=place,
        title=title,
        abstract=abstract,
        summary=summary,
        summary_by=(text(paper.get("ai_summary_model")) or "Hugging Face") if summary else "",
        arxiv_id=identifier,
        authors=tuple(_names(paper.get("authors"))),
        code_url=repository_url(text(paper.get("githubRepo"))) or repository_url(abstract),
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
