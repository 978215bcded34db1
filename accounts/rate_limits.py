"""How many mails strangers may order, and passwords they may try.

Each purpose has budgets of its own, and so has each network that asks for an address: whoever types
somebody's address uses up neither their other ways in nor their own tries. All counts are of what was asked
for, so that they are the same for known and unknown addresses.
"""

import logging
from collections.abc import Iterator

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts import devices
from papersite.web.limits import wait_for
from papersite.web.rates import Rate

logger = logging.getLogger(__name__)

# One line in the log for each so many seconds of a flood.
WARN_AGAIN_AFTER = 600

Count = tuple[str, str, str, tuple[Rate, ...]]


def consume(request: HttpRequest, address: str, *, purpose: str) -> None:
    """Counts one mail to an address; refuses with a sentence for the reader where that is too many.

    The answer is then a 429 that says when to come back.
    """
    for kind, action, who, rates in _counts(request, address, purpose):
        if wait := wait_for(action, who, rates):
            if kind == "overall" and cache.add(f"overall-limit-told:{purpose}", True, timeout=WARN_AGAIN_AFTER):
                logger.warning("accounts.overall_limit_reached purpose=%s", purpose)
            request.wait_seconds = wait  # type: ignore[attr-defined]
            raise _refusal(kind)


def _counts(request: HttpRequest, address: str, purpose: str) -> Iterator[Count]:
    if device := devices.name_of(request, address):
        yield "address", "mail:device", f"{purpose} {device}", settings.MAILS_PER_DEVICE
        return
    network = get_adapter(request).get_client_ip(request)
    yield "address", "mail:address", f"{purpose} {address} {network}", settings.MAILS_PER_ADDRESS
    yield "network", "mail:network", network, settings.MAILS_PER_NETWORK
    yield "address", "mail:anywhere", f"{purpose} {address}", settings.MAILS_PER_ADDRESS_ANYWHERE
    yield "overall", "mail:overall", purpose, settings.MAILS_OVERALL


def password_key(request: HttpRequest, address: str) -> str:
    """Whose tries are counted together: those of a reader's device, or of one network for one address."""
    device = devices.name_of(request, address)
    return f"{address} {device or get_adapter(request).get_client_ip(request)}"


def wait_for_password(request: HttpRequest, address: str) -> int:
    """Counts a try for an address from wherever it comes; 0, or in how many seconds the next is welcome."""
    if devices.name_of(request, address):
        return 0
    return wait_for("password:anywhere", address, settings.PASSWORDS_PER_ADDRESS)


def _refusal(kind: str) -> ValidationError:
    return ValidationError(render_to_string("accounts/too_many_mails.txt", {"kind": kind}).strip(), code="too_many")
