"""Every page, light and dark, on a desktop and on a phone: each fits and keeps nobody out.

`SHOTS=var/pictures uv run pytest -m "" tests/browser/test_pictures.py` leaves a picture of each to look at.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from digest.models import Subscription
from papersite.catalogue import reading_list
from papersite.catalogue.search import reading, writing
from papersite.catalogue.search.folder import Folder
from tests.browser import looking
from tests.factories import (
    AuthorFactory,
    CategoryFactory,
    EditionFactory,
    FollowFactory,
    PaperFactory,
    PickFactory,
    TopicFactory,
    sent,
)

pytestmark = [
    pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(300), pytest.mark.django_db(transaction=True),
]  # fmt: skip

SCREENS = {"desktop": (1280, 800), "phone": (375, 812)}
PAPER = "/papers/2611.00001/"
STRANGERS = {
    "home": "/", "day": "/papers/{day}/", "week": "/papers/week/{week}/", "month": "/papers/month/{month}/",
    "paper": PAPER, "cite": f"{PAPER}cite/", "topics": "/topics/", "topic": "/topics/vision/",
    "author": "/authors/{author}/", "category": "/categories/cs.CV/", "archive": "/archive/", "search": "/search/",
    "found": "/search/?q=pictures", "not-found": "/search/?q=nothingatall", "search-help": "/search/help/",
    "how": "/trending/how/", "privacy": "/privacy/", "signup": "/accounts/signup/", "login": "/accounts/login/",
    "inbox": "/accounts/confirm-email/", "nowhere": "/nowhere/", "unsubscribe": "{mail}unsubscribe/",
    "mail-on-the-web": "{mail}", "unknown-mail": "/d/forged/", "goodbye": "/accounts/goodbye/",
}  # fmt: skip
READERS = {
    "home": "/", "paper": PAPER, "topic": "/topics/vision/", "author": "/authors/{author}/",
    "mine": "/subscription/sent/2611.00001/", "digest": "/subscription/", "follows": "/subscription/follows/",
    "opinions": "/subscription/opinions/", "preview": "/subscription/preview/", "schedule": "/subscription/schedule/",
    "welcome": "/subscription/welcome/", "welcome-schedule": "/subscription/welcome/schedule/",
    "welcome-preview": "/subscription/welcome/preview/", "import": "/subscription/follows/import/",
    "saved": "/saved/", "library": "/saved/import/", "for-you": "/subscription/for-you/",
    "account": "/accounts/", "email": "/accounts/email/", "close": "/accounts/close/",
    "data": "/accounts/data/",
}  # fmt: skip


@pytest.fixture
def places(
    live_server: LiveServer, settings: Any, tmp_path: Any, subscription: Subscription
) -> Iterator[dict[str, str]]:
    """A site with something on each page: a day's papers, an edition, a reader who follows, saved and was mailed."""
    settings.SITE_URL = live_server.url
    settings.INDEX_DIR = tmp_path / "index"
    now = timezone.now()
    vision, sound = TopicFactory.create(name="Vision", slug="vision"), TopicFactory.create(name="Sound", slug="sound")
    seeing, ada = CategoryFactory.create(code="cs.CV", name="Computer vision"), AuthorFactory.create(name="Ada Byron")
    for number in range(12):
        paper = PaperFactory.create(
            title=f"A study of pictures and of what they show to those who look, part {number}",
            abstract="Pictures are many. We build a way to see them all at once, and it is fast. It is shown.",
            arxiv_id=f"2611.{number:05}", in_topics=[vision, sound][: 1 + number % 2], hf_upvotes=120 - 9 * number,
            by=[ada, *AuthorFactory.create_batch(number)], announced_at=now - timedelta(hours=5 * number),
            code_url="https://github.com/a/b", github_stars=1234, github_week=56, primary_category=seeing,
            comment="Accepted at ICML 2026. Project page: https://example.org/pictures",
        )  # fmt: skip
        paper.categories.add(seeing)
    edition = EditionFactory.create(day=now.date(), intro="A day of pictures.")
    PickFactory.create(edition=edition, paper=paper, note="Simple, and it works.")
    FollowFactory.create(subscription=subscription)
    FollowFactory.create(subscription=subscription, kind="topic", topic=vision)
    reading_list.save(paper, subscription.reader, now)
    delivery = sent(subscription, now.date() - timedelta(days=3), papers=3)
    with writing.writer(Folder(site_settings.INDEX_DIR)) as writer:
        writer.update()
    yield {
        "site": live_server.url, "day": f"{now:%Y-%m-%d}", "week": f"{now:%G-W%V}", "month": f"{now:%Y-%m}",
        "author": str(ada.pk), "mail": f"/d/{delivery.token}/",
    }  # fmt: skip
    reading._reader.cache_clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_fits_and_keeps_nobody_out(
    browser: Browser, places: dict[str, str], screen: str, scheme: Any
) -> None:
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    for name, path in STRANGERS.items():
        _look(page, places, path, f"{scheme}-{screen}-{name}")
    looking.sign_in(page, places["site"])
    for name, path in READERS.items():
        _look(page, places, path, f"{scheme}-{screen}-reader-{name}")
    context.close()


def _look(page: Page, places: dict[str, str], path: str, name: str) -> None:
    page.goto(places["site"] + path.format(**places))
    looking.check(page, name)
