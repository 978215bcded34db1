"""Nobody sees another's page: two readers and a stranger walk all pages through the shared ones, in any order."""

import itertools
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client

from papersite.catalogue import reading_list, votes
from papersite.web.page_store import store
from tests.conftest import signed_in
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, SubscriptionFactory, TopicFactory

pytestmark = pytest.mark.django_db

WHO = ("ada", "bob", "stranger")


@pytest.fixture
def world(settings: Any, index: Any) -> dict[str, Any]:
    settings.PAGES_FRESH_SECONDS = 60
    topic, author, category = (
        TopicFactory.create(slug="graphs"),
        AuthorFactory.create(),
        CategoryFactory.create(code="cs.LG"),
    )
    paper = PaperFactory.create(arxiv_id="2611.00001", title="Graphs", in_topics=[topic], by=[author])
    paper.categories.add(category)
    clients: dict[str, Client] = {"stranger": Client()}
    for name in ("ada", "bob"):
        reader = SubscriptionFactory.create(reader__email=f"{name}@example.org").reader
        clients[name] = signed_in(reader)
        if name == "ada":
            votes.cast(paper, reader)
            reading_list.save(paper, reader, NOW)
    index()
    paths = [
        "/", "/papers/2026-11-23/", "/papers/week/2026-W48/", "/papers/month/2026-11/", "/papers/2611.00001/",
        "/topics/", "/topics/graphs/", f"/authors/{author.pk}/", "/categories/cs.LG/", "/trending/how/", "/archive/",
        "/privacy/", "/search/?q=graphs", "/search/help/", "/nowhere/", "/?page=7",
    ]  # fmt: skip
    return {"clients": clients, "paths": paths}


MINE = ("csrfmiddlewaretoken", "/accounts/logout/", 'aria-pressed="true"', "ada@example.org", "bob@example.org")


def is_personal(page: str) -> bool:
    return any(word in page for word in MINE)


@pytest.mark.long
@pytest.mark.parametrize("order", list(itertools.permutations(WHO)), ids="-".join)
def test_each_sees_their_own_page_whoever_came_before(world: dict[str, Any], order: tuple[str, ...]) -> None:
    for path in world["paths"]:
        for who in (*order, *order):
            answer = world["clients"][who].get(path)
            page = answer.content.decode()
            assert is_personal(page) is (who != "stranger"), (who, path)
            if who == "stranger":
                assert not answer.cookies, path
                if answer.status_code == 200:
                    assert answer.headers["Cache-Control"] == "public, max-age=60", path
                    assert answer.headers["Vary"].startswith("Cookie, Accept-Encoding"), path
            else:
                assert answer.headers["Cache-Control"] == "private, no-store", path
                assert not answer.has_header("ETag"), path
                # Beside a token nothing is packed that a stranger could have typed into it.
                assert not answer.has_header("Content-Encoding"), path
    assert not any(is_personal(page.body.decode()) for page in store.memory._pages.values())


def test_votes_of_one_are_not_shown_to_another(world: dict[str, Any]) -> None:
    pages = {who: world["clients"][who].get("/papers/2611.00001/").content.decode() for who in WHO}

    assert [pages[who].count('aria-pressed="true"') > 0 for who in WHO] == [True, False, False]


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Range": "bytes=0-99"}, {"If-None-Match": "*"}, {"Accept-Encoding": "gzip"}, {"HX-Request": "true"},
        {"X-Forwarded-Host": "evil.example"}, {"X-Original-URL": "/subscription/"}, {"Authorization": "Basic eDp5"},
        {"Accept": "application/json"}, {"X-HTTP-Method-Override": "POST"},
    ],
    ids=lambda headers: next(iter(headers), "plain"),
)  # fmt: skip
def test_no_header_of_a_reader_reaches_a_page_for_all(
    world: dict[str, Any], method: str, headers: dict[str, str]
) -> None:
    for path in ("/", "/topics/graphs/", "/search/?q=graphs"):
        answer = getattr(world["clients"]["ada"], method)(path, headers=headers)
        assert "public" not in answer.headers.get("Cache-Control", "")
        own = getattr(world["clients"]["stranger"], method)(path, headers=headers)
        assert not is_personal(own.content.decode(errors="ignore"))
        assert b"evil.example" not in own.content
    assert not any(is_personal(page.body.decode()) for page in store.memory._pages.values())


def test_a_message_is_shown_to_whom_it_waits_for_and_to_nobody_else(world: dict[str, Any], rf: Any) -> None:
    """Who just closed their account or left has no session, and a message in a cookie."""
    waiting = Client()
    storage = CookieStorage(rf.get("/"))
    storage.add(20, "A word for one")
    from django.http import HttpResponse

    response = HttpResponse()
    storage.update(response)
    waiting.cookies["messages"] = response.cookies["messages"].value

    assert "A word for one" in waiting.get("/").content.decode()
    assert "A word for one" not in world["clients"]["stranger"].get("/").content.decode()


def test_a_session_that_ran_out_is_no_reason_to_keep_its_page(world: dict[str, Any]) -> None:
    gone = Client()
    gone.cookies["sessionid"] = "x" * 32

    answer = gone.get("/")

    assert "private" in answer.headers["Cache-Control"]
    assert not store.memory._pages
