"""Orders wait in the database until a worker has done them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import orders
from accounts.models import MailOrder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders._bell, "ring", lambda: None)


def test_an_order_is_claimed_by_one_and_again_after_its_lease() -> None:
    orders.place(MailOrder.Kind.RESET, "reader@example.org")
    now = timezone.now()

    held = orders.claim(now)

    assert held is not None
    assert (held.address, held.attempts) == ("reader@example.org", 1)
    assert orders.claim(now) is None
    again = orders.claim(now + orders.LEASE + timedelta(seconds=1))
    assert again is not None
    assert again.attempts == 2


def test_the_one_that_waits_longest_goes_first() -> None:
    for address in ("first@example.org", "second@example.org"):
        orders.place(MailOrder.Kind.RESET, address)

    claimed = [orders.claim(timezone.now()) for _ in range(3)]

    assert [one and one.address for one in claimed] == ["first@example.org", "second@example.org", None]


def test_what_failed_is_put_off_for_longer_each_time() -> None:
    orders.place(MailOrder.Kind.RESET, "reader@example.org")
    now, pauses = timezone.now(), []
    for _ in range(12):
        held = orders.claim(now)
        assert held is not None
        orders.put_off(held, now)
        due = MailOrder.objects.get().due_at
        pauses.append(due - now)
        now = due

    assert pauses[:3] == [timedelta(seconds=20), timedelta(seconds=40), timedelta(seconds=80)]
    assert max(pauses) == orders.LONGEST_PAUSE


def test_a_code_is_dropped_when_it_is_good_no_more(caplog: pytest.LogCaptureFixture, time_machine: Any) -> None:
    orders.place(MailOrder.Kind.CODE, "reader@example.org", code="ABCD")
    orders.place(MailOrder.Kind.MAIL, "reader@example.org", name="sign_in_code", context={"code": "ABCD"})
    orders.place(MailOrder.Kind.RESET, "reader@example.org")

    assert orders.drop_expired(timezone.now() + timedelta(minutes=16)) == 2
    assert MailOrder.objects.get().kind == MailOrder.Kind.RESET
    assert "accounts.orders_expired count=2" in caplog.text
