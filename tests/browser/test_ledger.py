"""A reader looks back: what was sent, the mail on the web, and a paper that came long ago."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from digest.ledger import folding
from digest.models import DeliveryItem, Subscription
from papersite.catalogue.models import Paper
from tests.browser.looking import check, sign_in
from tests.factories import DeliveryFactory, sent

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: LiveServer, settings: Any, subscription: Subscription) -> str:
    """A reader of half a year, all but the last months folded, and one mail of each kind today."""
    settings.SITE_URL = live_server.url
    today = timezone.now().date()
    for weeks in range(2, 26):
        sent(subscription, today - timedelta(weeks=weeks), papers=3)
    Paper.objects.update(added_at=timezone.now() - timedelta(days=400))
    oldest = DeliveryItem.objects.order_by("pk").last()
    assert oldest is not None
    Paper.objects.filter(pk=oldest.paper_id).update(title="On Schrödinger's cat", arxiv_id="2605.00001")
    sent(subscription, today, papers=2)
    states = {"empty": "Nothing was announced: arXiv has a holiday.", "skipped": "You paused your mail."}
    for days, (state, reason) in enumerate(states.items(), start=1):
        DeliveryFactory.create(subscription=subscription, day=today - timedelta(days=days), state=state, reason=reason)
    DeliveryFactory.create(subscription=subscription, day=today, extra=1)
    folding.fold(timezone.now())
    return str(live_server.url)


def look_back(page: Page) -> None:
    page.get_by_label("Words of a title").fill("schrodinger")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("1 paper with")).to_be_visible()
    day = page.locator("main .reasons a").nth(1)
    written = day.inner_text()
    day.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A digest")
    page.get_by_role("link", name="On Schrödinger's cat").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On Schrödinger's cat")
    page.get_by_role("link", name=f"Sent to you on {written}").click()
    expect(page).to_have_url(re.compile(r"/d/[^/]+/$"))


def test_a_reader_finds_a_paper_of_long_ago_and_the_mail_it_came_in(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/subscription/")
    check(page, "ledger")
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()

    look_back(page)
    check(page, "mail-on-the-web")
    page.go_back()
    expect(page.get_by_role("link", name="Sent to you on")).to_be_visible()
    check(page, "paper-that-was-sent")
    page.goto(f"{site}/subscription/?q=graphs")
    check(page, "ledger-search")
    page.goto(f"{site}/subscription/sent/2605.00001/")
    check(page, "was-sent")


@pytest.mark.long
def test_a_reader_without_javascript_finds_it_too(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site}/subscription/")

    page.get_by_label("Words of a title").fill("schrodinger")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 paper with")).to_be_visible()
    page.get_by_role("link", name="On Schrödinger's cat").first.click()
    page.get_by_role("link", name="More like this, less, follow, mute").click()
    page.get_by_role("link", name=re.compile("Sent to you on")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("A digest")
    expect(page.get_by_role("link", name="On Schrödinger's cat").first).to_be_visible()
    context.close()


@pytest.mark.long
def test_new_feed_addresses_are_one_button(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/accounts/")
    old = page.get_by_role("link", name="Your digests").get_attribute("href")
    check(page, "account-feeds")

    page.get_by_role("button", name="New addresses").click()

    expect(page.get_by_text("Your private feeds have new addresses")).to_be_visible()
    assert page.get_by_role("link", name="Your digests").get_attribute("href") != old
