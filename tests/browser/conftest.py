"""The system's Chromium, driven against a live server."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.conftest import missing

# Playwright's own event loop runs in this thread, and Django would take that for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET, "--no-first-run"])
        yield browser
        browser.close()


# A question that the next one replaces, or that a reader leaves behind with its page, is dropped: htmx calls that an
# error. What fails on its way or at the server has names of its own.
DROPPED = ("htmx:sendAbort", "htmx:afterRequest")


def is_complaint(message: ConsoleMessage) -> bool:
    return message.type == "error" and not message.text.startswith(DROPPED)


@pytest.fixture(params=["phone and dark", pytest.param("wide and light", marks=pytest.mark.long)])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh profile in Tokyo that fails the test on any error the page reports, such as one against its CSP."""
    is_phone = request.param == "phone and dark"
    context = browser.new_context(
        timezone_id="Asia/Tokyo",
        viewport={"width": 390, "height": 844} if is_phone else {"width": 1280, "height": 900},
        color_scheme="dark" if is_phone else "light",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []
