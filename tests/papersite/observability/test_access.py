"""Every request has an id, a line and its share of the figures."""

import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from papersite.observability import access, logs
from papersite.observability.access import Access, Counts


def ask(request: HttpRequest, status: int = 200) -> tuple[Any, dict[str, Any]]:
    """The answer, and what each line within says."""
    told: dict[str, Any] = {}

    def view(request: HttpRequest) -> HttpResponse:
        told.update(logs.told())
        return HttpResponse(status=status)

    return Access(view)(request), told


def test_a_request_has_a_line_without_its_question(rf: RequestFactory, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "papersite.observability.access"):
        _, told = ask(rf.get("/search/", {"q": "secret wish"}), 404)

    (record,) = caplog.records
    assert record.getMessage().startswith("request.done method=GET path='/search/' status=404 ms=")
    assert record.about == told  # type: ignore[attr-defined]
    assert len(told["request"]) == 16


@pytest.mark.parametrize("path", ["/health/ready/", "/metrics/", "/static/css/site.css"])
def test_what_machines_ask_all_the_time_has_none(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.INFO, "papersite.observability.access"):
        ask(rf.get(path))

    assert caplog.records == []


def test_where_a_proxy_keeps_the_log_there_is_no_other(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.ACCESS_LOG = False
    with caplog.at_level(logging.INFO, "papersite.observability.access"):
        ask(rf.get("/"))

    assert caplog.records == []


@pytest.mark.parametrize(
    ("behind", "given", "is_taken"),
    [(True, "0af7651916cd43dd", True), (False, "0af7651916cd43dd", False), (True, "x\n y forged=1", False)],
)
def test_the_id_is_the_proxys_where_there_is_one(
    rf: RequestFactory, settings: Any, behind: bool, given: str, is_taken: bool
) -> None:
    settings.BEHIND_PROXY = behind

    _, told = ask(rf.get("/", headers={"X-Request-ID": given}))

    assert (told["request"] == given) is is_taken


def test_whoever_meets_an_error_can_name_its_lines(rf: RequestFactory) -> None:
    broken, told = ask(rf.get("/"), 500)
    fine, _ = ask(rf.get("/"))

    assert broken.headers["X-Request-ID"] == told["request"]
    assert "X-Request-ID" not in fine.headers


def test_counts_add_up_by_status_and_by_time() -> None:
    counts = Counts()
    for status, seconds in ((200, 0.004), (204, 0.3), (503, 60.0)):
        counts.add(status, seconds)

    figures = counts.figures()
    assert figures["statuses"] == {"2xx": 2, "5xx": 1}
    assert (figures["buckets"][0], figures["buckets"][6], figures["buckets"][-1]) == (1, 1, 1)
    assert figures["seconds"] == 60.304


@pytest.mark.django_db
def test_the_site_counts_each_request() -> None:
    before = access.counts.figures()["statuses"].get("2xx", 0)

    Client().get("/health/live/")

    assert access.counts.figures()["statuses"]["2xx"] == before + 1
