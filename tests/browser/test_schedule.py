"""When mail comes, and how it ends: on a phone, by keyboard, without scripts, and by the link in a mail."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from digest.bounces import handling
from digest.models import Delivery, Subscription
from digest.planning import planner
from tests.browser.looking import check, sign_in
from tests.browser.test_account import once
from tests.factories import DeliveryFactory, FollowFactory, PaperFactory, sent

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: LiveServer, settings: Any, subscription: Subscription) -> str:
    settings.SITE_URL = live_server.url
    FollowFactory.create(subscription=subscription)
    planner.reschedule(subscription, timezone.now())
    subscription.save()
    return str(live_server.url)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone without scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def held() -> Subscription:
    return Subscription.objects.get()


def stop(kind: str) -> None:
    delivery = held().deliveries.first() or DeliveryFactory.create(subscription=held(), state="sent")
    handling.keep(
        kind, "smtp", kind, "reader@example.org", timezone.now(), delivery_id=delivery.pk, said="550 5.1.1 No such user"
    )
    handling.apply_new(timezone.now())


def test_the_schedule_keeps_nobody_out(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/subscription/schedule/")

    check(page, "schedule")


@pytest.mark.long
def test_what_was_wrong_is_said_and_nothing_typed_is_lost(browser: Browser, site: str) -> None:
    """In a profile of its own: Chromium reports the status 400 as an error."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site}/subscription/schedule/")

    page.get_by_label("On days of my choice").check()
    for day in range(7):
        page.locator(f"[name=days][value='{day}']").uncheck()
    page.get_by_label("At", exact=True).fill("07:45")
    page.get_by_role("button", name="Save the schedule").click()

    expect(page.get_by_text("Choose at least one day")).to_be_visible()
    expect(page.get_by_label("At", exact=True)).to_have_value("07:45")
    check(page, "schedule-wrong")
    context.close()


@pytest.mark.long
def test_what_stands_in_the_way_keeps_nobody_out(page: Page, site: str) -> None:
    sign_in(page, site)
    for kind in ("hard", "complaint"):
        stop(kind)
        page.goto(f"{site}/subscription/schedule/")
        expect(page.get_by_text("no mail goes to reader@example.org")).to_be_visible()
        check(page, f"schedule-{kind}")
        name = "Try this address again" if kind == "hard" else "I want it again"
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("status")).to_have_text("Mail goes to your address again.")


@pytest.mark.long
def test_a_reader_leaves_by_the_mailed_link_and_comes_back(page: Page, site: str) -> None:
    link = f"{site}/d/{sent(held()).token}/unsubscribe/"
    page.goto(link)
    check(page, "unsubscribe")
    assert held().is_active

    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    check(page, "unsubscribed")
    assert not held().is_active

    page.get_by_role("button", name="Subscribe again").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    check(page, "resubscribed")
    assert held().is_active
    assert held().follows.count() == 1


@pytest.mark.long
@once
def test_a_reader_who_would_leave_takes_a_pause_instead(page: Page, site: str) -> None:
    link = f"{site}/d/{sent(held()).token}/unsubscribe/"
    page.goto(link)

    page.get_by_role("button", name="Pause for a week").click()

    expect(page.get_by_role("heading", name="Your digest is changed")).to_be_visible()
    expect(page.get_by_text("Paused until")).to_be_visible()
    assert held().paused_until == timezone.now().date() + timedelta(days=7)
    page.goto(link)
    page.get_by_role("button", name="Pause for a week").click()
    expect(page.get_by_text("Paused until")).to_be_visible()
    assert held().paused_until == timezone.now().date() + timedelta(days=7)
    page.goto(link)
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    expect(page.get_by_role("button", name="Pause for a week")).to_have_count(0)


@once
def test_a_reader_with_a_phone_sets_weekly_at_a_quarter_to_eight(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/subscription/schedule/")
    expect(page.get_by_label("Once a week means")).to_be_hidden()

    page.get_by_label("Once a week", exact=True).check()
    page.get_by_label("Once a week means").select_option("Friday")
    page.get_by_label("At", exact=True).fill("07:45")
    page.get_by_role("button", name="Use this zone").click()
    page.get_by_role("button", name="Save the schedule").click()

    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.get_by_text("at 07:45").first).to_be_visible()
    saved = held()
    assert (saved.weekdays, saved.send_at, saved.time_zone) == (0b0010000, time(7, 45), "Asia/Tokyo")
    check(page, "schedule-weekly")


@pytest.mark.long
@once
def test_a_reader_pauses_ends_the_pause_and_turns_mail_off(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/subscription/schedule/")

    page.get_by_role("button", name="For a month", exact=True).click()
    expect(page.get_by_text("Paused until")).to_be_visible()
    check(page, "schedule-paused")
    page.get_by_role("button", name="End the pause").click()
    expect(page.get_by_role("status")).to_have_text("The pause is over.")

    page.get_by_role("checkbox", name="The digest Papers").uncheck()
    page.get_by_label("News of the site").check()
    page.get_by_role("button", name="Save which mail").click()
    expect(page.get_by_text("You are unsubscribed since")).to_be_visible()
    check(page, "schedule-left")
    assert held().wants_news


@pytest.mark.long
@once
def test_a_reader_asks_for_one_now(page: Page, site: str) -> None:
    PaperFactory.create(announced_at=timezone.now() - timedelta(hours=1))
    sign_in(page, site)
    page.goto(f"{site}/subscription/schedule/")

    page.get_by_role("button", name="Send me one now").dblclick()

    expect(page.get_by_role("status")).to_contain_text("It is on its way to you.")
    assert Delivery.objects.count() == 1


@pytest.mark.long
@once
def test_with_a_keyboard_alone_the_days_are_chosen_and_saved(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/subscription/schedule/")

    page.get_by_label("Every day").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Once a week", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Once a week means")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert held().weekdays == 0b0000010


@pytest.mark.long
def test_without_scripts_all_of_it_works(plain: Page, site: str) -> None:
    sign_in(plain, site)
    plain.goto(f"{site}/subscription/schedule/")
    plain.get_by_label("On days of my choice").check()
    for day in range(1, 7):
        plain.locator(f"[name=days][value='{day}']").uncheck()
    plain.get_by_label("At", exact=True).fill("07:45")
    plain.get_by_role("button", name="Save the schedule").click()
    expect(plain.get_by_role("status")).to_have_text("Saved.")
    assert (held().weekdays, held().send_at) == (1, time(7, 45))

    plain.get_by_role("button", name="For a week", exact=True).click()
    expect(plain.get_by_text("Paused until")).to_be_visible()
    plain.get_by_role("button", name="Unsubscribe").click()
    expect(plain.get_by_text("You are unsubscribed: no more digests.")).to_be_visible()
    plain.get_by_role("button", name="Start again").click()
    assert held().is_active
