"""What answers say of themselves; each kind of page is in tests/attacks/test_headers.py."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from papersite.web import headers


@pytest.mark.parametrize(
    ("path", "is_secret"),
    [
        ("/d/token/", True),
        ("/d/token/unsubscribe/", True),
        ("/saved/feed/key/", True),
        ("/subscription/feed/key/", True),
        ("/accounts/confirm-email/key/", True),
        ("/accounts/password/reset/key/1-abc/", True),
        ("/accounts/confirm-email/", False),
        ("/", False),
        ("/search/", False),
    ],
)
def test_a_secret_address_is_kept_to_itself(rf: RequestFactory, path: str, is_secret: bool) -> None:
    answer = headers.Headers(lambda request: HttpResponse())(rf.get(path))

    if is_secret:
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_a_view_says_stays(rf: RequestFactory) -> None:
    said = {"Cache-Control": "max-age=0, no-store, private", "X-Frame-Options": "SAMEORIGIN"}

    answer = headers.Headers(lambda request: HttpResponse(headers=said))(rf.get("/accounts/login/"))

    assert said.items() <= dict(answer.headers.items()).items()


def test_whoever_brings_a_session_gets_what_is_kept_nowhere(rf: RequestFactory, settings: Any) -> None:
    surround = headers.Headers(lambda request: HttpResponse())
    signed_in = rf.get("/")
    signed_in.COOKIES[settings.SESSION_COOKIE_NAME] = "x"

    assert "Cache-Control" not in surround(rf.get("/")).headers
    assert surround(signed_in).headers["Cache-Control"] == "private, no-store"
