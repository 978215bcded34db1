"""The remembered view of lists."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from papersite.web.viewing import is_detailed, remembers_view


@remembers_view
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("detailed" if is_detailed(request) else "compact")


@pytest.mark.parametrize(
    ("asked", "location", "kept"),
    [
        ("/?view=detailed", "/", "detailed"),
        ("/papers/?page=2&view=compact", "/papers/?page=2", "compact"),
        ("/?view=%0d%0aSet-Cookie:x", "/", None),
    ],
)
def test_the_link_is_kept_and_leads_back(asked: str, location: str, kept: str | None) -> None:
    answer = page(RequestFactory().get(asked))

    assert (answer.status_code, answer.headers["Location"]) == (302, location)
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.cookies["view"].value if "view" in answer.cookies else None) == kept


@pytest.mark.parametrize(("cookie", "shown"), [("detailed", b"detailed"), ("compact", b"compact"), ("<b>", b"compact")])
def test_the_cookie_decides(cookie: str, shown: bytes) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["view"] = cookie

    answer = page(request)

    assert isinstance(answer, HttpResponse)
    assert answer.content == shown
