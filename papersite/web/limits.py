"""How often something may be tried, counted for all processes in the cache that they share.

A window opens with the first try and ends after its seconds, whatever was tried in it. allauth's own
limits keep every moment in a list behind a lock, which a count of the whole site cannot afford.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from papersite.cache import Away
from papersite.views import too_many_requests
from papersite.web.rates import Rate

# A window's end and its tries are one number, which one call makes and one raises: more tries fit in no window.
TRIES = 1 << 24

View = Callable[..., HttpResponseBase]


class Budget(NamedTuple):
    """What is left of one rate."""

    rate: Rate
    left: int
    """Tries, after this one."""
    seconds: int
    """Until its window ends."""
    is_over: bool
    """This try was one too many."""


def spend(action: str, who: str, rates: Iterable[Rate]) -> list[Budget]:
    """Counts one try and says what is left of each rate. A try that one rate refuses is not counted against those
    after it, which are then left out.

    Raises Away where nobody can count and LIMITS_FAIL_OPEN is off.
    """
    name = hashlib.sha256(who.encode()).hexdigest()[:32]
    budgets = []
    for rate in rates:
        until, count = _count(f"limit:{action}:{rate.amount}/{rate.seconds}:{name}", rate.seconds)
        seconds = max(1, min(rate.seconds, until - int(time.time())))
        budgets.append(Budget(rate, max(0, rate.amount - count), seconds, count > rate.amount))
        if budgets[-1].is_over:
            break
    return budgets


def wait_for(action: str, who: str, rates: Iterable[Rate]) -> int:
    """Counts one try; 0, or in how many seconds the next is welcome.

    Raises Away where nobody can count and LIMITS_FAIL_OPEN is off.
    """
    return next((budget.seconds for budget in spend(action, who, rates) if budget.is_over), 0)


def _count(key: str, seconds: int) -> tuple[int, int]:
    """When the window ends, and how many tries it has seen, with this one."""
    first = (int(time.time()) + seconds) * TRIES + 1
    return divmod(int(cache.count(key, first, timeout=seconds)), TRIES)  # type: ignore[attr-defined]


def limited(action: str) -> Callable[[View], View]:
    """A view that each network and each account may ask so often, by ``settings.LIMITS``.

    Where nobody can count, the catalogue goes on: these limits keep pace, they guard no door.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def ask(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                wait = _wait(request, action)
            except Away:
                wait = 0
            return too_many_requests(request, wait=wait) if wait else view(request, *args, **kwargs)

        return ask

    return decorate


def _wait(request: HttpRequest, action: str) -> int:
    by_network, by_account = settings.LIMITS[action]
    if request.user.is_authenticated and (wait := wait_for(f"{action}:account", str(request.user.pk), by_account)):
        return wait
    return wait_for(f"{action}:network", get_adapter(request).get_client_ip(request), by_network)
