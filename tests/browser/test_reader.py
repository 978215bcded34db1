"""What a reader does in a browser: subscribe, choose, vote, read, sign in by code, leave."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from digest.models import Follow, Subscription
from papersite.catalogue.models import Paper, Vote
from tests.browser.looking import fits, open_menu
from tests.factories import AuthorFactory, PaperFactory, TopicFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def site(live_server: LiveServer, settings: Any) -> str:
    settings.SITE_URL = live_server.url
    graphs = TopicFactory.create(name="Graph learning", slug="graphs")
    TopicFactory.create(name="Sound", slug="sound")
    for number in range(35):
        PaperFactory.create(
            title=f"A study of graphs, part {number}", in_topics=[graphs], by=[AuthorFactory.create()],
            arxiv_id=f"2611.{number:05}",
        )  # fmt: skip
    return str(live_server.url)


def link_in_newest_mail(pattern: str) -> str:
    found = re.search(pattern, str(mail.outbox[-1].body))
    assert found is not None
    return found[0]


def sign_in(page: Page, site: str) -> None:
    client = Client()
    client.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


def test_a_stranger_becomes_a_reader_chooses_votes_and_leaves(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("A few good papers a day, by mail").fill("reader@example.org")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", name="Look into your inbox")).to_be_visible()

    page.goto(link_in_newest_mail(r"http\S+/accounts/confirm-email/\S+/"))
    page.get_by_role("button", name="Yes, start my daily mail").click()
    expect(page.get_by_role("heading", name="What do you want to read about?")).to_be_visible()
    assert Subscription.objects.get().time_zone == "Asia/Tokyo"
    assert fits(page)

    page.get_by_role("link", name="Follows").click()
    page.get_by_role("button", name="Follow Graph learning").click()
    expect(page.get_by_role("button", name="Remove Graph learning")).to_be_visible()
    page.get_by_role("link", name="Schedule").click()
    page.get_by_label("On days of my choice").check()
    page.get_by_role("checkbox", name="Sunday").uncheck()
    page.get_by_label("At", exact=True).fill("06:00")
    page.get_by_role("button", name="Save the schedule").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    subscription = Subscription.objects.get()
    assert (subscription.send_at.hour, subscription.weekdays) == (6, 0b0111111)
    assert Follow.objects.filter(topic__slug="graphs").count() == 1

    page.goto(f"{site}/papers/2611.00003/")
    page.get_by_role("button", name=re.compile("vote")).click()
    expect(page.get_by_role("button", name=re.compile("voted"))).to_be_visible()
    assert Paper.objects.get(arxiv_id="2611.00003").vote_count == 1

    open_menu(page)
    page.get_by_role("link", name="My digest").click()
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_text("You are unsubscribed: no more digests.")).to_be_visible()


@pytest.mark.long
def test_a_reader_signs_in_by_a_mailed_code(page: Page, site: str, subscription: Subscription) -> None:
    page.goto(f"{site}/subscription/")
    page.get_by_label("Your address").fill("reader@example.org")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    code = link_in_newest_mail(r"(?m)^    \S+$").strip()

    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="My digest")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/papers/2611.00001/",
        *(
            pytest.param(path, marks=pytest.mark.long)
            for path in ("/topics/", "/topics/graphs/", "/archive/", "/accounts/login/")
        ),
    ],
)
@pytest.mark.parametrize(
    "page", [pytest.param("wide and light", marks=pytest.mark.long), "phone and dark"], indirect=True
)
def test_pages_fit_their_screen_and_keep_to_their_policy(page: Page, site: str, path: str) -> None:
    page.goto(site + path)

    assert fits(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.long
def test_pages_of_a_list_lead_on(page: Page, site: str) -> None:
    page.goto(f"{site}/topics/graphs/")

    page.get_by_role("link", name="Cooler").click()

    expect(page.get_by_role("link", name="The hottest")).to_be_visible()
    assert page.get_by_role("article").count() == 5


def test_a_vote_stays_on_the_page_and_is_taken_back(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/topics/graphs/")
    page.get_by_role("link", name="Cooler").click()
    page.wait_for_url("**/topics/graphs/?after=*")
    address = page.url
    button = page.get_by_role("button", name=re.compile("vote")).first

    button.click()
    expect(button).to_have_text(re.compile("1 voted"))
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_text(re.compile("0 votes: 0 here"))

    assert page.url == address
    assert Vote.objects.filter(taken_back_at__isnull=False).count() == 1
