"""Turns a delivery and its papers into one mail."""

import re
from collections.abc import Iterable
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from digest.models import Delivery, DeliveryItem, Edition
from papersite import mail
from papersite.catalogue.models import Paper


def papers_of(items: Iterable[DeliveryItem]) -> dict[int, Paper]:
    """The papers of a whole batch of items, ready for their cards."""
    papers = Paper.objects.filter(pk__in={item.paper_id for item in items}).for_cards()
    return {paper.pk: paper for paper in papers}


class Cards:
    """The papers of one run of the drain, each card rendered once however many readers get it."""

    def __init__(self) -> None:
        self.papers: dict[int, Paper] = {}
        self._rendered: dict[tuple[object, ...], SafeString] = {}

    def load(self, items: Iterable[DeliveryItem]) -> None:
        """Fetches the papers of a batch that no earlier batch had."""
        self.papers |= papers_of(item for item in items if item.paper_id not in self.papers)

    def card(self, item: DeliveryItem, template: str) -> SafeString:
        """One paper with its reasons, by the template of one of the two bodies."""
        key = (template, item.paper_id, *map(tuple, item.reasons))
        if key not in self._rendered:
            context = {
                "paper": self.papers[item.paper_id],
                "reasons": item.reasons,
                "site_url": settings.SITE_URL,
            }
            self._rendered[key] = render_to_string(template, context)
        return self._rendered[key]


def compose(
    delivery: Delivery, items: list[DeliveryItem], cards: Cards, edition: Edition | None
) -> EmailMultiAlternatives:
    """The mail of one delivery. ``items`` are in order, ``cards`` holds at least their papers."""
    unsubscribe = settings.SITE_URL + reverse("digest:unsubscribe", args=[delivery.token])
    message = mail.build(
        "digest",
        to=delivery.subscription.reader.email,
        context={
            "delivery": delivery,
            "papers": [cards.papers[item.paper_id] for item in items],
            "html_cards": [cards.card(item, "emails/digest/_paper.html") for item in items],
            "text_cards": [cards.card(item, "emails/digest/_paper.txt") for item in items],
            "edition": edition,
            "web_url": settings.SITE_URL + delivery.get_absolute_url(),
            "settings_url": settings.SITE_URL + reverse("digest:subscription"),
            "unsubscribe_url": unsubscribe,
        },
        headers=headers(delivery, unsubscribe),
        envelope_sender=_with_detail(settings.MAIL_BOUNCES, delivery.token),
    )
    delivery.subject = message.subject[:200]
    return message


def headers(delivery: Delivery, unsubscribe: str) -> dict[str, str]:
    """What mail programs and providers read: RFC 2369, 2919, 8058, and Gmail's feedback loop."""
    assert delivery.assembled_at is not None
    by_mail = _with_detail(f"unsub@{settings.MAIL_DOMAIN}", delivery.token)
    return {
        # Of the first attempt and kept, like the Message-ID, so that a repeat is the same mail.
        "Date": format_datetime(delivery.assembled_at),
        "Message-ID": delivery.message_id,
        "List-Id": f"{_atom(settings.SITE_NAME)} daily digest <digest.{settings.MAIL_DOMAIN}>",
        "List-Unsubscribe": f"<{unsubscribe}>, <mailto:{by_mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"daily:digest:digest:{_sender_id()}",
    }


def _with_detail(address: str, detail: str) -> str:
    """An address that carries a token after a plus sign (RFC 5233); up to 64 characters before the @."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{detail}@{domain}"


def _atom(text: str) -> str:
    return re.sub(r"[^\w .-]", "", text, flags=re.ASCII).strip() or "Papers"


def _sender_id() -> str:
    """5 to 15 letters that stay the same for this site."""
    return re.sub(r"[^a-z0-9]", "", settings.MAIL_DOMAIN.lower())[:15].ljust(5, "0")
