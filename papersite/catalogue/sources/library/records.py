"""The plain entry between a reference manager's file and whoever wants to know what stands in it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One reference as its file tells it; texts still hold their TeX. Empty and None mean "not told".

    ``arxiv_id`` stood where an identifier stands; ``maybe_arxiv_id`` in a remark, which may speak of another paper.
    ``authors`` are as they are spoken, "Ada Byron". ``remark`` is the paper's own, ``note`` the reader's.
    """

    place: str
    title: str = ""
    authors: tuple[str, ...] = ()
    has_more_authors: bool = False
    year: int | None = None
    on: date | None = None
    arxiv_id: str = ""
    maybe_arxiv_id: str = ""
    doi: str = ""
    journal: str = ""
    abstract: str = ""
    remark: str = ""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    note: str = ""
    is_read: bool = False
    read_at: datetime | None = None
    added_at: datetime | None = None
