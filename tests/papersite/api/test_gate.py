"""What stands around every answer for programs."""

import json
from typing import Any

import pytest
from django.test import Client

from papersite.cache import Away
from papersite.web import limits
from papersite.web.rates import parse
from tests.factories import PaperFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]

V1 = ["/api/v1/papers", "/api/v1/papers/2611.00001", "/api/v1/nothing", "/api/v1/me"]


def problem(answer: Any) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.content)
    assert told["status"] == answer.status_code
    assert told["detail"]
    return told


@pytest.mark.parametrize(
    "path", ["/api/v1/", "/api/v1/nothing", "/api/v1/papers/", "/api/v1/me/nothing", "/api/v1/é/񀧞"]
)
def test_what_is_not_there_is_a_problem(path: str) -> None:
    assert problem(Client().get(path))["title"] == "Not Found"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/daily_papers/", "/api/v2/papers", "/api/papers/search/x"])
def test_beside_it_what_is_not_there_is_said_as_hugging_face_does(path: str) -> None:
    answer: Any = Client().get(path)

    assert (answer.status_code, list(answer.json())) == (404, ["error"])
    assert answer.headers["X-Error-Message"] == answer.json()["error"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_is_not_taken_is_a_problem_that_names_the_others(method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/papers")

    assert problem(answer)["status"] == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_an_error_of_the_site_itself_is_a_problem(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("papersite.catalogue.lists.of_heat", broken)

    answer = Client(raise_request_exception=False).get("/api/v1/papers")

    assert problem(answer)["status"] == 500
    assert "ZeroDivision" not in answer.content.decode()


def test_another_host_is_a_problem(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["papers.example.org"]

    assert problem(Client().get("/api/v1/papers", headers={"Host": "evil.example"}))["status"] == 400


@pytest.mark.parametrize("query", ["cursor=%00", "cursor=%ff", "%ff=1", "limit=%00"])
@pytest.mark.parametrize("path", ["/api/v1/papers", "/api/daily_papers"])
def test_what_no_text_has_is_refused(path: str, query: str) -> None:
    assert Client().get(f"{path}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"{}", "text/xml", 415),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b" " * 200_000, "application/json", 413),
        (b"[" * 50_000, "application/json", 400),
    ],
)
def test_what_is_no_body_is_a_problem(sent: bytes, kind: str, status: int, write_token: str) -> None:
    headers = {"Authorization": f"Bearer {write_token}"}

    answer = Client().post("/api/v1/me/follows", data=sent, content_type=kind, headers=headers)

    assert problem(answer)["status"] == status


def test_a_read_has_an_etag_and_is_not_sent_again() -> None:
    PaperFactory.create()
    first = Client().get("/api/v1/papers")

    again = Client().get("/api/v1/papers", headers={"If-None-Match": first.headers["ETag"]})
    PaperFactory.create()
    changed = Client().get("/api/v1/papers", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["ETag"].startswith('"')
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert first.headers["Cache-Control"].startswith("public, max-age=")


def test_a_read_is_the_same_however_it_is_asked_for() -> None:
    PaperFactory.create()
    plain = Client().get("/api/v1/papers").content

    for headers in ({"Accept": "text/html"}, {"Accept": "nonsense"}, {"Accept": "application/json"}, {"Cookie": "a=b"}):
        assert Client().get("/api/v1/papers", headers=headers).content == plain


@pytest.mark.parametrize("path", ["/api/v1/papers", "/api/v1/papers?limit=3", "/api/daily_papers"])
def test_head_is_get_without_a_body(path: str) -> None:
    got, head = Client().get(path), Client().head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize("path", [*V1[:3], "/api/daily_papers"])
def test_pages_of_other_sites_may_read(path: str) -> None:
    answer = Client().get(path, headers={"Origin": "https://elsewhere.example"})
    asked = Client().options(
        path, headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    )

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert asked.status_code == 204
    assert "POST" not in asked.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/me/saved"])
def test_pages_of_other_sites_may_not_read_what_is_a_readers(path: str, read_token: str) -> None:
    answer = Client().get(path, headers={"Authorization": f"Bearer {read_token}"})

    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_every_answer_says_what_is_left_and_the_last_one_how_long_to_wait(settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"api": (parse("2/m,100/h"), parse("100/m"))}

    answers = [Client().get("/api/v1/topics") for _ in range(3)]

    assert answers[0].headers["RateLimit-Policy"] == '"network-60s";q=2;w=60, "network-3600s";q=100;w=3600'
    assert answers[0].headers["RateLimit"].startswith('"network-60s";r=1;t=')
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert problem(answers[2])["status"] == 429
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].headers["RateLimit"].startswith('"network-60s";r=0;')


def test_an_account_is_counted_wherever_it_asks_from(settings: Any, read_token: str) -> None:
    settings.LIMITS = settings.LIMITS | {"api": (parse("1/m"), parse("2/m"))}
    headers = {"Authorization": f"Bearer {read_token}"}

    answers = [Client().get("/api/v1/topics", headers=headers, REMOTE_ADDR=f"203.0.{n}.1") for n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert Client().get("/api/v1/topics", REMOTE_ADDR="203.0.9.1").status_code == 200


def test_hugging_faces_programs_are_told_to_wait_in_their_words(settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"api": (parse("0/m"), parse("0/m"))}

    answer: Any = Client().get("/api/daily_papers")

    assert (answer.status_code, list(answer.json())) == (429, ["error"])
    assert "Retry-After" in answer.headers


def test_the_catalogue_goes_on_where_nobody_can_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> Any:
        raise Away

    monkeypatch.setattr(limits, "spend", away)

    answer = Client().get("/api/v1/topics")

    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers
