"""A curator's morning and an operator's question, click by click."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from digest import tokens
from digest.editions import editing, tallies
from digest.models import Delivery, Edition, Persona, Subscription, Suppression
from digest.sending.drain import drain_due
from papersite.catalogue.models import Paper
from tests.browser.looking import SHOTS, arrive, fits
from tests.conftest import signed_in
from tests.factories import DeliveryFactory, FollowFactory, PaperFactory, TopicFactory, UserFactory

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Hand:
    """Clicks, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def write(self, label: str, words: str) -> None:
        """Once the page is there whole: the admin gives its first field the focus as it ends loading."""
        field = self.page.get_by_label(label)
        field.wait_for()
        arrive(self.page)
        field.fill(words)

    def drag(self, which: int, onto: int) -> None:
        """One pick onto the place of another."""
        self.clicks += 1
        handles = self.page.locator(".desk-handle")
        handles.nth(which).hover()
        self.page.mouse.down()
        box = handles.nth(onto).bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 5, box["y"] + 5, steps=8)
        self.page.mouse.up()

    def look(self, name: str) -> None:
        self.page.wait_for_load_state()
        if SHOTS:
            width = self.page.viewport_size["width"] if self.page.viewport_size else 0
            self.page.screenshot(path=f"{SHOTS}/desk-{name}-{width}.png", full_page=True)
        assert fits(self.page), name


def come_in(page: Page, site: str, user: User) -> None:
    session = signed_in(user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    page.goto(f"{site}/admin/")


@pytest.fixture
def morning(settings: Any) -> dict[str, Paper]:
    """Four papers of today, two made-up readers and two real ones whose hour is near."""
    settings.HARVEST_SOURCES = []
    now, topic = timezone.now(), TopicFactory.create(name="Graph learning")
    titles = ("Graphs that learn", "Sound that sings", "A copy of others", "Light that bends")
    papers = {
        title: PaperFactory.create(title=title, announced_at=now, added_at=now, in_topics=[topic], heat=9 - place)
        for place, title in enumerate(titles)
    }
    Persona.objects.create(name="Graph people").topics.add(topic)
    Persona.objects.create(name="Everything", follows_everything=True)
    for _ in range(2):
        follow = FollowFactory.create(kind="topic", topic=topic)
        DeliveryFactory.create(subscription=follow.subscription, day=now.date(), due_at=now)
    tallies.add(now.date() - timedelta(days=1), [[papers["Light that bends"].pk]], now=now)
    return papers


def test_a_morning_takes_at_most_fifteen_clicks(
    page: Page, live_server: LiveServer, morning: dict[str, Paper], curator: User
) -> None:
    hand = Hand(page)
    come_in(page, live_server.url, curator)
    expect(page.get_by_text("Nobody has begun it")).to_be_visible()
    hand.look("first")

    hand.click(page.get_by_role("link", name="Begin it"))
    hand.write("Intro", "A **day** of [graphs](https://example.org/).")
    hand.click(page.get_by_role("button", name="Save and continue editing"))
    for title in ("Graphs that learn", "Light that bends"):
        hand.click(page.get_by_role("button", name=f"Pin {title}"))
        expect(page.get_by_text(f"Picked “{title}”.")).to_be_visible()
    hand.drag(1, 0)
    expect(page.get_by_text("Ordered the picks and their notes.")).to_be_visible()
    expect(page.get_by_label("Place of Light that bends")).to_have_value("1")
    copied = page.get_by_role("row").filter(has_text="A copy of others")
    hand.click(copied.get_by_text("Hide", exact=True))
    copied.get_by_label("Why").fill("Copied from others.")
    hand.click(copied.get_by_role("button", name="Hide everywhere"))
    expect(page.get_by_text("Hidden: “A copy of others”.")).to_be_visible()
    hand.look("edition")

    hand.click(page.get_by_role("link", name="See what leaves"))
    for name in ("a phone", "dark", "Graph people", "Everything"):
        hand.click(page.get_by_role("link", name=name, exact=True))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("link", name="graphs", exact=True)).to_be_visible()
    expect(frame.get_by_text("A copy of others")).to_have_count(0)
    assert frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(22, 24, 27)"
    hand.look("preview")
    hand.click(page.get_by_role("button", name="Send a trial"))
    expect(page.get_by_text("no ledger and no count knows of it")).to_be_visible()
    hand.click(page.get_by_role("button", name="Approve"))
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()

    drain_due()
    page.reload()
    expect(page.get_by_text("going out, 2 of 2 mails have left")).to_be_visible()
    hand.look("going-out")
    hand.click(page.get_by_role("link", name="Home"))
    expect(page.get_by_text("1 mail with papers, 0 with none")).to_be_visible()
    expect(page.get_by_text("Opening is not tracked.")).to_be_visible()

    assert hand.clicks <= 15
    trial, *mails = mail.outbox
    assert (trial.to, len(mails)) == ([curator.email], 2)
    assert all("A day of graphs (https://example.org/)." in str(one.body) for one in mails)
    assert all("A copy of others" not in str(one.body) for one in mails)
    assert Edition.objects.get().state == "approved"


def test_papers_are_pinned_on_their_cards_and_ordered_while_another_curator_is_at_it(
    page: Page, live_server: LiveServer, morning: dict[str, Paper], curator: User
) -> None:
    come_in(page, live_server.url, curator)
    page.goto(live_server.url)
    for title in ("Graphs that learn", "Light that bends"):
        card = page.locator(".card").filter(has_text=title)
        card.get_by_role("button", name="Pin for today").click()
        expect(card.get_by_text(f"Picked “{title}”.")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Picked “Light that bends”.").click()
    edition = Edition.objects.get()
    editing.change(edition, editing.pin(morning["Sound that sings"]), by=None, now=timezone.now())

    Hand(page).drag(1, 0)

    expect(
        page.get_by_text("Meanwhile somebody else has changed this edition: Picked “Sound that sings”")
    ).to_be_visible()
    expect(page.get_by_label("Place of Sound that sings")).to_have_value("3")
    assert [pick.paper.title for pick in edition.picks.all()][:2] == ["Graphs that learn", "Light that bends"]


def test_an_operator_finds_why_a_reader_got_no_mail_and_sends_one(
    page: Page, live_server: LiveServer, morning: dict[str, Paper], subscription: Subscription
) -> None:
    now, reader = timezone.now(), subscription.reader
    operator = UserFactory.create(email="operator@example.org", is_staff=True)
    operator.groups.set(Group.objects.filter(name="operators"))
    FollowFactory.create(subscription=subscription)
    Suppression.objects.create(address_hash=tokens.address_hash(reader.email), reason="Mail was refused on 5 days.")
    DeliveryFactory.create(
        subscription=subscription, day=now.date() - timedelta(days=1), state="skipped",
        reason="Mail to this address bounced or was refused.",
    )  # fmt: skip
    hand = Hand(page)
    come_in(page, live_server.url, operator)

    hand.click(page.get_by_role("link", name="Subscriptions", exact=True))
    hand.write("Why did they get no mail?", reader.email)
    hand.click(page.get_by_role("button", name="Tell the story"))
    expect(page.get_by_role("heading", name="No mail would leave now")).to_be_visible()
    expect(page.get_by_text("Mail was refused on 5 days.")).to_be_visible()
    hand.look("story")
    hand.click(page.get_by_role("button", name="Send one more mail now"))
    expect(page.get_by_text("No mail was ordered. Mail to this address bounced or was refused.")).to_be_visible()
    hand.click(page.get_by_role("link", name="Lift the suppression"))
    hand.write("Reason", "They wrote that the mailbox works again.")
    hand.click(page.get_by_role("button", name="Lift it"))
    expect(page.get_by_role("heading", name="Mail may leave")).to_be_visible()
    hand.click(page.get_by_role("button", name="Send one more mail now"))
    expect(page.get_by_text("One more mail is on its way")).to_be_visible()
    hand.look("story-after")

    drain_due()
    assert reader.email in [address for one in mail.outbox for address in one.to]
    assert Delivery.objects.filter(subscription=subscription, state="sent").count() == 1
    assert hand.clicks <= 7
