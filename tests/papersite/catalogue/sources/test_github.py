"""GitHub's stars: counted, gained, refused, renamed, gone, and the quota."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.github import GitHub, QuotaUsed, stars_since
from papersite.catalogue.sources.http import PASSING, SourceClient
from papersite.catalogue.sources.records import SourceError, SourceRepository
from tests.factories import NOW
from tests.source_server import Answer, Request, Source, source

URL = "https://github.com/a/b"
SUNDAY = datetime(2026, 11, 22, tzinfo=UTC)


def repository(stars: int = 120, **fields: Any) -> str:
    return json.dumps({"full_name": "a/b", "html_url": URL, "stargazers_count": stars, "archived": False, **fields})


def history() -> str:
    week = int(SUNDAY.timestamp())
    return json.dumps(
        [
            {"week": week, "total": 12, "days": [5, 7, 0, 0, 0, 0, 0]},
            {"week": week - 7 * 86400, "total": 70, "days": [10] * 7},
        ]
    )


def ask(served: Source, *, etag: str = "", times: int = 1) -> SourceRepository:
    with SourceClient(served.url, accept="application/json", passing=PASSING - {429}) as client:
        service = GitHub(client)
        return [service.repository(URL, NOW, etag) for _ in range(times)][-1]


def answer(request: Request) -> Answer:
    if request.path.endswith("/history"):
        return Answer(history())
    return Answer(repository(), headers={"ETag": '"one"'})


def test_repository_tells_stars_and_those_of_seven_days() -> None:
    with source(answer) as served:
        found = ask(served)

    assert found == SourceRepository(URL, full_url=URL, stars=120, week_stars=12 + 50, etag='"one"')


def test_an_unchanged_repository_costs_its_history_alone() -> None:
    def unchanged(request: Request) -> Answer:
        return answer(request) if request.path.endswith("/history") else Answer("", status=304)

    with source(unchanged) as served:
        found = ask(served, etag='"one"')

    assert (found.stars, found.week_stars, found.etag) == (None, 62, '"one"')
    assert served.requests[0].headers["If-None-Match"] == '"one"'


@pytest.mark.parametrize("refusal", [Answer("{}", status=404), Answer("{}", status=403), Answer("nonsense")])
def test_the_plain_count_stands_where_the_history_is_refused(refusal: Answer) -> None:
    with source(lambda request: refusal if request.path.endswith("/history") else answer(request)) as served:
        found = ask(served)

    assert (found.stars, found.week_stars) == (120, None)


def test_a_renamed_repository_is_followed_and_an_archived_one_said() -> None:
    def moved(request: Request) -> Answer:
        if request.path == "/repos/a/b":
            return Answer("", status=301, headers={"Location": "/repositories/7"})
        if request.path == "/repositories/7":
            return Answer(repository(html_url="https://github.com/c/d", archived=True))
        return answer(request)

    with source(moved) as served:
        found = ask(served)

    assert (found.full_url, found.is_archived) == ("https://github.com/c/d", True)
    assert served.requests[-1].path == "/repos/c/d/stargazers/history"


@pytest.mark.parametrize("status", [404, 410, 451])
def test_a_repository_that_is_not_there_is_gone(status: int) -> None:
    with source(lambda request: Answer("{}", status=status)) as served:
        assert ask(served) == SourceRepository(URL, is_gone=True)


def test_the_quota_is_kept_before_it_is_used_up() -> None:
    until = int((NOW + timedelta(minutes=20)).timestamp())
    headers = {"X-RateLimit-Remaining": "2", "X-RateLimit-Reset": str(until)}

    with (
        source(lambda request: Answer(answer(request).body, headers=headers)) as served,
        pytest.raises(QuotaUsed) as caught,
    ):
        ask(served, times=2)

    assert str(caught.value) == f"GitHub's quota is used up until {NOW + timedelta(minutes=20):%H:%M} UTC."
    assert len(served.requests) == 2


@pytest.mark.parametrize(
    ("status", "headers"),
    [(403, {"X-RateLimit-Remaining": "0"}), (429, {"X-RateLimit-Remaining": "0"}), (403, {"Retry-After": "60"})],
)
def test_a_used_up_quota_is_no_fault_of_the_repository(status: int, headers: dict[str, str]) -> None:
    with source(lambda request: Answer("{}", status=status, headers=headers)) as served, pytest.raises(QuotaUsed):
        ask(served)


@pytest.mark.parametrize("body", ["", "[]", "<html>", "{}"])
def test_what_is_no_repository_is_an_error(body: str) -> None:
    with source(lambda request: Answer(body)) as served, pytest.raises(SourceError, match="/repos/a/b: not "):
        ask(served)


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=6
)
weeks = st.lists(st.fixed_dictionaries({"week": json_values, "days": json_values}) | json_values, max_size=4)


@given(weeks | json_values)
def test_stars_since_takes_any_answer(value: Any) -> None:
    found = stars_since(value, date(2026, 11, 16))

    assert found is None or found >= 0
