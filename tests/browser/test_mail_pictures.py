"""Every mail, light and dark, on a desktop and on a phone, as a mail program with a browser in it shows it.

`SHOTS=var/pictures uv run pytest -m "" tests/browser/test_mail_pictures.py` leaves a picture of each to look at.
"""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from digest.models import EditionRevision, Subscription
from papersite.mailing import mail
from tests.browser import looking
from tests.browser.test_pictures import SCREENS
from tests.digest.composing.test_digest_mail import delivery_of, html_of, mail_of
from tests.factories import NOW, AuthorFactory, EditionFactory, PaperFactory, TopicFactory
from tests.test_mail_clients import CONTEXTS

pytestmark = [
    pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(300), pytest.mark.django_db(transaction=True),
]  # fmt: skip

# A mail is shown within the page of a mail program, which has the landmarks.
WITHIN_A_PROGRAM = {"rules": {"landmark-one-main": {"enabled": False}, "region": {"enabled": False}}}


def digest(subscription: Subscription) -> str:
    """Ten papers with an intro, news, topics, code, signals and reasons of a reader's own."""
    topics = [TopicFactory.create(name=name) for name in ("Vision and video", "Large language models")]
    papers = [
        PaperFactory.create(
            title=f"Seeing pictures {number}: a study of what they show to those who look for long",
            abstract="Pictures are many. We build a way to see them all at once, and it is fast. It is shown.",
            arxiv_id=f"2611.{number:05}", in_topics=topics, by=AuthorFactory.create_batch(1 + number),
            hf_upvotes=120 - 9 * number, code_url="https://github.com/a/b" if number % 2 else "", github_stars=1234,
            announced_at=NOW - timedelta(hours=number),
        )
        for number in range(10)
    ]  # fmt: skip
    edition = EditionFactory.create(intro="A day of pictures, and **two** that move.", site_news="We moved house.")
    revision = EditionRevision.objects.get(edition=edition)
    reasons = [("topic", "Vision and video"), ("author", "Ada Byron")]
    return html_of(mail_of(delivery_of(subscription, *papers, reasons=reasons), revision))


def mails(subscription: Subscription) -> dict[str, str]:
    """The HTML of each, by its folder."""
    others = {name: context for name, context in CONTEXTS.items() if name != "digest"}
    found = {"digest": digest(subscription)}
    for name, context in others.items():
        built = mail.build(name, to="reader@example.org", context=context)
        found[name] = str(built.alternatives[0][0])
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_mail_fits_and_keeps_nobody_out(
    browser: Browser, subscription: Subscription, screen: str, scheme: Any
) -> None:
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    for name, in_html in mails(subscription).items():
        page.set_content(in_html)
        looking.picture(page, f"mail-{scheme}-{screen}-{name}")
        assert looking.fits(page), name
        found = Axe().run(page, options=WITHIN_A_PROGRAM)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    context.close()
