"""Readers' pages from one sheet: made once for all of them, filled with what is each one's own."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from digest.following import follows
from digest.models import Subscription
from papersite.catalogue import reading_list, votes
from papersite.catalogue.models import Paper, Topic
from papersite.web import sheets
from tests.conftest import signed_in
from tests.factories import NOW, PaperFactory, SubscriptionFactory, TopicFactory

pytestmark = pytest.mark.django_db

PAPER = "/papers/2611.00001/"
TOKENS = re.compile(r'(name="csrfmiddlewaretoken" value=")\w+')


@pytest.fixture(autouse=True)
def kept(settings: Any) -> None:
    settings.PAGES_FRESH_SECONDS = 60


@pytest.fixture
def paper() -> Paper:
    topic = TopicFactory.create(slug="graphs")
    return PaperFactory.create(arxiv_id="2611.00001", title="Graphs", hf_upvotes=3, in_topics=[topic])


@pytest.fixture
def readers(paper: Paper) -> list[User]:
    return [SubscriptionFactory.create().reader for _ in range(2)]


def page_of(reader: User, path: str) -> str:
    """What a reader is shown, without its tokens, which are others each time, and how lines are broken."""
    return " ".join(TOKENS.sub(r"\1", signed_in(reader).get(path).content.decode()).split())


@pytest.mark.parametrize("path", ["/", PAPER, "/topics/graphs/", "/?view=detailed"])
def test_it_is_the_page_that_the_view_makes(readers: list[User], paper: Paper, settings: Any, path: str) -> None:
    ada, bob = readers
    votes.cast(paper, ada)
    reading_list.save(paper, ada, NOW)
    follows.put(Subscription.objects.get(reader=ada), follows.of_topic(Topic.objects.get(slug="graphs")))
    of_sheets = [page_of(reader, path) for reader in (bob, ada, bob, ada)]
    settings.PAGES_FRESH_SECONDS = 0

    assert of_sheets == [page_of(reader, path) for reader in (bob, ada, bob, ada)]
    assert "view=" in path or of_sheets[0] != of_sheets[1]


def test_who_comes_after_is_asked_of_alone(readers: list[User], django_assert_max_num_queries: Any) -> None:
    clients = [signed_in(reader) for reader in readers]
    clients[0].get("/")

    with django_assert_max_num_queries(3):  # session, reader, what they did with the papers
        clients[1].get("/")


def test_each_has_a_token_that_is_good(readers: list[User], paper: Paper) -> None:
    for reader in readers:
        client = Client(enforce_csrf_checks=True)
        client.cookies = signed_in(reader).cookies
        page = client.get(PAPER).content.decode()
        assert "\x02" not in page
        token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page)[0]
        answer = client.post(f"{PAPER}vote/", {"csrfmiddlewaretoken": token})
        assert answer.status_code == 302

    paper.refresh_from_db()
    assert paper.vote_count == 2


def test_a_vote_is_seen_at_once_by_all_and_as_theirs_by_one(readers: list[User], paper: Paper) -> None:
    ada, bob = readers
    before = page_of(ada, PAPER)
    votes.cast(paper, bob)

    pages = [page_of(reader, PAPER) for reader in readers]

    assert "<strong>1 vote" not in before
    assert all("<b>4</b>" in page and "<strong>1 vote" in page for page in pages)
    assert ['aria-pressed="true"' in page for page in pages] == [False, True]


def test_a_waiting_message_and_a_curators_page_are_made_anew(
    readers: list[User], curator_client: Client, paper: Paper
) -> None:
    client = signed_in(readers[0])
    assert "notice-" not in client.get("/").content.decode()
    followed = {"topic": Topic.objects.get().pk, "state": "include", "next": "/"}
    client.post("/subscription/follows/add/", followed)

    assert "notice-" in client.get("/").content.decode()
    assert "notice-" not in page_of(readers[1], "/")
    assert "/admin/" in curator_client.get("/").content.decode()
    assert "/admin/" not in page_of(readers[1], "/")


def test_what_a_curator_hides_is_gone_at_once(readers: list[User], paper: Paper, curator_client: Client,
    django_capture_on_commit_callbacks: Any) -> None:  # fmt: skip
    assert "Graphs" in page_of(readers[0], "/")
    with django_capture_on_commit_callbacks(execute=True):
        curator_client.post("/admin/catalogue/paper/", {"action": "hide", "_selected_action": [paper.pk]})

    assert "Graphs" not in page_of(readers[0], "/")


def test_a_page_that_is_none_is_said_to_each(readers: list[User]) -> None:
    client = signed_in(readers[0])

    assert client.get("/?after=x").status_code == client.get("/papers/2611.99999/").status_code == 404
    assert client.get("/?view=detailed").cookies["view"].value == "detailed"


def test_while_one_is_printing_others_are_served_anyway(readers: list[User]) -> None:
    client = signed_in(readers[0])
    with sheets._lock:
        sheets._printing.add("/?||")
    try:
        assert "Graphs" in client.get("/").content.decode()
        assert sheets.sheets.get("/?||") is None
    finally:
        sheets._printing.discard("/?||")
    client.get("/")
    assert sheets.sheets.get("/?||") is not None
