"""A browser in which somebody signed in before."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from accounts import devices
from accounts.devices import ADDRESSES, COOKIE, GOOD_FOR


def after(request: HttpRequest, *addresses: str) -> HttpRequest:
    """The next request of a browser in which these signed in."""
    for address in addresses:
        response = HttpResponse()
        devices.remember(request, response, address)
        request = HttpRequest()
        request.COOKIES[COOKIE] = response.cookies[COOKIE].value
    return request


def test_a_device_knows_who_signed_in_on_it_and_nobody_else() -> None:
    request = after(HttpRequest(), "reader@example.org", "other@example.org")

    name = devices.name_of(request, "reader@example.org")

    assert len(name) >= 16
    assert devices.name_of(request, "Other@Example.org") == name
    assert devices.name_of(request, "stranger@example.org") == ""
    assert devices.name_of(HttpRequest(), "reader@example.org") == ""
    assert "reader" not in request.COOKIES[COOKIE]


def test_a_shared_browser_knows_the_latest() -> None:
    addresses = [f"reader{n}@example.org" for n in range(ADDRESSES + 1)]
    request = after(HttpRequest(), *addresses)

    assert [bool(devices.name_of(request, one)) for one in addresses] == [False] + [True] * ADDRESSES


@pytest.mark.parametrize("forged", ["", "x", "x:y:z", "WyJhIixbXV0:1abc:forged"])
def test_what_was_not_signed_here_is_no_device(forged: str) -> None:
    request = HttpRequest()
    request.COOKIES[COOKIE] = forged

    assert devices.name_of(request, "reader@example.org") == ""


def test_a_device_is_forgotten_after_a_year(time_machine: Any) -> None:
    time_machine.move_to("2026-11-26 08:00:00Z", tick=False)
    request = after(HttpRequest(), "reader@example.org")

    time_machine.shift(GOOD_FOR + 1)

    assert devices.name_of(request, "reader@example.org") == ""


def test_no_script_and_no_other_site_reads_the_cookie(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()

    devices.remember(HttpRequest(), response, "reader@example.org")

    written = response.cookies[COOKIE]
    assert (written["httponly"], written["secure"], written["samesite"], written["path"]) == (
        True, True, "Lax", "/accounts/",
    )  # fmt: skip
