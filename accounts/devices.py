"""Browsers in which somebody signed in before: a stranger's tries use up nothing of theirs.

A device holds a signed cookie, as OWASP's "device cookies" do: a name of its own, and a hash of each address
that signed in there. Nothing is stored here, and nobody is signed in by it.
"""

from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

COOKIE = "device"
SALT = "accounts.device"
# In seconds: a year.
GOOD_FOR = 365 * 24 * 3600
# A shared browser; the earliest makes room.
ADDRESSES = 5


def name_of(request: HttpRequest, address: str) -> str:
    """The device's own name if this address signed in on it, else ""."""
    name, addresses = _read(request)
    return name if _hashed(address) in addresses else ""


def remember(request: HttpRequest, response: Any, address: str) -> None:
    """Writes down that an address has signed in here."""
    name, addresses = _read(request)
    known = [*(one for one in addresses if one != _hashed(address)), _hashed(address)][-ADDRESSES:]
    response.set_cookie(
        COOKIE,
        signing.dumps([name or token_urlsafe(12), known], salt=SALT),
        max_age=GOOD_FOR,
        # No page of the catalogue needs it.
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        name, addresses = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return "", []
    return name, addresses


def _hashed(address: str) -> str:
    return salted_hmac(SALT, address.lower(), algorithm="sha256").hexdigest()[:24]
