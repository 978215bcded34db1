"""Whether all is well."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from digest.models import EditionRules, MailEvent, Relay
from digest.sending import wellbeing
from papersite.catalogue.models import Harvest
from papersite.models import Heartbeat
from tests.factories import NOW, DeliveryFactory, EditionFactory

pytestmark = pytest.mark.django_db


def wrong(now: datetime = NOW) -> dict[str, str]:
    return {one.key: one.words for one in wellbeing.checks(now) if not one.is_well}


@pytest.fixture(autouse=True)
def beat_lives(settings: Any) -> None:
    settings.HARVEST_SOURCES = []
    cache.clear()
    wellbeing.woke(NOW)
    # A process that another test ran may have left its own.
    Heartbeat.objects.all().delete()
    Heartbeat.objects.create(name="index", host="web1", pid=1, started_at=NOW, beaten_at=NOW, figures={"revision": 0})


def test_all_is_well() -> None:
    assert wrong() == {}


@pytest.mark.parametrize(
    ("fields", "key", "said"),
    [
        ({"alarm": "Two mails for one day."}, "alarm", "Two mails"),
        ({"is_paused": True, "pause_reason": "Moving."}, "paused", "Moving."),
        ({"down_until": NOW + timedelta(minutes=1), "down_reason": "454 later"}, "relay", "454 later"),
    ],
)
def test_mail_that_may_not_leave(fields: dict[str, Any], key: str, said: str) -> None:
    Relay.objects.create(pk=1, **fields)

    assert said in wrong()[key]


def test_an_index_that_is_not_heard_of() -> None:
    Heartbeat.objects.update(beaten_at=NOW - timedelta(minutes=12))
    assert wrong() == {"index web1": "Its writer was last heard of 12\xa0minutes ago."}

    Heartbeat.objects.all().delete()
    assert wrong() == {wellbeing.NO_INDEX: "Not heard of within a day."}
    assert [one.key for one in wellbeing.checks(NOW, for_curators=True)] == [wellbeing.NO_INDEX]


@pytest.mark.parametrize(("minutes", "is_well"), [(29, True), (31, False)])
def test_mail_that_waits_for_long(minutes: int, is_well: bool) -> None:
    DeliveryFactory.create(due_at=NOW - timedelta(minutes=minutes))

    assert ("queue" not in wrong()) == is_well


def test_what_a_curator_holds_back_is_no_queue() -> None:
    DeliveryFactory.create(due_at=NOW - timedelta(hours=3))
    EditionFactory.create(state="held")

    assert wrong() == {}


def test_beat_that_is_not_heard_of() -> None:
    assert set(wrong(NOW + timedelta(minutes=6))) == {"beat"}
    cache.clear()
    assert "within a day" in wrong()["beat"]


def test_many_complaints_within_a_day() -> None:
    for number in range(5):
        MailEvent.objects.create(event_id=str(number), kind="complaint", received_at=NOW)

    assert wrong() == {"events": "5 called spam"}


def run(hours: int, **fields: Any) -> None:
    at = NOW - timedelta(hours=hours)
    Harvest.objects.create(source="arxiv", started_at=at, **{"finished_at": at} | fields)


def test_a_source_is_silent_when_it_never_ran_or_ran_well_long_ago(settings: Any) -> None:
    settings.HARVEST_SOURCES = ["arxiv"]
    assert wrong() == {"source arxiv": "Never ran."}

    run(27, created=5)
    assert "source arxiv" in wrong()
    run(2, error="503 of the server")
    assert "503 of the server" in wrong()["source arxiv"]
    run(1, finished_at=None)
    assert "Runs since" in wrong()["source arxiv"]
    Harvest.objects.all().delete()
    run(3, created=5)
    assert wrong() == {}


def test_a_deadline_is_near_until_its_edition_is_approved() -> None:
    EditionRules.objects.create(pk=1, needs_approval=True, deadline_hours=1)
    edition = EditionFactory.create(day=NOW.date())
    near = datetime(2026, 11, 22, 8, tzinfo=NOW.tzinfo)
    wellbeing.woke(near)

    assert wrong(near) == {"deadline 2026-11-23": "The edition of 23 November is not approved, due by 09:00 UTC."}
    assert wrong(near - timedelta(hours=2)) == {}
    edition.state = "approved"
    edition.save()
    assert wrong(near) == {}
