"""The plain records between a source and the catalogue."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SourcePaper:
    """A paper as one source tells it. Empty and None mean "not told", never "none"."""

    place: str
    title: str
    abstract: str = ""
    summary: str = ""
    summary_by: str = ""
    arxiv_id: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    comment: str = ""
    code_url: str = ""
    project_url: str = ""
    submitted_at: datetime | None = None
    announced_at: datetime | None = None
    observed_at: datetime | None = None
    hf_upvotes: int | None = None
    hf_comments: int | None = None
    github_stars: int | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be used, where it stands and why."""

    place: str
    reason: str
    excerpt: str = ""


class SourceError(Exception):
    """A source as a whole cannot be read. The message is one line for the person who named it."""
