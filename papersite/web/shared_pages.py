"""Pages that everybody who is not signed in is shown alike, made once for all of them.

Whoever brings the cookie of a session, or a message that waits for them, gets a page of their own. All others get
the shared one: it was made from a request that holds nothing of theirs, sets no cookie and has no token in it, so
that it may be packed (nothing secret stands beside what a stranger typed), and kept by anybody.

It is made by one and never by a crowd: whoever asks meanwhile waits for it, and one that grew old is shown once
more while a thread makes the next.
"""

import io
import logging
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.urls import Resolver404, resolve

from papersite.cache import Away
from papersite.web import page_store
from papersite.web.page_store import Finished, store

logger = logging.getLogger(__name__)

# Cookies that say how a page is wanted, and what they may say.
PREFERENCES = {"view": frozenset({"compact", "detailed"})}
PERSONAL_COOKIES = ("messages",)
# Of a stranger's request: where it came to and from which network, which searches are counted by.
KEPT = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"})
LONGEST = 1000
# In seconds: how long somebody waits for a page that another is making, and how long that may take.
PATIENCE = 20.0
RENEWED_WITHIN = 30
RENEWERS = 2
_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


class Policy(NamedTuple):
    """Which parameters of the address a page knows, and whether htmx gets a piece of it."""

    parameters: frozenset[str]
    has_pieces: bool


def shared(*parameters: str, has_pieces: bool = False) -> Callable[[Any], Any]:
    """Marks a view whose page is the same for all who are not signed in.

    It knows these parameters; any other changes nothing of it. ``has_pieces``: htmx gets another answer.
    """

    def mark(view: Any) -> Any:
        view.shared_policy = Policy(frozenset(parameters), has_pieces)
        return view

    return mark


class SharedPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._flights: dict[str, Flight] = {}
        self._lock = threading.Lock()
        self._renewers = threading.Semaphore(RENEWERS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        policy = policy_of(request.path_info) if _is_strangers(request) else None
        if policy is None or len(request.META.get("QUERY_STRING", "")) > LONGEST:
            return self._past(request)
        # Raises where the host is none of ours, as the views would.
        request.get_host()
        asked = Asked.of(request, policy)
        page = store.get(asked.key, is_shared=asked.is_shared) if settings.PAGES_FRESH_SECONDS else None
        if page is None:
            found = self._made(asked)
            if not isinstance(found, Finished):
                old = store.last(asked.key, is_shared=asked.is_shared) if found.status_code == 503 else None
                if old is None:
                    return found
                # The database is away: what it last said is better than nothing.
                found = old
            page = found
        elif not store.is_fresh(page, settings.PAGES_FRESH_SECONDS):
            self._renew(asked)
        return answer(request, page, policy)

    def _past(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and request.path_info.startswith("/admin/") and response.status_code < 400:
            # Whatever a curator does is seen at once.
            page_store.empty()
        return response

    def _made(self, asked: "Asked") -> "Finished | HttpResponseBase":
        """The page, made by whoever comes first; what is no page for all goes to its own stranger alone."""
        with self._lock:
            flight = self._flights.get(asked.key)
            is_mine = flight is None
            if flight is None:
                flight = self._flights[asked.key] = Flight()
        if not is_mine:
            flight.done.wait(PATIENCE)
            return flight.page or self.get_response(asked.request())
        try:
            found = self._make(asked)
            flight.page = found if isinstance(found, Finished) else None
            return found
        finally:
            with self._lock:
                del self._flights[asked.key]
            flight.done.set()

    def _make(self, asked: "Asked") -> "Finished | HttpResponseBase":
        # Before, so that what changes meanwhile makes the page an old one.
        marks = store.marks()
        response = self.get_response(asked.request())
        if not is_for_all(response):
            return response
        assert isinstance(response, HttpResponse)
        page = page_store.finish(response.content, response.headers["Content-Type"], marks)
        if settings.PAGES_FRESH_SECONDS:
            store.put(asked.key, page, is_shared=asked.is_shared)
        return page

    def _renew(self, asked: "Asked") -> None:
        """In the background, by one thread of one process."""
        if asked.key in self._flights or not self._renewers.acquire(blocking=False):
            return
        try:
            is_first = cache.add(f"{page_store.name_of(asked.key)}:renewed", 1, timeout=RENEWED_WITHIN)
        except Away:
            is_first = True
        if is_first:
            in_background(lambda: self._renewed(asked))
        else:
            self._renewers.release()

    def _renewed(self, asked: "Asked") -> None:
        try:
            self._made(asked)
            cache.delete(f"{page_store.name_of(asked.key)}:renewed")
        except Away:
            logger.warning("pages.cache_is_away")
        finally:
            self._renewers.release()


def in_background(job: Callable[[], None]) -> None:
    def run() -> None:
        try:
            job()
        finally:
            connections.close_all()

    threading.Thread(target=run, name="renews a page", daemon=True).start()


class Flight:
    """A page that is being made."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.page: Finished | None = None


class Asked(NamedTuple):
    """What a stranger wants, without anything of the stranger."""

    key: str
    query: str
    wanted: str
    """The cookies that say how."""
    piece: str
    meta: dict[str, Any]

    @classmethod
    def of(cls, request: HttpRequest, policy: Policy) -> "Asked":
        meta = request.META
        query = wanted = piece = ""
        if meta.get("QUERY_STRING"):
            query = urlencode(sorted((name, told) for name in policy.parameters if (told := request.GET.get(name))))
        if meta.get("HTTP_COOKIE"):
            cookies = ((name, request.COOKIES.get(name, "")) for name in PREFERENCES)
            wanted = "; ".join(f"{name}={told}" for name, told in cookies if told in PREFERENCES[name])
        if policy.has_pieces and "HTTP_HX_REQUEST" in meta:
            piece = "whole" if meta.get("HTTP_HX_HISTORY_RESTORE_REQUEST") == "true" else "piece"
        return cls(f"{request.path_info}?{query}|{wanted}|{piece}", query, wanted, piece, meta)

    @property
    def is_shared(self) -> bool:
        """With the other processes, where there is a server for it."""
        return not self.query and not self.piece

    def request(self) -> HttpRequest:
        """The request that every stranger who wants this might have sent."""
        kept = {name: value for name, value in self.meta.items() if not name.startswith("HTTP_") or name in KEPT}
        if self.piece:
            restores = {"HTTP_HX_HISTORY_RESTORE_REQUEST": "true"} if self.piece == "whole" else {}
            kept |= {"HTTP_HX_REQUEST": "true", **restores}
        if self.wanted:
            kept["HTTP_COOKIE"] = self.wanted
        plain = {"REQUEST_METHOD": "GET", "QUERY_STRING": self.query, "CONTENT_LENGTH": "", "wsgi.input": io.BytesIO()}
        # Django puts the decoded path where a server puts its bytes (PEP 3333), and would decode it once more.
        plain |= {"PATH_INFO": self.meta["PATH_INFO"].encode(errors="replace").decode("latin-1")}
        return WSGIRequest(kept | plain)


def _is_strangers(request: HttpRequest) -> bool:
    if request.method not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in request.META:
        return False
    # A machine that wants no page is told what is wrong in its own words.
    if request.META.get("HTTP_ACCEPT", "").startswith("application/json"):
        return False
    if not request.META.get("HTTP_COOKIE"):
        return True
    return not any(name in request.COOKIES for name in (settings.SESSION_COOKIE_NAME, *PERSONAL_COOKIES))


@lru_cache(maxsize=10_000)
def policy_of(path: str) -> Policy | None:
    """That of the view behind an address; None where its pages are not for all."""
    try:
        return getattr(resolve(path).func, "shared_policy", None)
    except Resolver404:
        return None


def is_for_all(response: HttpResponseBase) -> bool:
    """Whether it is a whole page that was made for nobody in particular."""
    is_page = isinstance(response, HttpResponse) and response.status_code == 200 and not response.cookies
    return is_page and not response.has_header("Cache-Control") and not response.has_header("Content-Encoding")


def answer(request: HttpRequest, page: Finished, policy: Policy) -> HttpResponse:
    is_packed = takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    # What is packed otherwise is another thing to a cache that compares byte by byte.
    etag = f"{page.digest}-gzip" if is_packed else page.digest
    if (known := request.META.get("HTTP_IF_NONE_MATCH")) and (known.strip() == "*" or etag in _ETAG.findall(known)):
        response: HttpResponse = HttpResponseNotModified()
    else:
        body = page.packed if is_packed else page.body
        response = HttpResponse(b"" if request.method == "HEAD" else body, content_type=page.content_type)
        response.headers["Content-Length"] = str(len(body))
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = f'"{etag}"'
    response.headers["Cache-Control"] = f"public, max-age={settings.PAGES_FRESH_SECONDS}"
    response.headers["Vary"] = "Cookie, Accept-Encoding, HX-Request" if policy.has_pieces else "Cookie, Accept-Encoding"
    return response


@lru_cache(maxsize=1000)
def takes_gzip(accepted: str) -> bool:
    """What is said of gzip itself counts before what is said of all others (RFC 9110, 12.5.3)."""
    told: dict[str, str] = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        told[name.strip()] = weight.replace(" ", "")
    return told.get("gzip", told.get("*", "q=0")) not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
