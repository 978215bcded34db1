"""When mail comes."""

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from digest.forms.schedule import PauseForm, ScheduleForm, zone_choices
from digest.models import Subscription
from tests.factories import NOW, SubscriptionFactory

pytestmark = pytest.mark.django_db


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "rhythm": "daily", "send_at": "07:45", "time_zone": "UTC", "cap": "5", "on_quiet_days": "nothing",
    } | fields  # fmt: skip


def test_zones_are_cities_and_utc_and_all_of_them_work() -> None:
    names = [name for name, _ in zone_choices()]

    assert names[0] == "UTC"
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} <= set(names)
    assert not [name for name in names if name.startswith(("US/", "Etc/")) or name in ("GMT", "EST")]
    assert all(ZoneInfo(name).key == name for name in names)


@pytest.mark.parametrize(
    ("weekdays", "rhythm", "weekly_on"),
    [(0b1111111, "daily", 0), (0b0011111, "weekdays", 0), (0b0100000, "weekly", 5), (0b0000101, "days", 0)],
)
def test_schedule_form_shows_what_is_chosen(weekdays: int, rhythm: str, weekly_on: int) -> None:
    form = ScheduleForm(subscription=SubscriptionFactory.create(weekdays=weekdays, send_at=time(7, 45)))

    assert (form.initial["rhythm"], form.initial["weekly_on"]) == (rhythm, weekly_on)
    assert 'value="07:45"' in str(form["send_at"])


@pytest.mark.parametrize(
    ("fields", "weekdays"),
    [
        ({}, 0b1111111),
        ({"rhythm": "weekdays"}, 0b0011111),
        ({"rhythm": "weekly", "weekly_on": "4"}, 0b0010000),
        ({"rhythm": "days", "days": ["0", "6"]}, 0b1000001),
        # What belongs to another choice is still sent, and counts for nothing.
        ({"rhythm": "daily", "weekly_on": "4", "days": ["0"]}, 0b1111111),
    ],
)
def test_schedule_form_makes_weekdays_of_each_choice(
    subscription: Subscription, fields: dict[str, Any], weekdays: int
) -> None:
    form = ScheduleForm(typed(**fields), subscription=subscription)

    assert form.is_valid(), form.errors
    assert form.changes["weekdays"] == weekdays


def test_schedule_form_changes_no_row_by_itself(subscription: Subscription) -> None:
    form = ScheduleForm(typed(), subscription=subscription)

    assert form.is_valid()
    assert subscription.send_at == time(8)
    assert form.changes["send_at"] == time(7, 45)


def test_schedule_form_lets_a_reader_keep_what_is_not_offered() -> None:
    unusual = SubscriptionFactory.create(time_zone="US/Eastern", send_at=time(8, 17))

    assert ScheduleForm(typed(send_at="08:17", time_zone="US/Eastern"), subscription=unusual).is_valid()


@pytest.mark.parametrize(
    ("fields", "until"),
    [
        ({"until": "2026-12-24"}, date(2026, 12, 24)),
        ({"for": "week"}, NOW.date() + timedelta(days=7)),
        ({"for": "month", "until": ""}, NOW.date() + timedelta(days=30)),
    ],
)
def test_pause_form_takes_a_day_or_a_quick_choice(
    subscription: Subscription, fields: dict[str, str], until: date
) -> None:
    form = PauseForm(fields, subscription=subscription, now=NOW)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["until"] == until


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("", "Choose the day"),
        ("soon", "not a day"),
        ("2026-11-23", "after today"),
        ("9999-12-31", "Two years at most"),
    ],
)
def test_pause_form_says_what_is_wrong(subscription: Subscription, until: str, says: str) -> None:
    form = PauseForm({"until": until}, subscription=subscription, now=NOW)

    assert says in str(form.errors)


def test_pause_form_means_the_readers_own_today() -> None:
    tokyo = SubscriptionFactory.create(time_zone="Asia/Tokyo")

    assert not PauseForm({"until": "2026-11-24"}, subscription=tokyo, now=NOW.replace(hour=20)).is_valid()
