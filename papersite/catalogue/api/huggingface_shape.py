"""A paper as Hugging Face's daily papers show it (huggingface_hub, ``PaperInfo``; facts of the live service).

What nobody knows is left out: its readers take a missing number for unknown and 0 for none.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from papersite import links
from papersite.catalogue.models import Paper

Shape = dict[str, Any]


def entry(paper: Paper, names: Sequence[str]) -> Shape:
    """One of a list: the paper inside, and once more at the top what the client reads there alone."""
    inner = flat(paper, names)
    return {
        "paper": inner,
        "publishedAt": moment(paper.announced_at),
        "title": inner["title"],
        "summary": inner["summary"],
        "numComments": paper.hf_comments or 0,
        **_extras(paper),
    }


def flat(paper: Paper, names: Sequence[str]) -> Shape:
    """A paper alone, with the names of its authors."""
    return {
        "id": paper.public_id,
        "authors": [{"name": name, "hidden": False} for name in names],
        "publishedAt": moment(paper.submitted_at or paper.announced_at),
        "submittedOnDailyAt": moment(paper.announced_at),
        # As the source wrote it, TeX and all: so does the service whose shape this is.
        "title": paper.source_title or paper.title,
        "summary": paper.source_abstract or paper.abstract,
        **_extras(paper),
    }


def _extras(paper: Paper) -> Shape:
    known: Shape = {
        "ai_summary": paper.summary,
        "ai_summary_model": paper.summary_by if paper.summary else "",
        "ai_keywords": [str(word) for word in paper.keywords],
        "githubRepo": paper.code_url,
        "projectPage": paper.project_url,
        "organization": {"name": paper.organisation, "fullname": paper.organisation} if paper.organisation else None,
    }
    told = {name: value for name, value in known.items() if value}
    if paper.github_stars is not None:
        told["githubStars"] = paper.github_stars
    return told | {"upvotes": upvotes(paper)}


def upvotes(paper: Paper) -> int:
    """The votes here, or those it had where this site reads it if they are more. Not both: two sites that read
    each other would add up each other's for ever."""
    return max(paper.vote_count, paper.hf_upvotes or 0)


def moment(at: datetime) -> str:
    """Such as 2026-07-01T00:00:00.000Z, the one form that the client reads."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def markdown(paper: Paper, names: Sequence[str]) -> str:
    """The paper's page as Markdown, for programs that read."""
    told = [
        ("Authors", ", ".join(names)),
        ("Announced", f"{paper.announced_at:%Y-%m-%d}"),
        ("Categories", paper.primary_category.code if paper.primary_category else ""),
        ("Page", links.absolute(paper.get_absolute_url())),
        ("arXiv", paper.arxiv_url),
        ("PDF", paper.pdf_url),
        ("DOI", paper.doi_url),
        ("Code", paper.code_url),
        ("Project", paper.project_url),
    ]
    pieces = [
        f"# {_line(paper.source_title or paper.title)}",
        "\n".join(f"- {name}: {_line(value)}" for name, value in told if value),
    ]
    if paper.summary:
        by = f" (by {_line(paper.summary_by)})" if paper.summary_by else ""
        pieces.append(f"## Summary{by}\n\n{paper.summary.strip()}")
    if abstract := (paper.source_abstract or paper.abstract).strip():
        pieces.append(f"## Abstract\n\n{abstract}")
    return "\n\n".join(pieces) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
