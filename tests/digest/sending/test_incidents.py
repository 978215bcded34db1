"""What operators are mailed of."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache

from digest.models import Handover, Incident, Relay
from digest.sending import incidents, wellbeing
from papersite.mailing.mail import Mail
from papersite.models import Heartbeat
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def staff(settings: Any) -> None:
    settings.HARVEST_SOURCES = []
    cache.clear()
    operator = UserFactory.create(email="operator@example.org", is_staff=True)
    operator.groups.add(Group.objects.get(name="operators"))
    UserFactory.create(email="chief@example.org", is_staff=True, is_superuser=True)
    UserFactory.create(email="curator@example.org", is_staff=True).groups.add(Group.objects.get(name="curators"))
    UserFactory.create(email="gone@example.org", is_staff=True, is_superuser=True, is_active=False)


def test_operators_are_told_once_when_it_begins_and_once_when_it_is_over() -> None:
    Relay.objects.create(pk=1, alarm="Two mails for one day.")
    for _ in range(3):
        incidents.look(NOW)
    assert sorted(to for one in mail.outbox for to in one.to) == ["chief@example.org", "operator@example.org"]
    assert mail.outbox[0].subject.startswith("Wrong at ")
    assert "Two mails for one day." in mail.outbox[0].body

    Relay.objects.update(alarm="")
    for _ in range(3):
        incidents.look(LATER)

    assert len(mail.outbox) == 4
    assert mail.outbox[-1].subject.startswith("Over at ")
    assert Incident.objects.get().over_at == LATER
    assert not Handover.objects.exists()


def test_the_same_thing_again_is_told_again() -> None:
    Relay.objects.create(pk=1, alarm="One.")
    incidents.look(NOW)
    Relay.objects.update(alarm="")
    incidents.look(NOW)
    Relay.objects.update(alarm="Two.")
    incidents.look(LATER)

    assert [one.words for one in Incident.objects.order_by("pk")] == [
        "Mail: Stopped by an alarm: One.", "Mail: Stopped by an alarm: Two.",
    ]  # fmt: skip


def test_what_cannot_be_mailed_is_told_at_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Mail, **options: Any) -> int:
        raise ConnectionRefusedError

    Relay.objects.create(pk=1, alarm="One.")
    with monkeypatch.context() as patched:
        patched.setattr(Mail, "send", broken)
        incidents.look(NOW)
    assert Incident.objects.get().told_at is None

    incidents.look(LATER)

    assert (len(mail.outbox), Incident.objects.get().told_at) == (2, LATER)


def test_that_beat_is_gone_is_nothing_beat_could_mail() -> None:
    wellbeing.woke(NOW - timedelta(hours=2))

    incidents.look(NOW)

    assert not Incident.objects.exists()


def test_operators_hear_from_others_that_beat_is_gone_and_from_beat_that_it_is_back() -> None:
    Heartbeat.objects.create(name="beat", host="a", pid=1, started_at=NOW, beaten_at=NOW)
    incidents.look_for_beat(NOW + timedelta(minutes=4))
    assert mail.outbox == []

    for minutes in (6, 7):
        incidents.look_for_beat(NOW + timedelta(minutes=minutes))
    assert sorted(to for one in mail.outbox for to in one.to) == ["chief@example.org", "operator@example.org"]
    assert "Beat: no sign of life since 23 November" in mail.outbox[0].body

    wellbeing.woke(NOW + timedelta(minutes=9))
    incidents.look(NOW + timedelta(minutes=9))
    assert (len(mail.outbox), mail.outbox[-1].subject[:5]) == (4, "Over ")


def test_a_site_whose_beat_never_began_mails_nobody() -> None:
    incidents.look_for_beat(NOW)

    assert mail.outbox == []


def test_others_look_for_beat_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Any] = []
    monkeypatch.setattr(incidents, "look_for_beat", looks.append)
    watch = incidents.BeatWatch()

    watch.heard("web", NOW)
    watch.looked_at -= incidents.LOOK_FOR_BEAT_EVERY + 1
    watch.heard("beat", NOW)
    watch.heard("web", NOW)
    watch.heard("web", NOW)

    assert looks == [NOW]
