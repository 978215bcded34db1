"""arXiv's daily feeds: what one evening announced, an archive or category a request.

A feed holds 2,000 entries at most, and cuts the new ones first; so each archive is asked alone,
and where it is that full, each of its categories.
"""

from papersite.catalogue.sources.arxiv import atom
from papersite.catalogue.sources.http import Answer, SourceClient
from papersite.catalogue.sources.records import Rejected, SourcePaper

FULL = 2000


def fetch(client: SourceClient, subject: str, etag: str = "") -> tuple[Answer, atom.Feed | None]:
    """The answer for an archive or category, and its feed; None where nothing changed since ``etag``."""
    answer = client.get(f"/atom/{subject}", headers={"If-None-Match": etag} if etag else {})
    if answer.is_unchanged:
        return answer, None
    return answer, atom.read_feed(answer.body, origin=answer.url)


def is_full(records: tuple[SourcePaper | Rejected, ...]) -> bool:
    return len(records) >= FULL
