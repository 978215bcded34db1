"""A reader's own first page."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from digest.ledger import folding, remainders
from digest.models import Subscription
from digest.types import Remainder
from papersite.catalogue.models import Paper
from tests.factories import (
    NOW,
    DeliveryFactory,
    PaperFactory,
    SubscriptionFactory,
    TopicFactory,
    UserFactory,
    sent,
)

pytestmark = pytest.mark.django_db


LONG_AGO = date(2026, 7, 10)


@pytest.fixture(params=["rows", "months"])
def fold(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Some of the ledger folded, or none of it: no page may tell."""

    def fold() -> None:
        if request.param == "months":
            folding.fold(NOW)

    return fold


@pytest.mark.parametrize("rows", [1, 14])
def test_subscription_costs_the_same_queries_for_one_row_and_for_a_page(
    reader_client: Client,
    subscription: Subscription,
    fold: Callable[[], None],
    django_assert_num_queries: Any,
    rows: int,
) -> None:
    for number in range(rows):
        sent(subscription, LONG_AGO - timedelta(days=number), papers=2)
    fold()

    with django_assert_num_queries(11):
        page = reader_client.get("/subscription/").content.decode()

    assert page.count(">A digest</a>") == rows
    assert page.count("You follow Graphs · Sound") == 2 * rows


def test_the_ledger_and_the_mail_on_the_web_say_what_did_not_fit(
    reader_client: Client, subscription: Subscription, fold: Callable[[], None]
) -> None:
    left = [
        Remainder("topic", "Deep <things>", 5, 2), Remainder("trending", "Trending overall", 100, 1),
        Remainder("topic", "Graphs", 100), Remainder("author", "Ada Byron", 2), Remainder("search", "neural", 1),
    ]  # fmt: skip
    one = sent(subscription, LONG_AGO, papers=2)
    one.items.filter(position=0).update(remainders=remainders.dumps(left))
    fold()

    pages = [reader_client.get(address).content.decode() for address in ("/subscription/", one.get_absolute_url())]

    words = (
        "5 matched Deep &lt;things&gt; (no place this time: its turn comes) · "
        "Over 99 trending overall (no place this time: its turn comes) · "
        "Over 99 more matched Graphs · 2 more by Ada Byron · 1 more matched your search “neural”"
    )
    assert [page.count(words) for page in pages] == [1, 1]
    assert [page.count("no place this time") for page in pages] == [2, 2]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "due"}, "Due at 17:00."),
        ({"state": "due", "not_before": NOW}, "The next try is at 21:00."),
        ({"state": "claimed", "lease_until": NOW}, "It is being put together now."),
        ({"state": "sending", "lease_until": NOW}, "It is being sent now."),
        ({"state": "sent", "settled_at": NOW, "subject": "Three papers"}, ">Three papers</a>, without papers"),
        ({"state": "sent", "settled_at": NOW, "reason": "A quiet day."}, ">the mail on the web</a>. A quiet day."),
        ({"state": "sent", "settled_at": NOW, "is_uncertain": True}, "it may have come twice"),
        ({"state": "empty", "reason": "Nothing new matched."}, "Nothing was sent. Nothing new matched."),
        ({"state": "skipped", "reason": "You paused."}, "Skipped. You paused."),
        ({"state": "failed", "reason": "No such mailbox."}, "It could not be sent. No such mailbox."),
        ({"state": "failed", "reason": "Broken off.", "is_uncertain": True}, "It may have reached you all the same"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_state_is_told_in_plain_words_and_on_the_readers_clock(
    reader_client: Client, subscription: Subscription, fields: dict[str, Any], words: str
) -> None:
    Subscription.objects.update(time_zone="Asia/Tokyo")
    DeliveryFactory.create(subscription=subscription, **fields)
    DeliveryFactory.create(state="empty", reason="Somebody else's reason.")

    page = reader_client.get("/subscription/").content.decode()

    assert words in page
    assert "Somebody else" not in page
    assert ("Sent at 21:00" in page) == (fields["state"] == "sent")


def test_a_digest_that_was_asked_for_is_told_apart(reader_client: Client, subscription: Subscription) -> None:
    DeliveryFactory.create(subscription=subscription, state="sent", subject="Of the day")
    DeliveryFactory.create(subscription=subscription, state="sent", subject="At once", extra=1)

    page = reader_client.get("/subscription/").content.decode()

    assert page.count("asked for") == 1
    assert page.index("At once") < page.index("Of the day")


def test_papers_that_were_hidden_or_withdrawn_since_stay_in_the_ledger(
    reader_client: Client, subscription: Subscription, fold: Callable[[], None]
) -> None:
    hidden, withdrawn = sent(subscription, LONG_AGO, papers=2).items.values_list("paper", flat=True)
    Paper.objects.filter(pk=hidden).update(is_hidden=True, title="A hidden one")
    Paper.objects.filter(pk=withdrawn).update(is_withdrawn=True, title="A withdrawn one")
    fold()

    page = reader_client.get("/subscription/").content.decode()

    assert "A hidden one <span" in page
    assert ">A withdrawn one</a> <span" in page


def test_the_ledger_goes_on_over_pages(reader_client: Client, subscription: Subscription) -> None:
    for number in range(15):
        sent(subscription, NOW.date() - timedelta(days=number))

    first = reader_client.get("/subscription/").content.decode()
    second = reader_client.get("/subscription/?page=2").content.decode()

    assert ("Page 1 of 2" in first, first.count(">A digest</a>")) == (True, 14)
    assert ("← Newer" in second, second.count(">A digest</a>")) == (True, 1)


@pytest.mark.parametrize("page", ["0", "2", "x", "²", "9" * 30, "-1", ""])
def test_a_page_that_is_none_is_not_found(reader_client: Client, subscription: Subscription, page: str) -> None:
    assert reader_client.get("/subscription/", {"page": page}).status_code == 404


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("schrodinger", 1),
        ("SCHRÖDINGER equat", 1),
        ("graphs", 3),
        ("nothing-of-this", 0),
        ("%", 0),
        ("graphs sound", 3),
    ],
)
def test_papers_are_found_by_words_of_their_title_and_reason(
    reader_client: Client, subscription: Subscription, fold: Callable[[], None], text: str, count: int
) -> None:
    one = sent(subscription, LONG_AGO, papers=2).items.first()
    assert one is not None
    Paper.objects.filter(pk=one.paper_id).update(title="On Schrödinger's equation")
    sent(subscription, NOW.date())
    sent(SubscriptionFactory.create(), LONG_AGO, papers=2)
    fold()

    page = reader_client.get("/subscription/", {"q": text}).content.decode()

    assert page.count("You follow Graphs · Sound") == count
    assert ("Nothing with" in page) == (count == 0)


def test_what_is_found_costs_the_same_queries_however_much_it_is(
    reader_client: Client, subscription: Subscription, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        sent(subscription, LONG_AGO + timedelta(days=number), papers=3)
    folding.fold(NOW)

    with django_assert_num_queries(11):
        page = reader_client.get("/subscription/", {"q": "graphs", "page": "2"}).content.decode()

    assert "<strong>90</strong> papers" in page
    assert 'href="?q=graphs&amp;page=1"' in page


def test_what_is_searched_for_is_shown_as_text(reader_client: Client, subscription: Subscription) -> None:
    page = reader_client.get("/subscription/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_was_sent_tells_the_day_the_reason_and_where_the_mail_is(
    reader_client: Client, subscription: Subscription, fold: Callable[[], None]
) -> None:
    delivery = sent(subscription, LONG_AGO)
    item = delivery.items.get()
    Paper.objects.update(added_at=NOW - timedelta(days=200))
    fold()

    page = reader_client.get(f"/subscription/sent/p{item.paper_id}/").content.decode()

    assert "Sent to you on 10 July 2026" in page
    assert "You follow Graphs" in page
    assert delivery.get_absolute_url() in page


def test_was_sent_is_part_of_the_papers_own_page(reader_client: Client, subscription: Subscription) -> None:
    elsewhere = sent(SubscriptionFactory.create()).items.get().paper
    Paper.objects.update(arxiv_id="2611.00001")

    answer = reader_client.get("/subscription/sent/2611.00001/")

    assert "Not sent to you so far." in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'hx-get="/subscription/sent/2611.00001/"' in reader_client.get("/papers/2611.00001/").content.decode()
    assert "/subscription/sent" not in Client().get(f"/papers/p{elsewhere.pk}/").content.decode()


def test_more_and_less_are_said_on_the_papers_page_and_taken_back(
    reader_client: Client, subscription: Subscription
) -> None:
    paper = PaperFactory.create(arxiv_id="2611.00001", in_topics=[TopicFactory.create(name="Graphs")])
    path = "/subscription/said/2611.00001/"

    assert reader_client.post(path, {"act": "more"}).headers["Location"] == paper.get_absolute_url()
    reader_client.post(path, {"act": "less"})
    assert list(subscription.opinions.values_list("paper", "kind")) == [(paper.pk, "less")]
    page = reader_client.post(path, {"act": "unsay"}, headers={"HX-Request": "true"}, follow=True).content.decode()

    assert subscription.opinions.count() == 0
    assert 'aria-pressed="false">More like this' in page
    assert "Topic <strong>Graphs</strong>" in page
    assert reader_client.post(path, {"act": "shout"}).status_code == 404


def test_was_sent_knows_no_hidden_paper_and_nobody_without_digest(reader_client: Client) -> None:
    hidden = PaperFactory.create(is_hidden=True)
    stranger = Client()
    stranger.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")

    assert reader_client.get(f"/subscription/sent/p{hidden.pk}/").status_code == 404
    assert reader_client.get("/subscription/sent/p999999/").status_code == 404
    page = stranger.get(f"/subscription/sent/p{PaperFactory.create().pk}/")
    assert "Start your digest" in page.content.decode()


def test_an_account_without_subscription_is_offered_one() -> None:
    client = Client()
    client.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")

    assert "Start your daily digest" in client.get("/subscription/").content.decode()
    client.post("/subscription/start/", {"time_zone": "Europe/Berlin"})

    made = Subscription.objects.get()
    assert (made.is_active, made.time_zone) == (True, "Europe/Berlin")


@pytest.mark.parametrize("name", ["start", "end", "resume", "follows/add"])
def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in_and_then_to_the_page(
    client: Client, name: str
) -> None:
    assert client.post(f"/subscription/{name}/").headers["Location"] == "/accounts/login/"
