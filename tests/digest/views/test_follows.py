"""What a reader follows and leaves out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from digest.models import Follow, Subscription
from tests.factories import AuthorFactory, FollowFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db

ADD = "/subscription/follows/add/"
HTMX = {"HX-Request": "true"}


def test_follow_mute_and_remove_each_twice(reader_client: Client, subscription: Subscription) -> None:
    states = []
    for state in ("include", "include", "mute", "mute", "remove", "remove"):
        reader_client.post(ADD, {"search": "graph networks", "state": state})
        states.append([(follow.search, follow.mutes) for follow in subscription.follows.all()])

    followed, muted = [("graph networks", False)], [("graph networks", True)]
    assert states == [followed, followed, muted, muted, [], []]


def test_a_button_leads_back_to_its_page(reader_client: Client, subscription: Subscription) -> None:
    topic = TopicFactory.create(slug="graphs")

    answer = reader_client.post(ADD, {"topic": topic.pk, "next": "/topics/graphs/?page=1"}, follow=True)

    assert answer.redirect_chain == [("/topics/graphs/?page=1", 302)]
    assert "You follow it now" in answer.content.decode()


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "2026",
    ],
)
def test_a_button_leads_nowhere_else(reader_client: Client, subscription: Subscription, there: str) -> None:
    answer = reader_client.post(ADD, {"trending": "on", "next": there})

    assert answer.headers["Location"] == "/subscription/follows/"


def test_a_button_changes_in_place(reader_client: Client, subscription: Subscription) -> None:
    topic = TopicFactory.create()

    answer = reader_client.post(ADD, {"topic": topic.pk}, headers=HTMX | {"HX-Target": "following-topic"})

    assert answer.content.decode().count("<form") == 1
    assert "✓ Following" in answer.content.decode()


def test_what_was_removed_can_be_taken_back(reader_client: Client, subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription, kind="search", search="graph", mutes=True)

    answer = reader_client.post(ADD, {"search": "graph", "state": "remove"}, follow=True)

    assert "Removed: graph" in answer.content.decode()
    assert 'value="mute" autofocus>Undo' in answer.content.decode()


def test_a_forged_removed_shows_nothing(reader_client: Client, subscription: Subscription) -> None:
    page = reader_client.get("/subscription/follows/", {"removed": "topic:nothing"}).content.decode()

    assert "Removed" not in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Type what to follow"),
        ({"search": "(graph"}, "An opening bracket has no closing one."),
        ({"search": "after:tomorrow"}, "is not a day"),
        ({"search": "x" * 301}, "at most 300 characters"),
        ({"author": "999999"}, "This topic or author is not here any more."),
        ({"trending": "on", "state": "mute"}, "not left out"),
        ({"trending": "on", "state": "explode"}, "not here any more"),
    ],
)
def test_follow_says_what_is_wrong(reader_client: Client, subscription: Subscription, fields: Any, says: str) -> None:
    answer = reader_client.post(ADD, fields)

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert subscription.follows.count() == 0
    assert reader_client.post(ADD, fields, headers=HTMX).headers["HX-Redirect"].startswith("/subscription/follows/?")


def test_the_limit_is_said(reader_client: Client, subscription: Subscription, settings: Any) -> None:
    settings.FOLLOWS_PER_READER = 1
    reader_client.post(ADD, {"search": "graph"})

    answer = reader_client.post(ADD, {"search": "sound"})

    assert (answer.status_code, subscription.follows.count()) == (400, 1)
    assert "as many as there may be" in answer.content.decode()


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.post(ADD, {"search": "graph"}).headers["Location"] == "/accounts/login/"
    assert client.post(ADD, {"search": "graph"}, headers=HTMX).headers["HX-Redirect"] == "/accounts/login/"


def test_nobody_touches_somebody_elses_follow(reader_client: Client, subscription: Subscription) -> None:
    theirs = FollowFactory.create()

    reader_client.post(ADD, {"trending": "on", "state": "remove"})

    assert Follow.objects.filter(pk=theirs.pk).exists()


def test_typing_shows_what_it_would_bring(
    reader_client: Client, subscription: Subscription, index: Callable[[], Any]
) -> None:
    author = AuthorFactory.create(name="Graham Bell")
    PaperFactory.create(title="On graphs", by=[author])
    TopicFactory.create(name="Graph learning")
    index()
    typing = HTMX | {"HX-Target": "found"}

    found = reader_client.get("/subscription/follows/", {"search": "gra"}, headers=typing).content.decode()
    wrong = reader_client.get("/subscription/follows/", {"search": "(graph"}, headers=typing).content.decode()

    assert "<h1" not in found
    assert ("Graph learning" in found, "Graham Bell" in found, "this week" in found) == (True, True, True)
    assert "An opening bracket has no closing one." in wrong
    assert "<h1" in reader_client.get("/subscription/follows/", {"search": "gra"}).content.decode()


def test_follows_say_of_a_name_that_it_is_likely_several_peoples(
    reader_client: Client, subscription: Subscription
) -> None:
    common, rare, friend = (AuthorFactory.create(name=name) for name in ("Qi Lin", "Ada Byron", "Bo Diaz"))
    for _ in range(5):
        PaperFactory.create(by=[common, AuthorFactory.create()])
        PaperFactory.create(by=[rare, friend])
    for author in (common, rare):
        FollowFactory.create(subscription=subscription, kind="author", author=author)

    page = reader_client.get("/subscription/follows/").content.decode()

    assert page.count("Likely several people’s name") == 1
    assert '?search=author:%22Qi%20Lin%22">author:"Qi Lin"</a>' in page


@pytest.mark.parametrize("rows", [1, 30])
def test_follows_cost_the_same_queries_for_one_and_for_thirty(
    reader_client: Client, subscription: Subscription, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        FollowFactory.create(subscription=subscription, kind="topic", topic=TopicFactory.create())
        FollowFactory.create(subscription=subscription, kind="author", author=AuthorFactory.create())
        FollowFactory.create(subscription=subscription, kind="search", search=f"word{number}", mutes=True)
        TopicFactory.create()

    with django_assert_num_queries(9):
        page = reader_client.get("/subscription/follows/").content.decode()

    assert page.count("Mute instead") == 2 * rows
    assert page.count("Follow instead") == rows


def test_a_list_is_taken_line_by_line_and_what_is_not_taken_stays(
    reader_client: Client, subscription: Subscription
) -> None:
    TopicFactory.create(name="Graph learning", slug="graphs")

    answer = reader_client.post(
        "/subscription/follows/import/", {"text": "topic:graphs\n-video\n(broken\ntopic:graphs\ntrending"}
    )
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "4 of 5 lines taken" in page
    assert "no closing one" in page
    assert ">(broken</textarea>" in page
    assert {(follow.label, follow.mutes) for follow in subscription.follows.all()} == {
        ("Graph learning", False), ("video", True), ("Trending overall", False),
    }  # fmt: skip


def test_a_file_is_taken_and_gives_back_itself(reader_client: Client, subscription: Subscription) -> None:
    TopicFactory.create(name="Graph learning", slug="graphs")
    listed = "# mine\ntopic:graphs\n-search:sound OR video\n"

    answer = reader_client.post(
        "/subscription/follows/import/", {"file": SimpleUploadedFile("follows.txt", listed.encode("utf-16"))}
    )
    written = reader_client.get("/subscription/follows/export/")

    assert answer.status_code == 200
    assert written.content.decode().splitlines()[1:] == listed.splitlines()[1:]
    assert written.headers["Content-Disposition"] == 'attachment; filename="follows.txt"'


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "There is no line"),
        ({"text": "# only a remark"}, "There is no line"),
        ({"text": "(broken"}, "no closing one"),
        ({"text": "x\n" * 1001}, "1000 lines"),
        ({"file": SimpleUploadedFile("x.zip", b"PK\0\0")}, "no text file"),
        ({"file": SimpleUploadedFile("x.txt", b"x" * 100_001)}, "larger than"),
    ],
)
def test_a_list_of_nothing_says_so(reader_client: Client, subscription: Subscription, fields: Any, says: str) -> None:
    answer = reader_client.post("/subscription/follows/import/", {"sent": "1"} | fields)

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert subscription.follows.count() == 0
