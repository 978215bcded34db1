"""Which edition a mail is made from, and which days' mails wait."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.editions import states
from digest.models import EditionRules
from tests.factories import EditionFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
FIRST = datetime(2026, 11, 22, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def approval(deadline_hours: int | None = None) -> None:
    EditionRules.objects.create(pk=1, needs_approval=True, deadline_hours=deadline_hours)


def test_a_day_lasts_from_its_first_slot_on_earth_to_its_last() -> None:
    assert (states.first_slot(DAY), states.last_slot(DAY)) == (FIRST, datetime(2026, 11, 24, 12, tzinfo=UTC))


def test_editions_go_by_themselves_in_their_newest_revision() -> None:
    edition = EditionFactory.create(intro="Old.")
    edition.intro = "New."
    from digest.editions.editing import freeze

    newest = freeze(edition, what="", by=None, now=FIRST)

    assert states.in_force([DAY]).revisions == {DAY: newest}
    assert states.waiting(FIRST) == []


@pytest.mark.parametrize(("state", "goes"), [("draft", False), ("approved", True), ("held", False)])
def test_where_approval_is_needed_only_the_approved_one_goes(state: str, goes: bool) -> None:
    approval()
    EditionFactory.create(state=state)

    assert (DAY in states.in_force([DAY]).revisions) == goes
    assert states.is_waiting(DAY, FIRST) == (not goes)


def test_a_day_without_an_edition_waits_as_well() -> None:
    approval()

    assert states.is_waiting(DAY, FIRST)


@pytest.mark.parametrize(("moment", "waits"), [(FIRST - 3 * HOUR, True), (FIRST - 2 * HOUR, False), (FIRST, False)])
def test_after_its_deadline_the_day_goes_without_what_was_not_approved(moment: datetime, waits: bool) -> None:
    approval(deadline_hours=2)
    EditionFactory.create(intro="Not read by anybody else.")

    assert states.is_waiting(DAY, moment) == waits
    assert states.in_force([DAY]).revisions == {}


@pytest.mark.parametrize("needs_approval", [False, True])
def test_what_is_held_back_waits_whatever_the_deadline(needs_approval: bool) -> None:
    EditionRules.objects.create(pk=1, needs_approval=needs_approval, deadline_hours=0)
    EditionFactory.create(state="held")

    assert states.is_waiting(DAY, FIRST + 10 * HOUR)


def test_the_number_of_picks_is_the_sites_own() -> None:
    assert states.in_force([DAY]).picks_a_mail == 3
    EditionRules.objects.create(pk=1, picks_a_mail=1)
    assert states.in_force([DAY]).picks_a_mail == 1
