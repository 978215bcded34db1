"""One request at a time, over all that share the database."""

import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from papersite.catalogue.harvesting.turns import turn
from papersite.catalogue.models import Turn

pytestmark = pytest.mark.django_db


def test_two_turns_keep_their_distance() -> None:
    ends = []
    for _ in range(3):
        with turn("arxiv", pause=0.2, at_most=5):
            ends.append(time.monotonic())

    assert all(later - earlier >= 0.2 for earlier, later in pairwise(ends))


def test_nobody_gets_a_turn_that_another_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def give_back_after_three(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            Turn.objects.update(holder="")

    monkeypatch.setattr("papersite.catalogue.harvesting.turns.time.sleep", give_back_after_three)
    Turn.objects.create(service="arxiv", holder="somebody", held_until=timezone.now() + timedelta(minutes=1))

    with turn("arxiv", pause=0.01, at_most=5):
        assert len(waits) == 3


def test_the_turn_of_a_killed_process_runs_out() -> None:
    Turn.objects.create(service="arxiv", holder="killed", held_until=timezone.now() - timedelta(seconds=1))

    with turn("arxiv", pause=0, at_most=5):
        assert Turn.objects.get().holder not in ("", "killed")
    assert Turn.objects.get().holder == ""


def test_a_turn_is_given_back_when_its_work_fails() -> None:
    with pytest.raises(ZeroDivisionError), turn("arxiv", pause=0, at_most=60):
        raise ZeroDivisionError

    assert Turn.objects.get().holder == ""


def test_services_do_not_wait_for_one_another() -> None:
    with turn("arxiv", pause=9, at_most=60), turn("another", pause=9, at_most=60):
        assert Turn.objects.count() == 2
