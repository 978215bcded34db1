"""Editions for programs: what pages show, and nothing before its day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from digest.models import EditionRules
from tests.factories import EditionFactory, PaperFactory, PickFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def get(path: str, **query: Any) -> Any:
    return Client().get(f"/api/v1/editions{path}", query)


def test_editions_are_read_page_by_page_with_their_picks(django_assert_max_num_queries: Any) -> None:
    days = [date(2026, 11, 23) - timedelta(days=back) for back in range(3)]
    for day in days:
        PickFactory.create(edition=EditionFactory.create(day=day, intro="Read *this*."), note="so **good**")
    with django_assert_max_num_queries(8):
        first = get("", limit=2).json()

    rest = get("", limit=2, cursor=first["cursor"]).json()

    assert [one["day"] for one in [*first["items"], *rest["items"]]] == [str(day) for day in days]
    told = get("/2026-11-23").json()
    assert told == first["items"][0]
    assert (told["intro"], told["picks"][0]["note"]) == ("<p>Read <em>this</em>.</p>", "so <strong>good</strong>")


def test_what_readers_may_not_see_yet_programs_may_not_either() -> None:
    EditionFactory.create(day=date(2026, 11, 24))
    EditionFactory.create(day=date(2026, 11, 22), state="held")
    hidden = PickFactory.create(edition=EditionFactory.create(day=date(2026, 11, 21)), paper=PaperFactory.create())
    hidden.paper.is_hidden = True
    hidden.paper.save()

    assert [one["day"] for one in get("").json()["items"]] == ["2026-11-21"]
    assert get("/2026-11-24").status_code == get("/2026-11-22").status_code == 404
    assert get("/2026-11-21").json()["picks"] == []
    EditionRules.objects.create(pk=1, needs_approval=True)
    assert get("").json()["items"] == []


@pytest.mark.parametrize("cursor", ["x", "2026-02-30", "1"])
def test_what_is_no_cursor_is_a_problem(cursor: str) -> None:
    assert get("", cursor=cursor).status_code == 404
