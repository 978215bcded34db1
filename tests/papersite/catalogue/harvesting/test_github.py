"""Stars of linked repositories, as far as the quota goes."""

import json
from datetime import timedelta
from typing import Any

import pytest

from papersite.catalogue.harvesting.github import harvest
from papersite.catalogue.models import Harvest, Paper, Reject, Repository
from papersite.catalogue.sources.records import SourceError
from tests.factories import NOW, PaperFactory
from tests.source_server import Answer, Request, source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers() -> list[Paper]:
    return [PaperFactory.create(code_url=f"https://github.com/a/b{number}") for number in range(4)]


def answer(request: Request) -> Answer:
    if request.path.endswith("/history"):
        return Answer(json.dumps([{"week": int((NOW - timedelta(days=2)).timestamp()), "days": [1, 2, 3, 0, 0, 0, 0]}]))
    name = request.path.removeprefix("/repos/")
    return Answer(json.dumps({"full_name": name, "html_url": f"https://github.com/{name}", "stargazers_count": 40}))


def run(settings: Any, answers: Any, token: str = "") -> list[Request]:
    with source(answers) as served:
        settings.GITHUB_URL, settings.GITHUB_TOKEN = served.url, token
        harvest(NOW)
    return served.requests


def test_every_repository_is_asked_once_a_day(settings: Any) -> None:
    requests = run(settings, answer, token="secret")
    assert run(settings, answer) == []

    assert len(requests) == 8
    assert requests[0].headers["Authorization"] == "Bearer secret"
    assert requests[0].headers["X-GitHub-Api-Version"] == "2026-03-10"
    assert set(Paper.objects.values_list("github_stars", "github_week")) == {(40, 6)}
    assert (Harvest.objects.order_by("pk")[0].seen, Harvest.objects.order_by("pk")[0].updated) == (4, 4)


def test_without_a_token_nobody_says_who_they_are(settings: Any) -> None:
    assert "Authorization" not in run(settings, answer)[0].headers


def test_the_run_ends_quietly_when_the_quota_is_used_up_and_the_next_goes_on(settings: Any) -> None:
    left = iter(range(5, -1, -1))
    until = str(int((NOW + timedelta(minutes=30)).timestamp()))

    def counted(request: Request) -> Answer:
        headers = {"X-RateLimit-Remaining": str(next(left)), "X-RateLimit-Reset": until}
        return Answer(answer(request).body, headers=headers)

    run(settings, counted)
    first = Harvest.objects.get()
    assert (first.seen, first.error) == (2, "")
    assert "quota is used up until" in first.notes

    assert len(run(settings, answer)) == 4
    assert Repository.objects.filter(asked_at__isnull=True).count() == 0


def test_one_bad_repository_stops_nothing_and_is_kept_with_its_reason(settings: Any) -> None:
    run(settings, lambda request: Answer("nonsense") if request.path == "/repos/a/b1" else answer(request))

    row = Harvest.objects.get()
    assert (row.seen, row.rejected, row.error) == (3, 1, "")
    assert Reject.objects.get().place == "https://github.com/a/b1"


def test_a_service_that_fails_again_and_again_ends_the_run(settings: Any) -> None:
    PaperFactory.create(code_url="https://github.com/a/b9")

    with pytest.raises(SourceError):
        run(settings, lambda request: Answer("nonsense"))

    assert (Harvest.objects.get().rejected, Harvest.objects.get().error != "") == (5, True)


def test_repositories_that_are_gone_are_marked(settings: Any) -> None:
    run(settings, lambda request: Answer("{}", status=404))

    assert Repository.objects.filter(is_gone=True).count() == 4
