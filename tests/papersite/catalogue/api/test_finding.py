"""Search, topics and authors for programs."""

from typing import Any

import pytest
from django.test import Client

from papersite.catalogue.models import FormerSlug
from papersite.catalogue.search import language
from tests.factories import AuthorFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def get(path: str, **query: Any) -> Any:
    return Client().get(f"/api/v1{path}", query)


def test_a_search_is_read_page_by_page(index: Any, django_assert_max_num_queries: Any) -> None:
    PaperFactory.create_batch(3, abstract="Message passing over graphs")
    index()
    with django_assert_max_num_queries(8):
        first = get("/search", q="graphs", limit=2, sort="new").json()

    rest = get("/search", q="graphs", limit=2, sort="new", cursor=first["cursor"]).json()

    assert (first["total"], first["sort"], first["remarks"], first["mended"]) == (3, "new", [], "")
    assert [len(first["items"]), len(rest["items"]), rest["cursor"]] == [2, 1, None]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 422),
        ({"q": "x", "sort": "old"}, 422),
        ({"q": "x" * (language.MAX_LENGTH + 1)}, 422),
        ({"q": "graphs", "cursor": "relevance-0"}, 404),
        ({"q": "graphs", "cursor": "new-1"}, 404),
        ({"q": "graphs", "cursor": "hot-99999999999999999999"}, 404),
    ],
)
def test_what_is_no_search_is_a_problem(index: Any, query: dict[str, str], status: int) -> None:
    index()

    answer = get("/search", **query)

    assert (answer.status_code, answer.json()["status"]) == (status, status)


@pytest.mark.parametrize("path", ["/search", "/authors"])
def test_while_there_is_no_index_it_says_when_to_ask_again(path: str, settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path / "none"
    from papersite.catalogue.search import reading

    reading._reader.cache_clear()

    answer = get(path, q="graphs")

    reading._reader.cache_clear()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_topics_have_their_counts_and_former_addresses() -> None:
    topic = TopicFactory.create(slug="graphs")
    FormerSlug.objects.create(slug="networks", topic=topic)
    PaperFactory.create_batch(2, in_topics=[topic])

    assert get("/topics").json()["items"][0]["paper_count"] == 2
    for slug in ("graphs", "networks"):
        assert get(f"/topics/{slug}").json()["slug"] == "graphs"
        assert len(get(f"/topics/{slug}/papers").json()["items"]) == 2
    assert get("/topics/none").status_code == 404
    assert get("/topics/!").status_code == 422


def test_an_author_is_found_by_name_and_number(index: Any) -> None:
    author, other = AuthorFactory.create(name="Zoë Ünal", key="zoe unal"), AuthorFactory.create()
    PaperFactory.create(by=[author, other])
    index()

    assert get("/authors", q="zoe unal").json() == {"items": [{"id": author.pk, "name": "Zoë Ünal"}]}
    told = get(f"/authors/{author.pk}").json()
    assert (told["paper_count"], told["co_authors"]) == (1, [{"id": other.pk, "name": other.name}])
    assert get("/authors/999999").status_code == 404
