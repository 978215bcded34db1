"""When mail comes."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from digest.forms.schedule import ScheduleForm, zones
from digest.models import Subscription
from tests.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_zones_are_cities_and_utc_and_all_of_them_work() -> None:
    names = [name for name, _ in zones()]

    assert names[0] == "UTC"
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} <= set(names)
    assert not [name for name in names if name.startswith(("US/", "Etc/")) or name in ("GMT", "EST")]
    assert all(ZoneInfo(name).key == name for name in names)


def test_schedule_form_shows_what_is_chosen(subscription: Subscription) -> None:
    form = ScheduleForm(instance=subscription)

    assert (form.initial["days"], form.initial["send_at"]) == ([0, 1, 2, 3, 4, 5, 6], "08:00")


def test_schedule_form_lets_a_reader_keep_what_is_not_offered() -> None:
    unusual = SubscriptionFactory.create(time_zone="US/Eastern", send_at=time(8, 17))
    data = {"days": ["0"], "send_at": "08:17", "time_zone": "US/Eastern", "cap": "5"}

    assert ScheduleForm(data, instance=unusual).is_valid()
