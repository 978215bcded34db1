"""Asking politely, and again."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from django.utils import timezone

from papersite.catalogue.sources import http
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.records import SourceError
from tests.source_server import Answer, Request, Source, source


def ask(served: Source) -> str:
    with SourceClient(served.url, accept="application/json") as client:
        return client.get("/list", {"day": "1"}).text


def test_get_says_who_asks_and_what_for(settings: Any) -> None:
    settings.HARVEST_CONTACT = "mailto:us@example.org"

    with source(lambda request: Answer("fine")) as served:
        assert ask(served) == "fine"

    (request,) = served.requests
    assert (request.path, request.query) == ("/list", {"day": "1"})
    assert request.headers["User-Agent"] == "papersite/0.1 (+mailto:us@example.org)"
    assert request.headers["Accept"] == "application/json"


@pytest.mark.parametrize(
    "fault",
    [
        Answer(status=429), Answer(status=503, headers={"Retry-After": "0"}), Answer(status=500),
        Answer(status=503, headers={"Retry-After": "soon"}), Answer(hangs_up=True),
    ],
)  # fmt: skip
def test_get_asks_again_what_may_pass(fault: Answer) -> None:
    answers = [fault, fault, Answer("fine")]

    with source(lambda request: answers.pop(0)) as served:
        assert ask(served) == "fine"


@pytest.mark.parametrize("status", [400, 401, 404])
def test_get_does_not_ask_again_what_will_not_pass(status: int) -> None:
    with source(lambda request: Answer(status=status)) as served, pytest.raises(SourceError) as caught:
        ask(served)

    assert str(caught.value) == f"{served.url}/list?day=1: answered {status}"
    assert len(served.requests) == 1


def test_get_gives_up_after_its_attempts() -> None:
    with source(lambda request: Answer(status=503)) as served, pytest.raises(SourceError, match="answered 503"):
        ask(served)

    assert len(served.requests) == 5


def test_get_names_a_service_that_is_not_there() -> None:
    with pytest.raises(SourceError, match=r"http://127\.0\.0\.1:1/list\?day=1: ConnectError"):
        ask(Source("http://127.0.0.1:1"))


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    in_a_minute = format_datetime(timezone.now() + timedelta(seconds=60), usegmt=True)

    assert http._retry_after("7") == 7
    assert http._retry_after(in_a_minute) == pytest.approx(60, abs=2)
    assert [http._retry_after(value) for value in ("", "soon", "-5", "nan")] == [0, 0, 0, 0]
    assert http._retry_after("99999") == 120


def test_get_follows_a_redirect_within_the_host_and_never_to_another() -> None:
    def moved(request: Request) -> Answer:
        return Answer("", status=301, headers={"Location": "/new"}) if request.path == "/list" else Answer("fine")

    with source(moved) as served:
        assert ask(served) == "fine"
    with (
        source(lambda request: Answer("", status=302, headers={"Location": "http://192.0.2.1/"})) as served,
        pytest.raises(SourceError, match=r"redirects to another host, http://192\.0\.2\.1"),
    ):
        ask(served)


def test_get_gives_up_on_a_circle() -> None:
    with (
        source(lambda request: Answer("", status=302, headers={"Location": "/list"})) as served,
        pytest.raises(SourceError, match="redirected more than 3 times"),
    ):
        ask(served)


def test_get_cuts_off_a_flood(settings: Any) -> None:
    settings.HARVEST_MAX_BYTES = 10_000

    with (
        source(lambda request: Answer("x" * 20_000)) as served,
        pytest.raises(SourceError, match="more than 10000 bytes"),
    ):
        ask(served)


def test_get_cuts_off_a_packed_flood(settings: Any) -> None:
    settings.HARVEST_MAX_BYTES = 10_000
    packed = gzip.compress(b"x" * 5_000_000)

    with (
        source(lambda request: Answer(packed, headers={"Content-Encoding": "gzip"})) as served,
        pytest.raises(SourceError, match="more than 10000 bytes"),
    ):
        ask(served)


@pytest.mark.parametrize(
    ("body", "coding", "said"),
    [
        (
            gzip.compress(gzip.compress(b"x" * 5_000_000)),
            "gzip, gzip",
            "packed as 'gzip, gzip', which nobody asked for",
        ),
        (b"x", "br", "packed as 'br'"),
        (b"not packed", "gzip", "its packing is damaged"),
        (gzip.compress(b"x" * 5_000)[:-9], "gzip", "its packing ends before its end"),
    ],
    ids=["packed twice", "packed otherwise", "not packed", "cut"],
)
def test_get_unpacks_once_and_only_what_is_whole(body: bytes, coding: str, said: str) -> None:
    with (
        source(lambda request: Answer(body, headers={"Content-Encoding": coding})) as served,
        pytest.raises(SourceError, match=said),
    ):
        ask(served)


@pytest.mark.parametrize(
    ("body", "coding"), [(zlib.compress(b"fine"), "deflate"), (gzip.compress(b"fine"), "GZIP")], ids=["deflate", "gzip"]
)
def test_get_unpacks_what_it_asked_for(body: bytes, coding: str) -> None:
    with source(lambda request: Answer(body, headers={"Content-Encoding": coding})) as served:
        assert ask(served) == "fine"


@pytest.mark.parametrize(
    ("here", "there", "follows"),
    [
        ("https://a.example/x", "/y", True),
        ("https://a.example/x", "http://a.example/x", False),
        ("http://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "https://a.example:444/x", False),
        ("https://a.example/x", "https://a.example.evil.example/x", False),
        ("https://a.example/x", "ftp://a.example/x", False),
    ],
)
def test_a_redirect_stays_with_the_host_and_with_tls(here: str, there: str, follows: bool) -> None:
    answer = http.Answer(here, 302, httpx.Headers({"Location": there}), b"")

    if follows:
        assert http._same_host(answer).endswith(("/x", "/y"))
    else:
        with pytest.raises(SourceError, match="redirects to another host"):
            http._same_host(answer)


def test_get_waits_out_a_stall_and_then_reports_it(settings: Any) -> None:
    settings.HARVEST_TIMEOUT = 0.2
    settings.HARVEST_ATTEMPTS = 2

    with (
        source(lambda request: Answer("late", stalls=0.6)) as served,
        pytest.raises(SourceError, match="ReadTimeout; asked 2 times"),
    ):
        ask(served)


def test_get_says_what_it_waited_out() -> None:
    answers = [Answer(status=503, headers={"Retry-After": "0"}), Answer("busy"), Answer("fine")]
    faults: list[str] = []

    with source(lambda request: answers.pop(0)) as served:
        client = SourceClient(
            served.url, accept="text/plain", on_fault=faults.append, looks_busy=lambda body: body == b"busy"
        )
        with client:
            assert client.get("/list").text == "fine"

    assert [fault.partition(": ")[2] for fault in faults] == ["answered 503", "answered 200 but said that it is busy"]


def test_each_request_holds_a_slot_of_its_own() -> None:
    heard = []

    @contextmanager
    def slot() -> Iterator[None]:
        heard.append("begins")
        yield
        heard.append("ends")

    answers = [Answer(status=500), Answer("fine")]
    with (
        source(lambda request: answers.pop(0)) as served,
        SourceClient(served.url, accept="text/plain", slot=slot) as client,
    ):
        client.get("/list")

    assert heard == ["begins", "ends"] * 2


def test_text_that_is_not_utf_8_is_an_error() -> None:
    with (
        source(lambda request: Answer(b"Sch\xf6n")) as served,
        pytest.raises(SourceError, match=r"not UTF-8 \(byte 4\)"),
    ):
        ask(served)
