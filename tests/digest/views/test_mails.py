"""What the links of a mail lead to."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from digest import tokens
from digest.ledger import folding
from digest.models import Delivery
from papersite.catalogue.models import Paper
from tests.factories import (
    NOW,
    SubscriptionFactory,
    sent,
)

pytestmark = pytest.mark.django_db


LONG_AGO = date(2026, 7, 10)


@pytest.mark.parametrize("is_folded", [False, True])
@pytest.mark.parametrize("rows", [1, 30])
def test_delivery_on_the_web_costs_the_same_queries(
    client: Client, django_assert_num_queries: Any, rows: int, is_folded: bool
) -> None:
    delivery = sent(SubscriptionFactory.create(), LONG_AGO, papers=rows)
    if is_folded:
        folding.fold(NOW)

    with django_assert_num_queries(7):
        page = client.get(delivery.get_absolute_url()).content.decode()

    assert page.count('class="card"') == rows
    assert page.count("You follow Graphs · Sound") == rows


def test_delivery_stays_readable_after_leaving(client: Client) -> None:
    delivery = sent(SubscriptionFactory.create(ended_at=NOW, next_due_on=None, next_due_at=None))

    assert "A digest" in client.get(delivery.get_absolute_url()).content.decode()


def shown(client: Client, delivery: Delivery) -> str:
    """The page, but for the token of its forms, which is another each time."""
    page = client.get(delivery.get_absolute_url()).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_delivery_reads_the_same_before_and_after_folding(client: Client) -> None:
    delivery = sent(SubscriptionFactory.create(), LONG_AGO, papers=5)
    before = shown(client, delivery)

    folding.fold(NOW)

    assert delivery.items.count() == 0
    assert shown(client, delivery) == before


@pytest.mark.parametrize("is_folded", [False, True])
def test_delivery_stays_readable_while_its_papers_change(client: Client, is_folded: bool) -> None:
    delivery = sent(SubscriptionFactory.create(), LONG_AGO, papers=4)
    hidden, withdrawn, renamed, gone = delivery.items.values_list("paper", flat=True)
    Paper.objects.filter(pk=hidden).update(is_hidden=True, title="A hidden one", arxiv_id="2607.00001")
    Paper.objects.filter(pk=withdrawn).update(is_withdrawn=True)
    Paper.objects.filter(pk=renamed).update(title="Another title")
    Paper.objects.filter(pk=gone)._raw_delete(using="default")
    if is_folded:
        folding.fold(NOW)

    page = client.get(delivery.get_absolute_url()).content.decode()

    assert page.count('class="card"') == 4
    assert page.count("You follow Graphs · Sound") == 4
    for words in ("A hidden one</h2>", "No longer on this site", ">withdrawn<", "Another title", "no longer here"):
        assert words in page
    assert "/papers/2607.00001/" not in page


def test_delivery_is_for_no_search_engine(client: Client) -> None:
    page = client.get(sent(SubscriptionFactory.create()).get_absolute_url())

    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_delivery_goes_with_its_readers_account(client: Client) -> None:
    delivery = sent(SubscriptionFactory.create(), LONG_AGO)
    address = delivery.get_absolute_url()
    folding.fold(NOW)

    delivery.subscription.reader.delete()

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("page", ["", "unsubscribe/", "resubscribe/", "less/"])
@pytest.mark.parametrize("token", ["1", "1.forged", "x" * 300, "999999", "9" * 30 + ".a"])
def test_a_token_that_is_none_of_ours_opens_nothing(client: Client, page: str, token: str) -> None:
    delivery = sent(SubscriptionFactory.create())
    token = tokens.make(999_999, None) if token == "999999" else token

    answer = client.post(f"/d/{token}/{page}") if page else client.get(f"/d/{token}/")

    assert answer.status_code == 404
    assert "This mail is not known here" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    delivery.subscription.refresh_from_db()
    assert delivery.subscription.is_active


def test_delivery_opens_with_its_titles_and_says_each_reason_once(client: Client) -> None:
    delivery = sent(SubscriptionFactory.create(), LONG_AGO, papers=3)
    first, second, hidden = (item.paper for item in delivery.items.order_by("position"))
    delivery.items.filter(paper=first).update(reasons=[["trending", ""]])
    delivery.items.filter(paper=second).update(reasons=[["trending", ""], ["topic", "Graphs"]])
    Paper.objects.filter(pk=hidden.pk).update(is_hidden=True)
    Paper.objects.filter(pk=first.pk).update(hf_upvotes=12, github_stars=1)

    page = client.get(delivery.get_absolute_url()).content.decode()

    contents = page[page.index('<ol class="contents">') : page.index("</ol>")]
    assert f'<a href="{first.get_absolute_url()}" dir="auto">' in contents
    assert "12\xa0votes · 1\xa0star · " in contents
    assert contents.count("<li>") == 3
    assert hidden.get_absolute_url() not in page
    assert page.count("trending overall") == 1
    assert "Trending overall" not in page
    assert page.count('class="why"') == 2
    assert page.index("You follow Graphs") > page.index(first.get_absolute_url(), page.index("</ol>"))
