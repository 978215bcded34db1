"""Mails seen and tried before they leave."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from digest import tokens
from digest.models import Delivery, Handover, Persona, Suppression
from tests.factories import EditionFactory, FollowFactory, PaperFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def edition() -> Any:
    PaperFactory.create_batch(2)
    return EditionFactory.create(intro="Words of the day.")


def url(page: str, edition: Any) -> str:
    return reverse(f"admin:digest_edition_{page}", args=[edition.pk])


def test_a_mail_is_seen_with_subject_preheader_size_and_text(curator_client: Client, edition: Any) -> None:
    persona = Persona.objects.create(name="Graph people", follows_everything=True)

    page = curator_client.get(url("preview", edition), {"who": str(persona.pk), "width": "phone", "scheme": "dark"})
    text = page.content.decode()

    assert "Graph people" in text
    assert "kB of HTML" in text
    assert "Words of the day." in text
    assert f'src="{url("preview_html", edition)}?who={persona.pk}&amp;scheme=dark"' in text
    assert "desk-mail-phone" in text


def test_the_frame_holds_the_mail_and_runs_nothing(curator_client: Client, edition: Any) -> None:
    answer = curator_client.get(url("preview_html", edition), {"scheme": "dark"})

    assert "Words of the day." in answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    token = reverse("digest:delivery_detail", args=["preview"])
    assert token in answer.content.decode()
    assert curator_client.get(token).status_code == 404


def test_as_oneself_with_a_subscription_and_without(curator_client: Client, curator: User, edition: Any) -> None:
    assert "no subscription of your own" in curator_client.get(url("preview", edition), {"who": "me"}).content.decode()
    FollowFactory.create(subscription__reader=curator)
    assert "kB of HTML" in curator_client.get(url("preview", edition), {"who": "me"}).content.decode()


@pytest.mark.parametrize("who", ["99", "x", "-1", "9" * 40, "' OR 1"])
def test_readers_that_are_not_there_are_not_found(curator_client: Client, edition: Any, who: str) -> None:
    assert curator_client.get(url("preview", edition), {"who": who}).status_code == 404


def test_a_trial_leaves_by_the_carrier_past_ledger_and_count(
    curator_client: Client, curator: User, edition: Any
) -> None:
    page = curator_client.post(url("test", edition), {"who": "all"}, follow=True).content.decode()

    assert "no ledger and no count knows" in page
    (sent,) = mail.outbox
    assert (sent.to, sent.subject.startswith("[Trial] ")) == ([curator.email], True)
    assert "List-Unsubscribe" not in sent.message()
    assert not Delivery.objects.exists()
    assert not Handover.objects.exists()


def test_trials_go_to_the_staff_alone_and_to_none_that_is_suppressed(curator_client: Client, edition: Any) -> None:
    UserFactory.create(email="reader@example.org")
    UserFactory.create(email="other@example.org", is_staff=True)
    UserFactory.create(email="bounced@example.org", is_staff=True)
    Suppression.objects.create(address_hash=tokens.address_hash("bounced@example.org"), reason="bounced")

    for address in ("reader@example.org", "nobody@example.org", "bounced@example.org", "x", "a@b.org\nBcc: c@d.org"):
        curator_client.post(url("test", edition), {"to": address})
    assert mail.outbox == []
    curator_client.post(url("test", edition), {"to": "Other@Example.org"})

    assert [one.to for one in mail.outbox] == [["other@example.org"]]


def test_a_rehearsal_says_what_the_morning_would_bring(curator_client: Client, edition: Any) -> None:
    FollowFactory.create()
    FollowFactory.create(kind="search", search="quaternions")

    page = curator_client.post(url("rehearsal", edition)).content.decode()

    assert "All 2 readers were looked at" in page
    assert "1 would get a mail" in page
    assert "1 would get none: Nothing new matched" in page


def test_an_operators_look_at_a_readers_mail_is_logged(curator_client: Client, edition: Any) -> None:
    held = FollowFactory.create().subscription
    EditionFactory.create(day=held.next_due_on, intro="Words for them.")

    page = curator_client.get(reverse("admin:digest_subscription_preview", args=[held.pk])).content.decode()
    frame = curator_client.get(reverse("admin:digest_subscription_preview_html", args=[held.pk]))

    assert "kB of HTML" in page
    assert "Words for them." in frame.content.decode()
    entry = LogEntry.objects.get()
    assert (entry.change_message, str(held.pk) in entry.object_repr) == ("Looked at what the next mail would be.", True)
