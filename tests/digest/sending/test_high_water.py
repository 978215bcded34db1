"""The site notices that its database is older than what it mailed."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from digest.models import HighWaterMark, Relay
from digest.sending import high_water, relay
from digest.sending.drain import drain_due
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

MINUTES = high_water.LOST_IN_A_CRASH + 1


@pytest.fixture(autouse=True)
def marks(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR, settings.REDIS_URL = tmp_path, ""
    return tmp_path / "high-water.json"


def run(minutes: int) -> None:
    for _ in range(minutes):
        high_water.check(NOW)
        high_water.advance(NOW)


def is_alarmed() -> bool:
    return relay.relay().alarm == high_water.OLDER


def backup() -> list[HighWaterMark]:
    return list(HighWaterMark.objects.all())


def restore(kept: list[HighWaterMark]) -> None:
    HighWaterMark.objects.all().delete()
    HighWaterMark.objects.bulk_create(kept)


@pytest.mark.parametrize(
    ("minutes", "is_noticed"), [(MINUTES - 1, False), (MINUTES, True), pytest.param(1000, True, marks=pytest.mark.long)]
)
def test_a_database_that_forgot_more_than_a_crash_undoes_is_noticed(minutes: int, is_noticed: bool) -> None:
    run(5)
    kept = backup()
    run(minutes)
    restore(kept)

    high_water.check(NOW)

    assert is_alarmed() is is_noticed


def test_a_backup_from_before_the_first_mark_is_noticed() -> None:
    relay.relay()
    run(0)
    high_water.check(NOW)
    kept = backup()
    run(MINUTES)
    restore(kept)

    high_water.check(NOW)

    assert is_alarmed()


def test_what_a_crash_undid_is_caught_up_with() -> None:
    run(5)
    kept = backup()
    run(2)
    restore(kept)
    run(1)

    assert HighWaterMark.objects.get().count == 8
    assert not is_alarmed()


def test_the_alarm_stays_until_the_restore_is_told_of_and_the_same_backup_is_noticed_once_more() -> None:
    run(5)
    relays, kept = Relay.objects.get(), backup()
    run(MINUTES)
    restore(kept)
    run(30)
    Relay.objects.update(alarm="")
    run(1)
    assert is_alarmed()

    high_water.begin_anew()
    Relay.objects.update(alarm="")
    run(30)
    assert not is_alarmed()

    relays.save()
    restore(kept)
    run(1)
    assert is_alarmed()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"place": 1}', '{"place": "x", "counts": {}}', "\x00\xff"])
def test_a_place_that_was_lost_or_damaged_begins_anew(marks: Path, content: str) -> None:
    run(9)
    marks.write_bytes(content.encode("latin-1"))

    run(9)

    assert not is_alarmed()
    assert sorted(HighWaterMark.objects.values_list("count", flat=True)) == [9, 9]
    assert max(json.loads(marks.read_text())["counts"].values()) == 9


def test_another_database_in_the_same_folder_is_no_older_one(marks: Path) -> None:
    run(100)
    Relay.objects.all().delete()
    restore([])

    run(5)

    assert not is_alarmed()
    assert sorted(json.loads(marks.read_text())["counts"].values()) == [5, 100]


def test_a_folder_that_nobody_may_write_to_stops_nothing(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "nowhere"

    run(9)

    assert not is_alarmed()


def test_a_host_that_was_not_there_hears_it_from_the_cache(settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL = "redis://cache/0"
    run(5)
    kept = backup()
    run(MINUTES)
    restore(kept)
    settings.DATA_DIR = tmp_path / "another host"
    settings.DATA_DIR.mkdir()

    high_water.check(NOW)
    assert is_alarmed()

    Relay.objects.update(alarm="")
    cache.clear()
    high_water.check(NOW)
    assert not is_alarmed()


def test_no_mail_leaves_from_an_older_database_before_somebody_looked(mailoutbox: list[Any]) -> None:
    subscription = SubscriptionFactory.create()
    FollowFactory.create(subscription=subscription)
    PaperFactory.create()
    DeliveryFactory.create(subscription=subscription)
    run(5)
    kept = backup()
    run(MINUTES)
    restore(kept)

    assert str(drain_due(lambda: NOW)) == "nothing due"

    assert (is_alarmed(), mailoutbox) == (True, [])


def test_a_check_costs_the_same_however_long_the_site_runs(django_assert_num_queries: Any) -> None:
    run(9)
    with django_assert_num_queries(2):
        high_water.check(NOW)
