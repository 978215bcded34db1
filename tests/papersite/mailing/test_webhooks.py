"""Doors of providers: what cannot be read is refused, by whichever of them it comes."""

import base64
import json
from typing import Any

import pytest
from anymail.signals import tracking
from anymail.urls import urlpatterns as anymails
from django.test import Client

from papersite.mailing import webhooks

pytestmark = [
    pytest.mark.django_db, pytest.mark.urls("tests.webhook_urls"),
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]  # fmt: skip

SECRET = "Basic " + base64.b64encode(b"papers:secret").decode()
OPEN = ("brevo", "mailjet", "mailtrap", "postmark", "resend", "sendgrid", "sparkpost")
SHUT = ("mailersend", "mailgun", "amazon_ses", "unisender_go", "mandrill")
BODIES = [
    *(b"", b"{", b"[]", b"{}", b"null", b'"x"', b"5", b"NaN", b"[1]", b"[null]", b"[[]]", b'[{"a": 1}]', b"\xff\xfe"),
    *(b"9" * 5000, b"[" * 100_000, b'{"a":' * 50_000, b'{"event": "\\ud800", "Email": "\\u0000"}'),
    *(b'{"RecordType": [], "Type": {}, "event": [], "type": 5}', b'[{"msys": 5}]', b'{"data": "x", "events": 5}'),
    *(b'{"RecordType": "Bounce", "Type": "HardBounce", "Email": {"a": []}, "Metadata": "x", "BouncedAt": "9-9"}',),
    *(b'{"event": "bounce", "time": 1e300}', b'[{"event": "bounce", "timestamp": 1e300, "email": "a@b.c"}]'),
]


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "papers:secret"}


def post(url: str, body: bytes, kind: str = "application/json", secret: str = SECRET) -> Any:
    client = Client(raise_request_exception=False)
    return client.post(url, body, content_type=kind, headers={"Authorization": secret})


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:20]))
@pytest.mark.parametrize("provider", OPEN)
def test_a_body_that_cannot_be_read_is_its_senders_fault(provider: str, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"):
        assert post(f"/anymail/{provider}/tracking/", body, kind).status_code in (200, 400), kind


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 100_000], ids=lambda body: repr(body[:20]))
def test_postmarks_that_cannot_be_read_are_refused_and_logged_without_their_words(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert post("/anymail/postmark/tracking/", body).status_code == 400
    assert [record.message.split(" error=")[0] for record in caplog.records if record.name == webhooks.__name__] == [
        "webhook.unreadable provider=Postmark"
    ]


@pytest.mark.parametrize("secret", ["", SECRET])
@pytest.mark.parametrize("provider", SHUT)
def test_a_provider_that_is_not_set_up_has_no_door(provider: str, secret: str) -> None:
    """Whoever knocks: a stranger made errors in the log that way."""
    assert post(f"/anymail/{provider}/tracking/", b"{}", secret=secret).status_code == 404


def test_nor_is_there_one_for_mail_that_nobody_reads() -> None:
    kept = {one.name for one in webhooks.urlpatterns}

    assert {one.name for one in anymails} - kept == {one.name for one in anymails if "inbound" in one.name}
    assert post("/anymail/postmark/inbound/", b"{}").status_code == 404


def test_what_the_site_cannot_do_with_good_news_stays_its_own_fault() -> None:
    """So that they come again."""

    def fails(**event: Any) -> None:
        raise ValueError

    news = {"RecordType": "Delivery", "Recipient": "reader@example.org", "DeliveredAt": "2026-11-23T12:00:00Z"}
    tracking.connect(fails)
    try:
        assert post("/anymail/postmark/tracking/", json.dumps(news).encode()).status_code == 500
    finally:
        tracking.disconnect(fails)
