"""A live run: its row, its cursor, its notes, and who may go on after it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from papersite.catalogue.harvesting.runs import LOST, AlreadyRunning, Overtaken, each, running
from papersite.catalogue.models import Harvest
from papersite.catalogue.sources.records import SourceError
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_run_goes_on_from_the_last_ones_cursor() -> None:
    with running("x", "there", NOW) as first:
        first.move({"day": "2026-11-20"})
    with running("x", "there", NOW) as second:
        assert second.cursor == {"day": "2026-11-20"}
    with running("y", "there", NOW) as other:
        assert other.cursor == {}


def test_a_cursor_that_cannot_be_read_is_none() -> None:
    Harvest.objects.create(source="x", is_live=True, cursor="2026-11-20", finished_at=NOW)

    with running("x", "there", NOW) as run:
        assert run.cursor == {}


def test_only_one_run_of_a_source_is_live() -> None:
    with running("x", "there", NOW), pytest.raises(AlreadyRunning), running("x", "there", NOW):
        pass

    assert Harvest.objects.get().finished_at is not None


def test_faults_are_noted_in_the_row() -> None:
    with running("x", "there", NOW) as run:
        run.note("answered 503")

    assert Harvest.objects.get().notes.endswith(" answered 503\n")


def test_each_does_all_parts_and_reports_those_that_failed() -> None:
    done = []

    def work(part: int) -> None:
        done.append(part)
        if part % 2:
            raise SourceError(f"part {part}")

    with pytest.raises(SourceError, match="part 1; part 3"), running("x", "there", NOW) as run:
        each(run, range(5), work)

    row = Harvest.objects.get()
    assert done == [0, 1, 2, 3, 4]
    assert (row.error, row.notes.count("\n")) == ("part 1; part 3", 2)


def test_a_run_that_was_silent_too_long_is_overtaken_and_knows_it() -> None:
    def be_overtaken() -> None:
        with running("x", "there", NOW) as slow:
            slow.move({"page": 1})
            Harvest.objects.update(alive_until=timezone.now() - timedelta(seconds=1))
            with running("x", "there", NOW) as next_one:
                assert next_one.cursor == {"page": 1}
            slow.move({"page": 2})

    with pytest.raises(Overtaken):
        be_overtaken()

    first, second = Harvest.objects.order_by("pk")
    assert "vanished" in first.error
    assert (first.cursor, second.error) == ('{"page": 1}', "")


def test_an_error_of_our_own_is_in_the_row_as_well() -> None:
    with pytest.raises(ZeroDivisionError), running("x", "there", NOW):
        raise ZeroDivisionError

    assert Harvest.objects.get().error == "It broke: ZeroDivisionError. The log has more."


def test_a_run_that_was_killed_before_the_clock_was_set_back_by_a_day_makes_room() -> None:
    lease = settings.HARVEST_LEASE
    Harvest.objects.create(
        source="x", is_live=True, alive_until=timezone.now() + timedelta(days=1) + lease, cursor="{}"
    )

    with running("x", "there", NOW):
        assert Harvest.objects.get(finished_at__isnull=False).error == LOST


def test_a_run_on_a_machine_whose_clock_is_a_little_ahead_lives() -> None:
    ahead = timezone.now() + settings.HARVEST_LEASE + timedelta(minutes=1)
    Harvest.objects.create(source="x", is_live=True, alive_until=ahead)

    with pytest.raises(AlreadyRunning), running("x", "there", NOW):
        pass
