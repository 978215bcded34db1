"""A reader's whole story: subscribe, confirm, follow, morning, mail, next morning, leave, silence."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from digest import tasks
from digest.models import Delivery, Subscription
from papersite.catalogue import ingest
from papersite.catalogue.models import Topic
from papersite.catalogue.sources.records import SourcePaper
from tests.factories import TopicFactory

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MONDAY, TUESDAY, WEDNESDAY = (datetime(2026, 11, day, 7, 0, 30, tzinfo=UTC) for day in (23, 24, 25))


def announce(*titles: str) -> None:
    """Papers arrive, as from a file without dates."""
    records = [SourcePaper(place=title, title=title, abstract="All about graph networks.") for title in titles]
    ingest.run(records, source="test")


def mails_since(count: int) -> list[Any]:
    return mail.outbox[count:]


def path_in(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, text
    return found[0]


def test_a_readers_whole_story() -> None:
    client = Client()
    with time_machine.travel(SUNDAY, tick=False) as clock:
        graphs = TopicFactory.create(name="Graph learning", slug="graphs", search="graph")
        announce("First graph paper", "Second graph paper")
        subscribe(client)
        confirm(client)
        follow(client, graphs)

        clock.move_to(MONDAY)
        monday = morning()
        assert titles_in(monday) == {"First graph paper", "Second graph paper"}

        clock.shift(3600)
        announce("Third graph paper")
        clock.move_to(TUESDAY)
        tuesday = morning()
        assert titles_in(tuesday) == {"Third graph paper"}
        ledger = client.get("/subscription/").content.decode()
        listed = re.findall(r'<li>\s*<a href="/papers/p\d+/"[^>]*>(\w+) graph paper</a>', ledger)
        assert sorted(listed) == ["First", "Second", "Third"]

        clock.shift(3600)
        leave(tuesday)
        announce("Fourth graph paper")
        clock.move_to(WEDNESDAY)
        sent = len(mail.outbox)
        tasks.wake()
        assert mails_since(sent) == []


def subscribe(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"email": "New.Reader@Example.org", "time_zone": "Europe/Berlin"})

    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert [message.to for message in mail.outbox] == [["new.reader@example.org"]]


def confirm(client: Client) -> None:
    link = path_in(str(mail.outbox[0].body), r"/accounts/confirm-email/\S+/")

    assert "Yes, start my daily mail" in client.get(link).content.decode()
    answer = client.post(link)

    assert answer.headers["Location"] == "/subscription/welcome/"
    assert Subscription.objects.get().confirmed_at == SUNDAY


def follow(client: Client, topic: Topic) -> None:
    answer = client.post("/subscription/welcome/", {"topics": [topic.pk]})

    assert answer.headers["Location"] == "/subscription/welcome/schedule/"
    assert Subscription.objects.get().next_due_at == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def morning() -> Any:
    """What beat and a worker do at the hour, twice over; the one mail that comes of it."""
    sent = len(mail.outbox)
    tasks.wake()
    tasks.wake()
    (message,) = mails_since(sent)
    return message


def titles_in(message: Any) -> set[str]:
    return set(re.findall(r"^\d+\. (.+)$", message.body, re.MULTILINE))


def leave(message: Any) -> None:
    """One POST, as a mail provider makes it: no cookies, no login, no redirect."""
    path = path_in(message.extra_headers["List-Unsubscribe"], r"/d/[^>]+/unsubscribe/")

    answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert Subscription.objects.get().ended_at is not None
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
