"""The plain records between a source and the catalogue."""

from dataclasses import dataclass
from datetime import datetime

ARXIV = "arxiv"


@dataclass(frozen=True, slots=True)
class SourcePaper:
    """A paper as one source tells it. Empty and None mean "not told", never "none".

    ``source`` is where the paper is known from, such as ``arxiv`` or ``huggingface``. ``versions``
    are pairs of a version's number and its moment. A record with ``is_deleted`` tells nothing else.
    Of a record that ``tells_all`` an empty comment, journal reference or DOI means that there is none.
    ``source_…`` and ``…_html`` are made while a record is cleaned, and empty where the text says it all.
    """

    place: str
    title: str
    source: str = ""
    abstract: str = ""
    summary: str = ""
    summary_by: str = ""
    keywords: tuple[str, ...] = ()
    arxiv_id: str = ""
    authors: tuple[str, ...] = ()
    has_more_authors: bool = False
    categories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    organisation: str = ""
    code_url: str = ""
    project_url: str = ""
    versions: tuple[tuple[int, datetime], ...] = ()
    is_withdrawn: bool | None = None
    is_deleted: bool = False
    tells_all: bool = False
    submitted_at: datetime | None = None
    announced_at: datetime | None = None
    observed_at: datetime | None = None
    hf_upvotes: int | None = None
    hf_comments: int | None = None
    github_stars: int | None = None
    source_title: str = ""
    source_abstract: str = ""
    source_comments: str = ""
    title_html: str = ""
    abstract_html: str = ""


@dataclass(frozen=True, slots=True)
class SourceRepository:
    """What GitHub tells of a repository, asked for by ``url``.

    ``full_url`` differs from ``url`` after a rename. ``stars`` is None where nothing has changed
    since ``etag``; ``week_stars``, those gained in seven days, where that was refused.
    """

    url: str
    full_url: str = ""
    stars: int | None = None
    week_stars: int | None = None
    is_archived: bool = False
    is_gone: bool = False
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be used, where it stands and why."""

    place: str
    reason: str
    excerpt: str = ""


class SourceError(Exception):
    """A source as a whole cannot be read. The message is one line for the person who named it."""
