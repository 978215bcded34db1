"""What is typed at the desk by mistake: each is refused with its reason, and nothing is saved."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from digest import tokens
from digest.models import Edition, EditionRules, Follow, Persona, Relay, Suppression
from papersite.catalogue.models import Paper, SignalWeight, Topic
from tests.factories import (
    NOW,
    DeliveryFactory,
    EditionFactory,
    FollowFactory,
    PaperFactory,
    SubscriptionFactory,
    TopicFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
LONG = "x" * 300_000


class Typed(NamedTuple):
    make: Callable[[], Model]
    page: str
    values: dict[str, Any]
    said: str


def at(name: str, year: int) -> dict[str, str]:
    return {f"{name}_0": f"{year}-01-01", f"{name}_1": "08:00"}


def suppressed() -> Model:
    held = FollowFactory.create(subscription=SubscriptionFactory.create(reader__email="gone@example.org")).subscription
    Suppression.objects.create(address_hash=tokens.address_hash("gone@example.org"), reason="It bounced.")
    return held


def going_out() -> Model:
    DeliveryFactory.create(state="sent")
    return EditionFactory.create()


def hidden() -> Model:
    PaperFactory.create(pk=77, is_hidden=True)
    return EditionFactory.create()


def past() -> Model:
    return EditionFactory.create(day=NOW.date() - timedelta(days=3))


def weight() -> Model:
    return SignalWeight.objects.get_or_create(signal="vote_count", defaults={"hours": 12})[0]


def rules() -> Model:
    return EditionRules.objects.get_or_create(pk=1)[0]


def relay() -> Model:
    return Relay.objects.get_or_create(pk=1)[0]


def persona() -> Model:
    return Persona.objects.create(name="Graph people")


PAPER, EDITION, TOPIC = PaperFactory.create, EditionFactory.create, TopicFactory.create
WORDS = {"name": "Graphs", "slug": "graphs", "description": ""}
TABLE = [
    Typed(past, "digest_edition_do", {"act": "approve", "version": "1"}, "over everywhere"),
    Typed(past, "digest_edition_change", {"intro": "Late.", "version": "1"}, "over everywhere"),
    Typed(suppressed, "digest_subscription_resend", {}, "No mail was ordered. Mail to this address bounced"),
    Typed(EDITION, "digest_edition_add", {"day": "2099-01-01"}, "at most 60 days ahead"),
    Typed(PAPER, "catalogue_paper_change", at("announced_at", 2099), "2099-01-01 lies outside 1990 and today"),
    Typed(PAPER, "catalogue_paper_change", at("submitted_at", 1066), "1066-01-01 lies outside 1990 and today"),
    Typed(relay, "digest_relay_change", at("down_until", 2099), "At most 7 days ahead"),
    Typed(PAPER, "catalogue_paper_change", {"boost": "1e300"}, "less than or equal to 8760"),
    Typed(PAPER, "catalogue_paper_change", {"boost": "-1e300"}, "greater than or equal to -8760"),
    Typed(PAPER, "catalogue_paper_change", {"boost": "nan"}, "Enter a number."),
    Typed(weight, "catalogue_signalweight_change", {"hours": "1e300"}, "less than or equal to 8760"),
    Typed(weight, "catalogue_signalweight_change", {"hours": "-1"}, "greater than or equal to 0"),
    Typed(rules, "digest_editionrules_change", {"picks_a_mail": "9999"}, "less than or equal to 10"),
    Typed(rules, "digest_editionrules_change", {"deadline_hours": "-5"}, "greater than or equal to 0"),
    Typed(PAPER, "catalogue_paper_change", {"title": LONG}, "at most 1000 characters"),
    Typed(PAPER, "catalogue_paper_change", {"abstract": LONG}, "At most 20,000 characters; this has 300,000."),
    Typed(PAPER, "catalogue_paper_change", {"comment": LONG}, "At most 2,000 characters; this has 300,000."),
    Typed(EDITION, "digest_edition_change", {"intro": LONG, "version": "1"}, "at most 1000 characters"),
    Typed(TOPIC, "catalogue_topic_change", {**WORDS, "search": LONG}, "2000"),
    Typed(persona, "digest_persona_change", {"name": "a", "cap": "5", "searches": LONG}, "characters"),
    Typed(persona, "digest_persona_change", {"name": "a", "cap": "5", "searches": "a\n" * 60}, "At most 50 searches"),
    Typed(hidden, "digest_edition_do", {"act": "pin 77", "version": "1"}, "hidden or withdrawn"),
    Typed(
        going_out, "digest_edition_change", {"intro": "Other.", "version": "1"}, "1 of 1 mails of this day have left"
    ),
]


def saved() -> list[Any]:
    kinds: list[Any] = [Edition, EditionRules, Follow, Paper, Persona, Relay, SignalWeight, Topic]
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


@pytest.mark.parametrize("typed", TABLE, ids=lambda typed: f"{typed.page} {', '.join(typed.values)}")
def test_what_makes_no_sense_is_refused_with_its_reason(curator_client: Client, typed: Typed) -> None:
    row = typed.make()
    url = reverse(f"admin:{typed.page}", args=[] if typed.page.endswith("_add") else [row.pk])
    before = saved()

    page = curator_client.post(url, typed.values, follow=True).content.decode()

    assert typed.said in page
    assert saved() == before


def test_a_script_in_what_curators_write_is_shown_as_words(client: Client, curator_client: Client) -> None:
    edition = EditionFactory.create()
    words = "<script>alert(1)</script> [a](javascript:alert(1)) ![b](https://example.org/b.png)"

    url = reverse("admin:digest_edition_change", args=[edition.pk])
    curator_client.post(url, {"intro": words, "site_news": "", "version": edition.version})

    page = client.get("/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="javascript' not in page
    assert 'src="https://example.org' not in page


ODD_NUMBERS = [
    ("catalogue_paper_changelist", {"q": "²"}, 200),
    ("catalogue_paper_changelist", {"topic": "²"}, 200),
    ("catalogue_topic_try", {"topic": "²"}, 200),
    ("accounts_deed_changelist", {"q": "by:²"}, 200),
    ("digest_edition_preview", {"who": "²"}, 404),
]


@pytest.mark.parametrize(("page", "asked", "status"), ODD_NUMBERS)
def test_a_sign_that_is_a_digit_and_no_number_finds_nothing(
    curator_client: Client, page: str, asked: dict[str, str], status: int
) -> None:
    url = reverse(f"admin:{page}", args=[EDITION().pk] if page == "digest_edition_preview" else [])

    assert curator_client.get(url, asked).status_code == status


@pytest.mark.parametrize("typed", [{"act": "pin ²"}, {"act": "pin 1", "version": "²"}, {"act": f"pin {'9' * 30}"}])
def test_nor_does_a_step_of_an_edition(curator_client: Client, typed: dict[str, str]) -> None:
    url = reverse("admin:digest_edition_do", args=[EDITION().pk])

    assert curator_client.post(url, typed).status_code in (302, 404)
