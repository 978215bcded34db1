"""How the sending goes, for curators and for monitors."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from digest.models import BatchCursor, MailEvent
from digest.sending import metrics, relay
from papersite.catalogue.models import Harvest
from papersite.models import Heartbeat
from tests.factories import NOW, DeliveryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


@pytest.fixture
def run(db: None) -> None:
    """Two sent, one of them lately and one uncertain; one waiting for an hour; one of last week."""
    DeliveryFactory.create(due_at=NOW - timedelta(hours=2), state="sent", settled_at=NOW - timedelta(minutes=1))
    DeliveryFactory.create(
        due_at=NOW - timedelta(hours=2), state="sent", settled_at=NOW - timedelta(hours=1), is_uncertain=True
    )
    DeliveryFactory.create(due_at=NOW - timedelta(hours=1))
    week_ago = NOW - timedelta(days=7)
    DeliveryFactory.create(day=week_ago.date(), due_at=week_ago, state="failed", reason="550")
    relay.count(2, NOW)
    MailEvent.objects.create(event_id="1", source="esp", kind="hard", received_at=NOW)


def test_progress_tells_of_the_day(run: None) -> None:
    found = metrics.progress(NOW)

    assert found.states == {"sent": 2, "due": 1}
    assert found.rows == [("due", 1), ("sent", 2)]
    assert (found.waiting_for, found.per_second, found.uncertain) == (timedelta(hours=1), 1 / 300, 1)
    assert found.is_open is True


def test_progress_tells_what_is_being_sent_from_the_hands(db: None) -> None:
    lease = {"state": "claimed", "claimed_by": "x" * 32, "lease_until": NOW}
    first, second = DeliveryFactory.create_batch(2, **lease)
    cursor = BatchCursor.objects.create(worker="x" * 32, done=0, begun=first.pk, lease_until=NOW)

    assert metrics.progress(NOW).states == {"claimed": 1, "sending": 1}

    cursor.done = cursor.begun = second.pk
    cursor.save()

    assert metrics.progress(NOW).states == {"claimed": 2}


def test_exposition_is_what_prometheus_reads(run: None) -> None:
    relay.alarm("Look.", NOW)
    finished_at = NOW - timedelta(hours=2)
    Harvest.objects.create(source="arxiv", started_at=finished_at, finished_at=finished_at)
    Harvest.objects.create(source="arxiv", started_at=NOW, finished_at=NOW, error="503")
    figures = {"revision": 10**6}
    Heartbeat.objects.create(name="index", host="a", pid=1, started_at=NOW, beaten_at=NOW, figures=figures)

    lines = metrics.exposition(NOW).decode().splitlines()

    for line in (
        'papersite_deliveries{state="sent"} 2.0', 'papersite_deliveries{state="failed"} 0.0',
        'papersite_mail_events{kind="hard"} 1.0', "papersite_waiting_seconds 3600.0", "papersite_mails_today 2.0",
        "papersite_readers_not_planned 0.0", 'papersite_harvest_age_seconds{source="arxiv"} 7200.0',
        'papersite_index_lag{host="a"} 0.0', 'papersite_heartbeat_age_seconds{host="a",process="index"} 0.0',
        "papersite_uncertain_deliveries 1.0", "papersite_relay_open 0.0", "papersite_suppressed_addresses 0.0",
    ):  # fmt: skip
        assert line in lines


@time_machine.travel(NOW, tick=False)
def test_curators_see_it_above_the_deliveries(curator_client: Client, run: None) -> None:
    relay.alarm("Look.", NOW)

    page = " ".join(curator_client.get(reverse("admin:digest_delivery_changelist")).content.decode().split())

    assert "Due within a day: 1 due · 2 sent. 0.0 mails a second over five minutes." in page
    assert "1 may have left twice. <strong>No mail leaves now" in page
