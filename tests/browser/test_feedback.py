"""From a mail's links: less like this, explained and undone; saved, noted, read and taken away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from digest.models import Opinion, Subscription
from papersite.catalogue import reading_list
from papersite.catalogue.models import SavedPaper
from tests.browser.looking import check, sign_in
from tests.factories import NOW, AuthorFactory, DeliveryFactory, FollowFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mail_address(live_server: LiveServer, settings: Any, subscription: Subscription) -> str:
    """Where the links of a mail's paper begin."""
    settings.SITE_URL = live_server.url
    graphs = TopicFactory.create(name="Graph learning", slug="graphs")
    FollowFactory.create(subscription=subscription, kind="topic", topic=graphs)
    paper = PaperFactory.create(
        title="A study of graphs that learn by themselves", arxiv_id="2611.00001",
        in_topics=[graphs, TopicFactory.create(name="Representation learning")],
        by=[AuthorFactory.create(name="Ada Byron"), AuthorFactory.create(name="Bo Diaz")],
    )  # fmt: skip
    delivery = DeliveryFactory.create(subscription=subscription, state="sent", subject="A study of graphs")
    delivery.items.create(subscription=subscription, paper=paper, position=0, reasons=[["topic", "Graph learning"]])
    return f"{live_server.url}/d/{delivery.token}/p/2611.00001/"


@pytest.mark.long
def test_less_like_this_is_explained_and_undone(page: Page, mail_address: str, live_server: LiveServer) -> None:
    page.goto(f"{mail_address}less/")
    expect(page.get_by_text("None of them is shut out")).to_be_visible()
    check(page, "asked")
    assert not Opinion.objects.exists()

    page.get_by_role("button", name="Less like this").click()
    expect(page.get_by_role("status")).to_contain_text("come lower in your next mails")
    check(page, "told")
    assert Opinion.objects.get().kind == "less"

    page.get_by_role("button", name="Take “less like this” back").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back")
    assert not Opinion.objects.exists()

    page.get_by_role("button", name="More like this").click()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/subscription/opinions/")
    check(page, "opinions")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("You have not said anything yet")).to_be_visible()
    check(page, "no-opinions")


@pytest.mark.long
def test_a_topic_is_muted_and_followed_again(page: Page, mail_address: str, subscription: Subscription) -> None:
    page.goto(f"{mail_address}mute/")
    page.get_by_role("button", name="Mute Graph learning").click()
    expect(page.get_by_role("status")).to_contain_text("no paper of Graph learning comes any more")
    check(page, "muted")
    assert subscription.follows.get().mutes is True

    page.get_by_role("button", name="Stop muting Graph learning").click()
    expect(page.get_by_role("status")).to_contain_text("Not muted any more")
    assert subscription.follows.get().mutes is False


def walk_the_reading_list(page: Page, mail_address: str, site: str, folder: Path) -> None:
    """Saved from the mail, found on the list, noted, read, taken away, removed and put back."""
    page.goto(f"{mail_address}save/")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    sign_in(page, site)
    page.get_by_role("link", name="reading list").click()
    expect(page.get_by_role("heading", name="Saved papers")).to_be_visible()

    page.get_by_text("Add a note").click()
    page.get_by_label("Your note").fill("Compare with last year's.\nAsk Bo.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".own-note")).to_be_visible()
    page.get_by_role("button", name="Read: A study of graphs").click()
    expect(page.get_by_role("button", name="Read: A study of graphs")).to_have_attribute("aria-pressed", "true")

    with page.expect_download() as waiting:
        page.get_by_role("link", name="BibTeX").click()
    waiting.value.save_as(folder / "saved.bib")
    assert "eprint = {2611.00001}" in (folder / "saved.bib").read_text()

    page.get_by_role("button", name="Remove: A study of graphs").click()
    expect(page.get_by_role("status")).to_contain_text("Taken off the list")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".own-note")).to_be_visible()
    saved = SavedPaper.objects.get()
    assert saved.note.endswith("Ask Bo.")
    assert saved.read_at is not None


def test_a_paper_is_saved_noted_read_and_taken_away(
    page: Page, mail_address: str, live_server: LiveServer, tmp_path: Path
) -> None:
    walk_the_reading_list(page, mail_address, live_server.url, tmp_path)

    reading_list.save(PaperFactory.create(title="Another study, of sound"), User.objects.get(), NOW)
    page.goto(f"{live_server.url}/saved/")
    check(page, "saved")
    page.goto(f"{live_server.url}/saved/?show=unread")
    page.get_by_role("button", name="Remove: Another").click()
    check(page, "saved-removed")


@pytest.fixture
def page_without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.long
def test_all_of_it_works_without_scripts(
    page_without_scripts: Page, mail_address: str, live_server: LiveServer, tmp_path: Path
) -> None:
    walk_the_reading_list(page_without_scripts, mail_address, live_server.url, tmp_path)


@pytest.mark.long
def test_the_button_of_a_card_saves_in_place(page: Page, mail_address: str, live_server: LiveServer) -> None:
    sign_in(page, live_server.url)
    page.goto(live_server.url)
    button = page.get_by_role("article").get_by_role("button", name="Save")

    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text("Saved")
    check(page, "cards")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")

    assert not SavedPaper.objects.exists()
    assert page.url == f"{live_server.url}/"
