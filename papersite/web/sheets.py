"""Readers' pages, printed once for all readers with gaps, which each reader's request fills with what is their own.

A sheet is made from a request that holds nothing of anybody's, by a user who is nobody; where a page says what one
reader did, a template leaves a gap. It is kept in this process's memory as long as a stranger's page would be. For
each request the kinds of gaps look up what is so for its reader, one query a kind; tokens against forged forms are
put in last. What curators see is always made anew, and so is a page on which a message waits.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString

from papersite.web.page_store import STALE, Marks, Memory, store
from papersite.web.shared_pages import Asked, is_for_all, policy_of
from papersite.web.viewing import COOKIE

MEMORY_BYTES = 24_000_000
# Of one gap, so many ways to fill it are remembered: a vote more or less, followed or not.
REMEMBERED = 8
# No page says these by itself, whatever was typed into it.
TOKEN = f"\x02{secrets.token_hex(16)}\x03"
_TOKEN = TOKEN.encode()

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Kind:
    """What fills the gaps of one kind."""

    states: Callable[[Any, Sequence[Any]], Sequence[Hashable]]
    """Of a reader and the subjects of gaps: what is so for the reader of each. Asks the database once."""
    words: Callable[[Any, Any], str]
    """Of a subject and what is so of it: the HTML, with TOKEN for a token."""


@dataclass
class Gap:
    kind: Kind
    subject: Any
    said: dict[Hashable, bytes] = field(default_factory=dict)

    def words(self, state: Hashable) -> bytes:
        said = self.said.get(state)
        if said is None:
            if len(self.said) >= REMEMBERED:
                self.said.clear()
            said = self.said[state] = self.kind.words(self.subject, state).encode()
        return said


class Gaps:
    """Those of a sheet that is being made, in the order in which templates leave them."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(16)
        self.left: list[Gap] = []

    def leave(self, kind: Kind, subject: Any) -> SafeString:
        """What a template puts where the gap is."""
        self.left.append(Gap(kind, subject))
        return SafeString(f"\x02{self.mark}.{len(self.left) - 1}\x03")


def gaps_of(request: HttpRequest | None) -> Gaps | None:
    """Where a page is being made for no reader in particular."""
    return getattr(request, "gaps", None)


class Sheet:
    """A page as pieces: bytes that are the same for all readers, and between them gaps."""

    def __init__(self, body: bytes, content_type: str, gaps: Gaps, marks: Marks) -> None:
        found = re.split(rb"\x02" + gaps.mark.encode() + rb"\.([0-9]+)\x03", body)
        self.pieces = found
        # A template may have dropped a gap, or shown it twice.
        self.gaps = [(place, gaps.left[int(found[place])]) for place in range(1, len(found), 2)]
        self.by_kind: dict[Kind, list[tuple[int, Gap]]] = {}
        for place, gap in self.gaps:
            self.by_kind.setdefault(gap.kind, []).append((place, gap))
        self.content_type = content_type
        self.made_at = time.time()
        self.marks = marks
        self.size = 2 * len(body) + 1000

    def is_usable(self) -> bool:
        """Whether it may still be shown, if only while the next is made."""
        return self.marks.emptied == store.marks().emptied and time.time() - self.made_at < STALE

    def filled(self, request: HttpRequest) -> HttpResponse:
        """The page of the reader who asks."""
        pieces = self.pieces.copy()
        for kind, gaps in self.by_kind.items():
            states = kind.states(request.user, [gap.subject for _, gap in gaps])
            for (place, gap), state in zip(gaps, states, strict=True):
                pieces[place] = gap.words(state)
        body = b"".join(pieces)
        if _TOKEN in body:
            body = body.replace(_TOKEN, get_token(request).encode())
        return HttpResponse(body, content_type=self.content_type)


sheets: Memory[Sheet] = Memory(MEMORY_BYTES)
_printing: set[str] = set()
_lock = threading.Lock()


def on_a_sheet(view: View) -> View:
    """A view whose page is the same for all readers but for gaps and tokens; stands within ``shared``."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = policy_of(request.path_info) if settings.PAGES_FRESH_SECONDS and _is_for(request) else None
        if policy is None:
            return view(request, *args, **kwargs)
        asked = Asked.of(request, policy)
        sheet = sheets.get(asked.key)
        if sheet is None or not store.is_fresh(sheet, settings.PAGES_FRESH_SECONDS):
            made = _printed(asked, lambda blank: view(blank, *args, **kwargs))
            # While another thread makes the next, an old one will do, but none that a curator ended.
            sheet = made or (sheet if sheet is not None and sheet.is_usable() else None)
        return view(request, *args, **kwargs) if sheet is None else sheet.filled(request)

    return answer


def _is_for(request: HttpRequest) -> bool:
    """Whether somebody asks who has gaps of their own alone."""
    if request.method != "GET" or COOKIE in request.GET:
        return False
    return request.user.is_authenticated and not request.user.is_staff and not len(get_messages(request))


def _printed(asked: Asked, make: Callable[[HttpRequest], HttpResponseBase]) -> Sheet | None:
    """A new sheet, kept; None where another thread is at it, or what came of it is no page for all readers."""
    with _lock:
        if asked.key in _printing:
            return None
        _printing.add(asked.key)
    try:
        marks, gaps = store.marks(), Gaps()
        blank: Any = asked.request()
        blank.user, blank.gaps = _nobody(), gaps
        response = make(blank)
        if not is_for_all(response):
            return None
        assert isinstance(response, HttpResponse)
        sheet = Sheet(response.content, response.headers["Content-Type"], gaps, marks)
        sheets.put(asked.key, sheet)
        return sheet
    finally:
        with _lock:
            _printing.discard(asked.key)


@lru_cache(maxsize=1)
def _nobody() -> Any:
    """A reader who did nothing: no row has this number."""
    return get_user_model()(pk=0)
