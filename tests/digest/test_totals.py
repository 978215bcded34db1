"""Daily totals."""

from datetime import date, timedelta

import pytest

from digest import totals
from digest.models import DailyTotal
from digest.planning import changes
from digest.readers import registration
from digest.sending.drain import drain_due
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def of_the_day() -> dict[str, int]:
    return dict(DailyTotal.objects.filter(day=DAY).values_list("name", "value"))


def test_numbers_add_up_by_day_and_name_and_nothing_is_written_of_nothing() -> None:
    for count in (1, 2, 0):
        totals.add(DAY, "sent", count)
    totals.add(DAY, "failed", 0)
    totals.add(DAY + timedelta(days=1), "sent", 5)

    assert of_the_day() == {"sent": 3}


def test_a_series_has_every_day() -> None:
    totals.add(DAY, "sent", 2)

    found = totals.series(["sent", "empty"], since=DAY - timedelta(days=1), until=DAY)

    assert found == {
        "sent": ((DAY - timedelta(days=1), 0), (DAY, 2)),
        "empty": ((DAY - timedelta(days=1), 0), (DAY, 0)),
    }


def test_how_many_there_were_follows_from_how_many_there_are() -> None:
    days = [DAY + timedelta(days=number) for number in range(3)]
    came = tuple(zip(days, (9, 3, 1), strict=True))
    went = tuple(zip(days, (0, 1, 2), strict=True))

    assert totals.backwards(10, came, went) == tuple(zip(days, (9, 11, 10), strict=True))


def test_sign_ups_and_leavers_are_counted_once_as_they_happen() -> None:
    one = SubscriptionFactory.create(confirmed_at=None, next_due_at=None, next_due_on=None)
    for _ in range(2):
        registration.confirm(one, now=NOW)
        one.refresh_from_db()
    for _ in range(2):
        changes.end(one, now=NOW)
        one.refresh_from_db()
    changes.resume(one, now=NOW)

    assert of_the_day() == {"sign-ups": 2, "leavers": 1}


def test_a_run_counts_what_became_of_its_deliveries() -> None:
    PaperFactory.create()
    for search in ("", "quaternions"):
        kind = "search" if search else "trending"
        DeliveryFactory.create(subscription=FollowFactory.create(kind=kind, search=search).subscription)

    drain_due(lambda: NOW)

    assert of_the_day() == {"sent": 1, "empty": 1}
