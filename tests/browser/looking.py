"""What every page is asked: that it fits its screen, says one thing first and keeps nobody out.

With `SHOTS=folder`, each page asked leaves its picture there.
"""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.accounts.test_forms import BACKEND, sign_in_by_code

SHOTS = os.environ.get("SHOTS", "")


def sign_in(page: Page, site: str, *, just_now: bool = True) -> None:
    """As the one account there is; long ago is too long for what takes a fresh proof."""
    client = sign_in_by_code(User.objects.get()) if just_now else Client()
    if not just_now:
        client.force_login(User.objects.get(), backend=BACKEND)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


def open_menu(page: Page) -> None:
    """On a narrow screen the menu is folded away."""
    if (button := page.get_by_role("button", name="Menu")).is_visible():
        button.click()


def arrive(page: Page) -> None:
    """A click answers before the page it leads to is there whole.

    Asked from outside: what a page asks itself again and again, its policy takes for evil.
    """
    page.wait_for_load_state()
    while page.evaluate("document.readyState") != "complete":
        page.wait_for_timeout(20)


def fits(page: Page) -> bool:
    arrive(page)
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def picture(page: Page, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


def check(page: Page, name: str = "") -> None:
    arrive(page)
    picture(page, name or re.sub(r"\W+", "-", page.url.partition("/accounts/")[2]) or "account")
    assert fits(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
