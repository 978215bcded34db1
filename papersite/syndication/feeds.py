"""How feeds and other files go out: those for everybody as shared pages, those of one reader to that reader."""

import gzip
import hashlib
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import quote_etag

from papersite.syndication import atom
from papersite.web import streams
from papersite.web.etags import is_known
from papersite.web.headers import PRIVATE

ATOM = "application/atom+xml; charset=utf-8"
PACKED_AT_LEVEL = 6


def tag(since: datetime, of: str) -> str:
    """A name that outlives every address of what it names (RFC 4151).

    ``since`` is a moment in a year in which the site's host was the site's, and never changes for one thing.
    """
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{since.year}:{of}"


def public(request: HttpRequest, feed: atom.Feed) -> HttpResponse:
    """For everybody; what keeps it and packs it are the shared pages around it."""
    return unless_known(request, atom.write(feed), ATOM)


def private(request: HttpRequest, feed: atom.Feed) -> HttpResponse:
    """For one reader, whose key opened it: their program may keep it, and asks each time whether it still holds."""
    return unless_known(request, atom.write(feed), ATOM, is_private=True)


def page_of[Row](request: HttpRequest, rows: QuerySet[Any, Row], size: int) -> "Page[Row]":
    """The page of a private list that ``?page=`` asks for, the first where that is none: in one query."""
    written = request.GET.get("page", "")
    number = int(written) if written.isascii() and written.isdigit() and 0 < len(written) < 7 else 1
    number = max(number, 1)
    found = list(rows[(number - 1) * size : number * size + 1])
    return Page(number, found[:size], has_next=len(found) > size)


class Page[Row](NamedTuple):
    number: int
    rows: list[Row]
    has_next: bool

    def links(self, address: str) -> dict[str, str]:
        """What a feed says of its own pages (RFC 5005, 3)."""
        return {
            "itself": address if self.number == 1 else f"{address}?page={self.number}",
            "first": "" if self.number == 1 else address,
            "next": f"{address}?page={self.number + 1}" if self.has_next else "",
        }


def unless_known(request: HttpRequest, body: bytes, content_type: str, *, is_private: bool = False) -> HttpResponse:
    """The body under its ETag, or 304 where whoever asks has it already (RFC 9110, 13.1.2)."""
    # The shared pages ask for it plain, and pack it themselves.
    is_packed = streams.is_packed(request)
    digest = hashlib.sha256(body).hexdigest()[:32]
    etag = quote_etag(f"{digest}-gzip" if is_packed else digest)
    if is_known(request, etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        told = gzip.compress(body, PACKED_AT_LEVEL, mtime=0) if is_packed else body
        response = HttpResponse(told, content_type=content_type)
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = etag
    if is_private:
        response.headers["Cache-Control"] = PRIVATE
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return streams.varying(response)
