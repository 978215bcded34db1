"""A page that is not there looks the same while DEBUG."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories import NOW


@pytest.mark.django_db
def test_a_forged_token_meets_no_debugging_page(client: Client, settings: Any) -> None:
    settings.DEBUG = True

    answer = client.get("/copy/1.forged/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "URLconf" not in answer.content.decode()


@pytest.mark.django_db
def test_while_the_database_is_known_to_be_away_nobody_waits_for_it(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any, settings: Any
) -> None:
    settings.PAGES_FRESH_SECONDS = 60
    client = Client()
    kept = client.get("/privacy/")
    monkeypatch.setattr("papersite.runtime.breaker.breaker.is_away", True)

    with django_assert_num_queries(0):
        away = client.get("/archive/")
        still_there = client.get("/privacy/")

    assert (away.status_code, away.headers["Retry-After"]) == (503, "30")
    assert (still_there.status_code, still_there.content) == (200, kept.content)


@pytest.mark.django_db
def test_a_page_that_is_kept_outlives_its_time_while_none_can_be_made(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PAGES_FRESH_SECONDS = 60
    with time_machine.travel(NOW, tick=False):
        kept = Client().get("/privacy/")
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        monkeypatch.setattr("papersite.runtime.breaker.breaker.is_away", True)
        old = Client().get("/privacy/")

    assert (old.status_code, old.content) == (200, kept.content)
