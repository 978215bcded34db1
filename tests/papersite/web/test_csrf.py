"""Which forms are taken without a token, and from where."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OURS, 302),
        (OURS | {"Origin": "null"}, 302),
        (OURS | {"Origin": "http://testserver"}, 302),
        ({"Origin": "http://testserver"}, 302),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://testserver.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
    ],
)
def test_the_box_is_taken_from_pages_of_the_site_alone(headers: dict[str, str], status: int) -> None:
    client = Client(enforce_csrf_checks=True)

    answer: Any = client.post("/accounts/signup/", {"email": "reader@example.org"}, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize("headers", [OURS, {"Origin": "http://testserver"}, OURS | {"Origin": "null"}])
def test_every_other_form_needs_its_token(headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/accounts/login/", {"login": "reader@example.org"}, headers=headers).status_code == 403


def test_a_page_that_hides_its_address_may_send_its_forms() -> None:
    """Browsers then say "null" for where they come from."""
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    fields = {"login": "reader@example.org", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}

    assert client.post("/accounts/login/", fields, headers={"Origin": "null"}).status_code == 403
    assert client.post("/accounts/login/", fields, headers=OURS | {"Origin": "null"}).status_code == 302
