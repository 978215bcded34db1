"""What programs for Hugging Face ask for, and what they are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import NOW, PaperFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def get(path: str, query: dict[str, Any] | None = None, **more: Any) -> Any:
    return Client().get(path, query or {}, **more)


def ids(**query: Any) -> list[str]:
    answer = get("/api/daily_papers", query)
    assert answer.status_code == 200
    return [one["paper"]["id"] for one in answer.json()]


@pytest.fixture
def three() -> list[str]:
    """Papers of one day, the newest first; the first of them is the hottest."""
    found = [
        PaperFactory.create(
            arxiv_id=f"2611.0000{number}", announced_at=NOW + timedelta(minutes=number), heat=100 - number
        )
        for number in range(3)
    ]
    PaperFactory.create(arxiv_id="2610.00001", announced_at=NOW - timedelta(days=30), heat=0)
    PaperFactory.create(announced_at=NOW, is_hidden=True)
    return [paper.arxiv_id for paper in reversed(found)]


def test_a_day_a_week_and_a_month_are_listed(three: list[str]) -> None:
    for period in ({"date": "2026-11-23"}, {"week": "2026-W48"}, {"month": "2026-11"}):
        assert ids(**period) == three
    assert ids() == [*three, "2610.00001"]
    assert ids(date="2026-11-22") == []


def test_order_size_and_pages(three: list[str]) -> None:
    assert ids(date="2026-11-23", sort="trending") == three[::-1]
    assert ids(date="2026-11-23", limit=2) == three[:2]
    assert ids(date="2026-11-23", limit=2, p=1) == three[2:]
    assert ids(date="2026-11-23", limit=2, p=2) == []
    assert ids(date="2026-11-23", limit=5000) == three
    assert ids(p=999999999) == []
    assert ids(submitter="somebody") == []
    assert ids(date="2026-11-23", period="weekly") == three


@pytest.mark.parametrize(
    "query",
    [
        *(
            {"date": "2026-02-30"},
            {"date": "yesterday"},
            {"date": "20261123"},
            {"week": "2026-W60"},
            {"week": "2026-11"},
        ),
        *({"month": "2026-13"}, {"limit": "0"}, {"limit": "x"}, {"p": "-1"}, {"p": "1_0"}, {"sort": "best"}),
    ],
)
def test_what_is_none_is_refused_in_words(query: dict[str, str]) -> None:
    answer = get("/api/daily_papers", query)

    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert answer.headers["X-Error-Message"] == answer.json()["error"]


@pytest.mark.parametrize("written", ["2611.00001", "2611.00001v2", "p{pk}"])
def test_one_paper_is_flat(written: str) -> None:
    paper = PaperFactory.create(arxiv_id="2611.00001", hf_upvotes=7)

    told = get(f"/api/papers/{written.format(pk=paper.pk)}").json()

    assert (told["id"], told["upvotes"], told["title"]) == ("2611.00001", 7, paper.title)
    assert "paper" not in told


@pytest.mark.parametrize("path", ["/api/papers/2611.99999", "/api/papers/é񀧞", "/papers/2611.99999.md"])
def test_an_unknown_paper_is_said_as_their_client_reads_it(path: str) -> None:
    answer = get(path)

    assert (answer.status_code, answer.json()) == (404, {"error": "Paper not found"})
    assert answer.headers["X-Error-Message"] == "Paper not found"


def test_search_finds_and_without_words_shows_the_hottest(index: Any, three: list[str]) -> None:
    PaperFactory.create(arxiv_id="2611.00009", abstract="Message passing over graphs", heat=0)
    index()

    assert [one["paper"]["id"] for one in get("/api/papers/search", {"q": "graphs"}).json()] == ["2611.00009"]
    assert len(get("/api/papers/search", {"limit": "2"}).json()) == 2
    assert get("/api/papers/search", {"q": "x" * 251}).status_code == 400


def test_a_token_of_theirs_is_ignored(three: list[str]) -> None:
    for value in ("Bearer hf_xxx", "Bearer papersite_forged", "Basic eDp5", "nonsense"):
        assert get("/api/daily_papers", headers={"Authorization": value}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_written_here(method: str) -> None:
    answer: Any = getattr(Client(enforce_csrf_checks=True), method)("/api/daily_papers")

    assert (answer.status_code, list(answer.json()), answer.headers["Allow"]) == (405, ["error"], "GET, HEAD")


def test_a_list_asks_few_questions_however_long_it_is(django_assert_max_num_queries: Any) -> None:
    PaperFactory.create_batch(12)

    with django_assert_max_num_queries(4):
        assert len(ids()) == 12


def test_a_paper_is_markdown_at_its_address() -> None:
    PaperFactory.create(arxiv_id="2611.00001", title="On graphs")

    answer = get("/papers/2611.00001v3.md")

    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.content.decode().startswith("# On graphs\n")
    assert answer.headers["ETag"]
