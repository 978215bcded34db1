"""Coming in by a topic's page, and choosing: with a mouse, on a phone, without scripts, by keyboard alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from digest.models import Follow, Subscription
from papersite.catalogue.search import reading, writing
from papersite.catalogue.search.folder import Folder
from tests.browser.looking import check
from tests.browser.test_reader import link_in_newest_mail
from tests.factories import AuthorFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONFIRM = r"http\S+/accounts/confirm-email/\S+/"
once = pytest.mark.parametrize("page", ["phone and dark"], indirect=True)


@pytest.fixture
def site(live_server: LiveServer, settings: Any, tmp_path: Any) -> Iterator[str]:
    settings.SITE_URL = live_server.url
    # Its papers are as good as the same, and all of them are to be seen.
    settings.DIGEST_FOLDS_ALIKE = False
    settings.INDEX_DIR = tmp_path / "index"
    graphs = TopicFactory.create(name="Graph learning", slug="graphs")
    TopicFactory.create(name="Sound", slug="sound")
    for number in range(3):
        PaperFactory.create(
            title=f"A study of graphs, part {number}", in_topics=[graphs], announced_at=timezone.now(),
            by=[AuthorFactory.create(name=f"Graham Number{number}")],
        )  # fmt: skip
    with writing.writer(Folder(site_settings.INDEX_DIR)) as writer:
        writer.update()
    yield str(live_server.url)
    reading._reader.cache_clear()


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.fixture
def signed_in(page: Page, site: str, subscription: Subscription) -> Page:
    client = Client()
    client.force_login(User.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return page


def followed() -> list[tuple[str, bool]]:
    return [(follow.label, follow.mutes) for follow in Follow.objects.select_related("topic", "author")]


def test_a_newcomer_comes_from_a_topic_to_the_preview(page: Page, site: str) -> None:
    page.goto(f"{site}/topics/graphs/")
    check(page, "newcomer-topic")
    page.get_by_label("Your address").fill("reader@example.org")
    page.get_by_role("button", name="Follow by mail").click()
    expect(page.get_by_role("heading", name="Look into your inbox")).to_be_visible()
    check(page, "newcomer-inbox")
    page.goto(link_in_newest_mail(CONFIRM))
    check(page, "newcomer-confirm")
    page.get_by_role("button", name="Yes, start my daily mail").click()

    expect(page.get_by_role("heading", name="What do you want to read about?")).to_be_visible()
    expect(page.get_by_label("Graph learning")).to_be_checked()
    expect(page.get_by_label("Trending overall")).not_to_be_checked()
    expect(page.get_by_text("A study of graphs, part 2")).to_be_visible()
    check(page, "newcomer-topics")
    page.get_by_label("Sound").check()
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    check(page, "newcomer-schedule")
    page.get_by_label("Monday to Friday").check()
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_role("heading", name="Your first mail")).to_be_visible()
    expect(page.get_by_text("You follow Graph learning")).to_have_count(3)
    check(page, "newcomer-preview")
    page.go_back()
    expect(page.get_by_label("Monday to Friday")).to_be_checked()
    assert followed() == [("Graph learning", False), ("Sound", False)]


@pytest.mark.long
def test_without_scripts_everything_goes_by_pages(plain_page: Page, site: str) -> None:
    page = plain_page
    page.goto(f"{site}/search/?q=graphs")
    page.get_by_text("Follow this search by mail").click()
    page.get_by_label("Your address").fill("reader@example.org")
    page.get_by_role("button", name="Follow by mail").click()
    page.goto(link_in_newest_mail(CONFIRM))
    page.get_by_role("button", name="Yes, start my daily mail").click()
    expect(page.get_by_text("search graphs: that stays as it is")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Matches your search “graphs”")).to_have_count(3)

    page.goto(f"{site}/topics/sound/")
    page.get_by_role("button", name="Mute").click()
    assert page.url == f"{site}/topics/sound/"
    expect(page.get_by_role("button", name="✓ Muted")).to_be_visible()
    page.goto(f"{site}/subscription/follows/")
    page.get_by_label("An author, a topic or a search").fill("graham")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Follow by mail Graham Number1").click()
    page.get_by_role("button", name="Remove graphs").click()
    page.get_by_role("button", name="Undo").click()

    assert sorted(followed()) == [("Graham Number1", False), ("Sound", True), ("graphs", False)]


@pytest.mark.long
@once
def test_by_keyboard_alone(page: Page, site: str) -> None:
    def tab_to(name: str) -> None:
        """Presses Tab until that has the focus, and looks whether one can see it."""
        for _ in range(60):
            page.keyboard.press("Tab")
            # The parts of a field for the time have the focus one by one, and the field does not match ":focus".
            focused = page.evaluate_handle("document.activeElement")
            label = focused.evaluate("one => [...(one.labels ?? []), one].map(part => part.textContent).join(' ')")
            if name in label:
                assert focused.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
                return
        raise AssertionError(f"Tab never reaches {name!r}")

    page.goto(f"{site}/topics/graphs/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to("Your address")
    page.keyboard.type("reader@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look into your inbox")).to_be_visible()
    page.goto(link_in_newest_mail(CONFIRM))
    tab_to("Yes, start my daily mail")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Sound")).to_be_visible()
    tab_to("Sound")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="When shall it come?")).to_be_visible()
    tab_to("Next: preview")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your first mail")).to_be_visible()
    page.goto(f"{site}/subscription/follows/")
    tab_to("An author, a topic or a search")
    page.keyboard.type("graham")
    expect(page.get_by_role("button", name="Mute Graham Number0")).to_be_visible()
    tab_to("Follow by mail Graham Number0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Graham Number0")).to_be_visible()

    assert followed() == [("Graph learning", False), ("Sound", False), ("Graham Number0", False)]


@pytest.mark.long
def test_follows_change_in_place(signed_in: Page, site: str) -> None:
    page = signed_in
    page.goto(f"{site}/subscription/follows/")
    expect(page.get_by_text("You follow nothing")).to_be_visible()
    check(page, "follows-none")
    page.get_by_role("button", name="Follow Sound").click()
    expect(page.get_by_role("button", name="Remove Sound")).to_be_visible()

    page.get_by_label("An author, a topic or a search").fill("(gra")
    expect(page.locator("#found").get_by_text("An opening bracket has no closing one.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("An opening bracket has no closing one.")
    page.get_by_label("An author, a topic or a search").fill("graphs OR video")
    expect(page.locator("#found").get_by_text("3 this week")).to_be_visible()
    check(page, "follows-found")
    page.locator("#found").get_by_role("button", name="Follow by mail").click()
    expect(page.get_by_role("link", name="graphs OR video")).to_be_visible()

    mute = page.get_by_role("button", name="Mute instead Sound")
    mute.focus()
    mute.click()
    expect(page.get_by_role("heading", name="What is left out")).to_be_visible()
    expect(page.get_by_role("button", name="Follow instead Sound")).to_be_focused()
    page.get_by_role("button", name="Remove Sound").click()
    expect(page.get_by_text("Removed: Sound")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    check(page, "follows-removed")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Follow instead Sound")).to_be_visible()

    assert page.url == f"{site}/subscription/follows/"
    assert followed() == [("graphs OR video", False), ("Sound", True)]


@pytest.mark.long
def test_a_topic_is_followed_and_dropped_on_its_page(signed_in: Page, site: str) -> None:
    page = signed_in
    page.goto(f"{site}/topics/sound/")
    page.get_by_role("button", name="Follow by mail").dblclick()
    expect(page.get_by_role("button", name=re.compile("Following|Follow by mail"))).to_be_visible()
    page.reload()
    if page.get_by_role("button", name="Follow by mail").count():
        page.get_by_role("button", name="Follow by mail").click()
    expect(page.get_by_role("button", name="✓ Following")).to_have_attribute("aria-pressed", "true")
    check(page, "topic-followed")
    page.get_by_role("button", name="Mute").click()
    expect(page.get_by_role("button", name="✓ Muted")).to_be_visible()

    assert followed() == [("Sound", True)]


@pytest.mark.long
def test_a_list_is_brought_along(signed_in: Page, site: str) -> None:
    page = signed_in
    page.goto(f"{site}/subscription/follows/import/")
    check(page, "import")
    page.get_by_label("One a line").fill("Sound\n-author:Nobody Ever Known Here\n(a_long_broken_line_that_does_not_fit")
    page.get_by_role("button", name="Bring them along").click()
    expect(page.get_by_role("heading", name="2 of 3 lines taken")).to_be_visible()
    check(page, "imported")
    page.goto(f"{site}/subscription/preview/")
    check(page, "preview-empty")
