"""A reader's digests as a private feed."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from accounts.models import User, new_feed_key
from digest.ledger import folding
from digest.models import Delivery, Subscription
from papersite.catalogue.models import Paper
from tests.atom_rules import checked
from tests.conftest import examples
from tests.factories import NOW, DeliveryFactory, EditionFactory, PaperFactory, SubscriptionFactory, UserFactory, sent

pytestmark = pytest.mark.django_db

LONG_AGO = date(2026, 7, 10)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def address(subscription: Subscription) -> str:
    return f"/subscription/feed/{subscription.reader.feed_key}/"


def entries(client: Client, subscription: Subscription) -> list[ET.Element]:
    return ET.fromstring(client.get(address(subscription)).content).findall("a:entry", ATOM)


@pytest.mark.parametrize("is_folded", [False, True])
def test_each_digest_is_an_entry_with_its_papers_and_reasons(
    client: Client, subscription: Subscription, settings: Any, is_folded: bool
) -> None:
    delivery = sent(subscription, LONG_AGO, papers=2)
    DeliveryFactory.create(subscription=subscription, state="empty", reason="Nothing.")
    sent(SubscriptionFactory.create())
    hidden, shown = (item.paper for item in delivery.items.all())
    Paper.objects.filter(pk=hidden.pk).update(is_hidden=True)
    if is_folded:
        folding.fold(NOW)

    (entry,) = entries(client, subscription)

    assert entry.findtext("a:title", "", ATOM) == "A digest"
    link = entry.find("a:link", ATOM)
    assert link is not None
    assert link.get("href", "") == f"{settings.SITE_URL}/copy/{delivery.copy_token}/"
    assert entry.findtext("a:id", "", ATOM) == f"mid:{delivery.message_id.strip('<>')}"
    text = entry.findtext("a:content", "", ATOM)
    assert text.count("You follow Graphs · Sound") == 2
    assert f'<a href="{settings.SITE_URL}/papers/p{shown.pk}/">{shown.title}</a>' in text
    assert hidden.title in text
    assert f"/papers/p{hidden.pk}/" not in text


def copies(client: Client, subscription: Subscription) -> list[str]:
    """The addresses of the copies that the feed leads to, without the site's own."""
    found = [entry.find("a:link", ATOM) for entry in entries(client, subscription)]
    return ["/" + link.get("href", "").split("/", 3)[3] for link in found if link is not None]


def test_what_the_feed_leads_to_can_be_read_and_changes_nothing(
    client: Client, subscription: Subscription, settings: Any
) -> None:
    """Whoever the feed is passed on to finds nothing that unsubscribes or speaks for its reader."""
    delivery = sent(subscription, papers=2)
    (copy,) = copies(client, subscription)

    page = client.get(copy)

    text = page.content.decode()
    assert text.count('class="card"') == 2
    assert delivery.token not in text + client.get(address(subscription)).content.decode()
    assert not re.findall(
        r'(?:href|action)="[^"]*(?:/d/|/p/[^"]*/(?:more|less|mute|save)|unsubscribe|subscription/)', text
    )
    assert "no-store" in page.headers["Cache-Control"]
    assert client.post(copy).status_code == 405
    for token in (copy.split("/")[2], delivery.token):
        for place in (f"/d/{token}/unsubscribe/", f"/copy/{token}/unsubscribe/", f"/copy/{token}/less/"):
            is_mail = place == f"/d/{delivery.token}/unsubscribe/"
            assert client.get(place).status_code == (200 if is_mail else 404)
    assert client.get(f"/copy/{delivery.token}/").status_code == 404
    subscription.refresh_from_db()
    assert subscription.is_active


def test_a_renewed_key_ends_the_feed_and_all_its_copies_and_leaves_the_mails_links(
    client: Client, subscription: Subscription
) -> None:
    delivery = sent(subscription)
    feed, (copy,), (before,) = address(subscription), copies(client, subscription), entries(client, subscription)
    assert client.get(copy).status_code == 200

    client.force_login(subscription.reader, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/accounts/feeds/renew/")
    subscription.reader.refresh_from_db()
    client.logout()

    assert {client.get(place).status_code for place in (feed, copy)} == {404}
    assert client.get(delivery.get_absolute_url()).status_code == 200
    (renewed,) = copies(client, subscription)
    assert renewed != copy
    assert client.get(renewed).status_code == 200
    # To a feed reader it is the same entry.
    (after,) = entries(client, subscription)
    assert after.findtext("a:id", "", ATOM) == before.findtext("a:id", "", ATOM)


def test_a_copy_goes_with_its_account_and_shows_only_what_left(client: Client, subscription: Subscription) -> None:
    delivery = sent(subscription)
    (copy,) = copies(client, subscription)

    Delivery.objects.update(state="skipped", reason="No.")
    assert client.get(copy).status_code == 404
    Delivery.objects.update(state="sent", reason="")
    User.objects.update(is_active=False)
    assert client.get(copy).status_code == 404
    assert client.get(f"/copy/{delivery.pk}.{'0' * 32}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 40])
def test_the_feed_costs_the_same_queries_and_stays_short(
    client: Client, subscription: Subscription, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        sent(subscription, NOW.date() - timedelta(days=number))

    with django_assert_num_queries(5):
        assert len(entries(client, subscription)) == min(rows, 30)


def test_only_its_reader_keeps_it_and_no_search_engine_lists_it(client: Client, subscription: Subscription) -> None:
    answer = client.get(address(subscription))

    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.cookies == {}


def test_only_a_key_in_use_opens_it(client: Client, subscription: Subscription) -> None:
    without = UserFactory.create()
    for key in (new_feed_key(), without.feed_key, "x", "x" * 300, subscription.reader.email):
        assert client.get(f"/subscription/feed/{key}/").status_code == 404
    User.objects.update(is_active=False)
    assert client.get(address(subscription)).status_code == 404


def test_it_is_only_read(client: Client, subscription: Subscription) -> None:
    assert client.post(address(subscription)).status_code == 405
    assert client.head(address(subscription)).status_code == 200


def test_no_control_character_breaks_it(client: Client, subscription: Subscription) -> None:
    delivery = sent(subscription)
    Delivery.objects.update(subject="A \x00\x0b subject".replace("\x00", "\x01"))
    delivery.items.update(reasons=[["search", "a\x02b"]])

    (entry,) = entries(client, subscription)

    assert "ab" in entry.findtext("a:content", "", ATOM)


@pytest.mark.parametrize("feed", ["/subscription/feed/", "/saved/feed/"])
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutation=st.tuples(st.integers(0, 31), st.characters(exclude_characters="/?#")))
@example(mutation=(0, "\x00"))
@example(mutation=(5, ""))
def test_no_mutated_key_opens_a_feed(feed: str, mutation: tuple[int, str], subscription: Subscription) -> None:
    key = subscription.reader.feed_key
    place, character = mutation
    mutated = key[:place] + character + key[place + 1 :]

    answer = Client().get(f"{feed}{quote(mutated, errors='surrogatepass')}/")

    assert answer.status_code == (200 if mutated == key else 404)


def test_the_archive_is_a_feed_of_the_days_that_are_over(client: Client, a_week_later: None, settings: Any) -> None:
    paper = PaperFactory.create(title="Hot <b> & good")
    PaperFactory.create(announced_at=NOW + timedelta(days=7))
    PaperFactory.create(announced_at=NOW - timedelta(days=120))
    EditionFactory.create(day=NOW.date(), intro="A *good* day.")

    root = checked(client.get("/archive/feed/").content)
    (entry,) = root.findall("a:entry", ATOM)
    (older,) = [link.get("href", "") for link in root.findall("a:link", ATOM) if link.get("rel") == "next"]

    assert entry.findtext("a:title", "", ATOM) == "Monday, 23 November 2026"
    assert entry.findtext("a:updated", "", ATOM) == "2026-11-24T00:00:00+00:00"
    assert "A <em>good</em> day." in entry.findtext("a:content", "", ATOM)
    assert f'{settings.SITE_URL}{paper.get_absolute_url()}">Hot &lt;b&gt; &amp; good</a>' in (
        entry.findtext("a:content", "", ATOM)
    )
    last = checked(client.get(older.removeprefix(settings.SITE_URL)).content)
    assert [one.findtext("a:title", "", ATOM) for one in last.findall("a:entry", ATOM)] == ["Sunday, 26 July 2026"]
    assert not [link for link in last.findall("a:link", ATOM) if link.get("rel") == "next"]
    for month in ("2026-13", "x", "2020-01", "\x00"):
        assert client.get("/archive/feed/", {"month": month}).status_code == 404


def test_a_private_feed_goes_on_page_by_page(client: Client, subscription: Subscription) -> None:
    for number in range(33):
        sent(subscription, NOW.date() - timedelta(days=number), papers=0)

    first = checked(client.get(address(subscription)).content)
    second = checked(client.get(f"{address(subscription)}?page=2").content)

    assert [len(page.findall("a:entry", ATOM)) for page in (first, second)] == [30, 3]
    assert first.findtext("a:id", "", ATOM) == second.findtext("a:id", "", ATOM)
