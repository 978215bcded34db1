"""What somebody does with the search in a browser."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from digest.models import Follow
from papersite.catalogue.search import writing
from papersite.catalogue.search.folder import Folder
from tests.browser.looking import fits
from tests.browser.test_reader import sign_in
from tests.factories import AuthorFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: LiveServer, settings: Any, tmp_path: Any) -> str:
    """Thirty papers on graphs and one on sound, found by the search."""
    settings.SITE_URL = live_server.url
    settings.INDEX_DIR = tmp_path / "index"
    graphs = TopicFactory.create(name="Graph learning", slug="graphs")
    ada = AuthorFactory.create(name="Ada Byron", key="ada byron")
    for number in range(30):
        PaperFactory.create(title=f"A study of graphs, part {number}", in_topics=[graphs], arxiv_id=f"2611.{number:05}")
    PaperFactory.create(title="The sound of <b>speech</b>", arxiv_id="2611.09999", by=[ada])
    with writing.writer(Folder(django_settings.INDEX_DIR)) as writer:
        writer.update()
    return str(live_server.url)


def test_results_come_as_somebody_types_and_the_address_follows(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.goto(f"{site}/search/")

    page.get_by_role("searchbox").press_sequentially("soun", delay=30)

    expect(page.get_by_role("heading", name="The sound of <b>speech</b>")).to_be_visible()
    expect(page).to_have_url(f"{site}/search/?q=soun")
    assert page.locator("mark").all_inner_texts() == ["sound"]
    assert fits(page)
    page.get_by_role("link", name="The sound of <b>speech</b>").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The sound of <b>speech</b>")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("soun")
    page.go_back()
    expect(page.get_by_role("heading", name="Trending papers")).to_be_visible()


@pytest.mark.long
def test_filters_orders_and_pages_are_links(page: Page, site: str) -> None:
    page.goto(f"{site}/search/?q=study OR speech")
    expect(page.get_by_text("31 papers")).to_be_visible()

    page.get_by_text("Narrow it down").click()
    page.get_by_role("link", name="Graph learning 30").click()
    expect(page.get_by_text("30 papers")).to_be_visible()
    page.get_by_role("link", name="newest").click()
    expect(page).to_have_url(re.compile("sort%3Anew"))
    page.get_by_role("link", name="More →").click()

    expect(page.locator(".card")).to_have_count(10)
    page.get_by_role("link", name="Graph learning take away").click()
    expect(page.get_by_text("31 papers")).to_be_visible()
    assert fits(page)


def test_the_box_on_every_page_suggests_and_can_be_used_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/topics/")

    page.get_by_role("searchbox").press_sequentially("ada b", delay=30)
    expect(page.get_by_role("link", name="Ada Byron author")).to_be_visible()
    assert fits(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Byron")


@pytest.mark.long
def test_an_identifier_goes_straight_to_its_paper(page: Page, site: str) -> None:
    page.goto(f"{site}/search/")

    page.get_by_role("searchbox").fill("https://arxiv.org/abs/2611.09999v2")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{site}/papers/2611.09999/")


@pytest.mark.long
def test_a_reader_follows_a_search_with_one_click(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/subscription/")
    page.get_by_role("button").filter(has_text=re.compile("Start|Yes|mail", re.IGNORECASE)).first.click()
    page.goto(f"{site}/search/?q=speech")

    page.get_by_role("button", name="Follow by mail").click()

    expect(page.get_by_role("button", name="✓ Following")).to_be_visible()
    assert page.url == f"{site}/search/?q=speech"
    assert Follow.objects.filter(kind="search", search="speech", mutes=False).count() == 1


@pytest.mark.long
def test_everything_works_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/topics/")

    page.get_by_role("searchbox").fill("speech")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 paper", exact=True)).to_be_visible()
    page.get_by_role("searchbox").fill("speach")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nothing matches “speach”.")).to_be_visible()
    expect(page.get_by_role("heading", name="The sound of <b>speech</b>")).to_be_visible()
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("path", ["/search/help/", "/search/?q=graphs+topic:graphs"])
def test_search_pages_fit_their_screen_and_keep_to_their_policy(page: Page, site: str, path: str) -> None:
    page.goto(site + path)

    assert fits(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
