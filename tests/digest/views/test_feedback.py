"""What a reader says of one paper of a mail, and the page that lists it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from digest.following import opinions
from digest.ledger import folding
from digest.models import Delivery, Follow, Opinion, Subscription
from papersite.catalogue.models import Paper, SavedPaper, Topic
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, SubscriptionFactory, TopicFactory, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    return TopicFactory.create(name="Graphs")


@pytest.fixture
def paper(topic: Topic) -> Paper:
    return PaperFactory.create(title="On graphs", arxiv_id="2611.00001", in_topics=[topic])


@pytest.fixture
def delivery(subscription: Subscription, paper: Paper) -> Delivery:
    delivery = DeliveryFactory.create(subscription=subscription, state="sent")
    delivery.items.create(subscription=subscription, paper=paper, position=0, reasons=[["topic", "Graphs"]])
    return delivery


@pytest.fixture
def address(delivery: Delivery) -> str:
    return f"/d/{delivery.token}/p/2611.00001/"


@pytest.fixture
def stranger() -> Client:
    """Somebody without a cookie, as mail programs post."""
    return Client(enforce_csrf_checks=True)


def changed() -> tuple[int, int, int]:
    return Opinion.objects.count(), SavedPaper.objects.count(), Follow.objects.count()


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("act", ["", "more/", "less/", "save/", "mute/"])
def test_a_scanner_that_opens_every_link_changes_nothing(
    stranger: Client, address: str, topic: Topic, act: str, method: str
) -> None:
    answer = getattr(stranger, method)(address + act)
    stranger.get(address + act, {"act": "more", "topic": str(topic.pk)})

    assert answer.status_code == (405 if method == "options" else 200)
    assert changed() == (0, 0, 0)


def test_the_page_asks_with_all_choices_and_says_what_each_does(stranger: Client, address: str) -> None:
    answer = stranger.get(f"{address}less/")
    page = answer.content.decode()

    for said in ("More like this", "Less like this", "Save", "Mute Graphs", "None of them is shut out"):
        assert said in page
    assert "reader@example.org" not in page
    assert "noindex" in page
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["more", "less"])
def test_one_post_without_a_cookie_says_it_and_another_takes_it_back(
    stranger: Client, address: str, paper: Paper, subscription: Subscription, kind: str
) -> None:
    pages = [stranger.post(f"{address}{kind}/").content.decode() for _ in range(2)]

    opinion = Opinion.objects.get()
    assert (opinion.subscription, opinion.paper, opinion.kind) == (subscription, paper, kind)
    assert all("Noted" in page and f"You said: {kind} like this." in page for page in pages)
    assert 'value="unsay"' in pages[0]

    page = stranger.post(address, {"act": "unsay"}).content.decode()
    assert "Taken back" in page
    assert not Opinion.objects.exists()


def test_save_from_the_mail_and_take_off_again(stranger: Client, address: str, paper: Paper, reader: Any) -> None:
    page = stranger.post(address, {"act": "save"}).content.decode()

    assert SavedPaper.objects.filter(reader=reader, paper=paper).count() == 1
    assert 'href="/saved/"' in page

    stranger.post(address, {"act": "unsave"})
    assert not SavedPaper.objects.exists()


@pytest.mark.parametrize("followed", [True, False])
def test_mute_a_topic_and_undo_it_as_it_was(
    stranger: Client, address: str, topic: Topic, subscription: Subscription, followed: bool
) -> None:
    if followed:
        FollowFactory.create(subscription=subscription, kind="topic", topic=topic)
    asked = {"topic": topic.pk} | ({"followed": "1"} if followed else {})
    assert ('name="followed"' in stranger.get(address).content.decode()) is followed

    page = stranger.post(address, asked | {"act": "mute"}).content.decode()

    assert "no paper of Graphs comes any more" in page
    assert ('name="followed"' in page) is followed
    assert Follow.objects.get().mutes is True

    stranger.post(address, asked | {"act": "unmute"})
    assert [follow.mutes for follow in Follow.objects.all()] == ([False] if followed else [])


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "mute"},
        {"act": "mute", "topic": "999999"},
        {"act": "mute", "topic": "x"},
        {"act": "follow"},
        {"act": "<b>"},
    ],
)
def test_an_answer_that_is_none_does_nothing(stranger: Client, address: str, sent: dict[str, str]) -> None:
    assert stranger.post(address, sent).status_code == 404
    assert changed() == (0, 0, 0)


def test_a_mute_there_is_no_room_for_is_said_and_changes_nothing(
    stranger: Client, address: str, topic: Topic, settings: Any
) -> None:
    settings.FOLLOWS_PER_READER = 0

    answer = stranger.post(address, {"act": "mute", "topic": topic.pk})

    assert answer.status_code == 400
    assert "as many as there may be" in answer.content.decode()
    assert changed() == (0, 0, 0)


def test_a_topic_of_another_paper_cannot_be_muted(stranger: Client, address: str) -> None:
    assert stranger.post(address, {"act": "mute", "topic": TopicFactory.create().pk}).status_code == 404


@pytest.mark.parametrize("which", ["not in the mail", "hidden", "of another mail"])
def test_only_a_paper_of_that_mail_can_be_spoken_of(
    stranger: Client, delivery: Delivery, paper: Paper, which: str
) -> None:
    if which == "hidden":
        Paper.objects.update(is_hidden=True)
    other = PaperFactory.create()
    token = DeliveryFactory.create().token if which == "of another mail" else delivery.token
    address = f"/d/{token}/p/{other.public_id if which == 'not in the mail' else paper.public_id}/"

    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"act": "more"}).status_code == 404
    assert changed() == (0, 0, 0)


@pytest.mark.parametrize("token", ["1", "1.forged", "x" * 300])
def test_a_token_that_is_none_of_ours_opens_nothing(stranger: Client, paper: Paper, token: str) -> None:
    answer = stranger.post(f"/d/{token}/p/2611.00001/", {"act": "more"})

    assert answer.status_code == 404
    assert "This mail is not known here" in answer.content.decode()


def test_a_paper_that_got_its_arxiv_id_later_is_found_by_its_number(
    stranger: Client, delivery: Delivery, paper: Paper
) -> None:
    assert stranger.get(f"/d/{delivery.token}/p/p{paper.pk}/").status_code == 200


def test_the_links_of_a_mail_of_long_ago_still_answer(stranger: Client) -> None:
    delivery = sent(SubscriptionFactory.create(), date(2026, 7, 10))
    address = f"/d/{delivery.token}/p/{delivery.items.get().paper.public_id}/"
    folding.fold(NOW)
    assert delivery.items.count() == 0

    assert "Noted" in stranger.post(address, {"act": "less"}).content.decode()
    assert Opinion.objects.get().subscription == delivery.subscription


@pytest.mark.parametrize(("kind", "is_told"), [("name", True), ("author", False)])
def test_who_follows_a_shared_name_is_told_what_to_do_about_the_others(
    stranger: Client, delivery: Delivery, address: str, kind: str, is_told: bool
) -> None:
    delivery.items.update(reasons=[[kind, "Bo Díaz"]])

    page = stranger.get(f"{address}less/").content.decode()

    assert ("Likely several people write as Bo Díaz." in page) == is_told
    assert ("?search=author:%22Bo%20D%C3%ADaz%22" in page) == is_told


@pytest.mark.parametrize("topics", [1, 10])
def test_the_page_costs_the_same_queries(
    stranger: Client, subscription: Subscription, django_assert_num_queries: Any, topics: int
) -> None:
    paper = PaperFactory.create(in_topics=TopicFactory.create_batch(topics))
    delivery = DeliveryFactory.create(subscription=subscription, state="sent")
    delivery.items.create(subscription=subscription, paper=paper, position=0)

    with django_assert_num_queries(9):
        stranger.get(f"/d/{delivery.token}/p/p{paper.pk}/")


@pytest.mark.parametrize("rows", [1, 30])
def test_opinions_are_listed_in_the_same_queries(
    reader_client: Client, subscription: Subscription, django_assert_num_queries: Any, rows: int
) -> None:
    for paper in PaperFactory.create_batch(rows):
        opinions.give(subscription, paper, "less", NOW)

    with django_assert_num_queries(5):
        page = reader_client.get("/subscription/opinions/").content.decode()

    assert page.count("Less like this</strong>") == rows


def test_an_opinion_is_undone_by_one_click_and_only_ones_own(
    reader_client: Client, subscription: Subscription, paper: Paper
) -> None:
    mine = opinions.give(subscription, paper, "more", NOW)
    theirs = opinions.give(SubscriptionFactory.create(), paper, "more", NOW)

    for pk in (mine.pk, mine.pk, theirs.pk):
        answer = reader_client.post(f"/subscription/opinions/{pk}/undo/")
        assert answer.headers["Location"] == "/subscription/opinions/"

    assert list(Opinion.objects.all()) == [theirs]


def test_a_list_without_opinions_says_where_they_come_from(reader_client: Client) -> None:
    assert "You have not said anything yet" in reader_client.get("/subscription/opinions/").content.decode()
