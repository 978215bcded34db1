"""What staff ask the desk in addresses that no page of it offers: answered on either database, never with an error.

A search of a thousand words, a moment beyond the calendar, signs that no column holds.
"""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from papersite.desk import LONGEST_SEARCH
from tests.factories import EditionFactory, PaperFactory, SubscriptionFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

LISTS = [
    f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model, _ in sorted(
        admin.site._registry.items(), key=lambda one: one[0]._meta.label
    )
]  # fmt: skip
TOO_LONG = ["x" * 60_000, "z " * 1000, "z@b.example " * 450, "%" * 30_000]
REFUSED = re.compile("Ensure this value has at most 1000 characters|Null characters are not allowed")


def said(answer: Any) -> str:
    return answer.content.decode() if answer.status_code == 200 else ""


@pytest.mark.long
@pytest.mark.parametrize("asked", [*TOO_LONG, "\0", "a\0b"], ids=lambda asked: repr(asked[:5]))
def test_what_is_too_long_or_cannot_be_stored_is_not_searched_for(curator_client: Client, asked: str) -> None:
    for name in LISTS:
        answer = curator_client.get(reverse(f"admin:{name}"), {"q": asked}, follow=True)
        assert REFUSED.search(said(answer)), name


@pytest.mark.long
@pytest.mark.parametrize(
    "asked", ["x" * LONGEST_SEARCH, ("a " * LONGEST_SEARCH)[:LONGEST_SEARCH], "%" * LONGEST_SEARCH]
)
def test_the_longest_search_is_done(curator_client: Client, asked: str) -> None:
    SubscriptionFactory.create()
    PaperFactory.create()
    for name in LISTS:
        assert curator_client.get(reverse(f"admin:{name}"), {"q": asked}).status_code == 200, name


@pytest.mark.parametrize("term", [*TOO_LONG, "\0", "a\0b"], ids=lambda term: repr(term[:5]))
@pytest.mark.parametrize(
    "field", ["catalogue.papertopic.topic", "catalogue.authorship.author", "catalogue.paper.primary_category"]
)
def test_nor_is_it_among_suggestions(curator_client: Client, field: str, term: str) -> None:
    TopicFactory.create(name="Words", slug="words", description="")
    names = dict(zip(("app_label", "model_name", "field_name"), field.split("."), strict=True))

    answer = curator_client.get(reverse("admin:autocomplete"), {"term": term, **names})

    assert answer.json()["results"] == []


ODD = [
    ("digest_subscription_changelist", {"ended_at__lt": "9999-12-31T23:59:59-12:00"}),
    ("digest_subscription_changelist", {"ended_at__gte": "0001-01-01T00:00:00+14:00"}),
    ("accounts_user_changelist", {"_after": "\0_1"}),
    ("accounts_user_changelist", {"_after": "\ufffd_1"}),
    ("catalogue_reject_changelist", {"harvest__source": "\0"}),
    ("digest_mailevent_changelist", {"_after": "9999-12-31T23:59:59-12:00_1"}),
    ("catalogue_topic_export", {"pk__in": "None"}),
    ("catalogue_paper_export", {"pk__in": "2026-11-23"}),
    ("digest_suppression_export", {"_after": "x__y"}),
    ("catalogue_paper_export", {"q": "\0"}),
]


@pytest.mark.parametrize(("page", "asked"), ODD, ids=repr)
def test_what_no_row_can_have_leads_to_a_list(curator_client: Client, page: str, asked: dict[str, str]) -> None:
    answer = curator_client.get(reverse(f"admin:{page}"), asked, follow=True)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_the_whole_catalogue_is_not_carried_out_in_place_of_a_search_that_cannot_be(curator_client: Client) -> None:
    address = reverse("admin:catalogue_paper_export")

    for asked in ("x" * 60_000, "\0"):
        assert REFUSED.search(said(curator_client.get(address, {"q": asked, "as": "json"}, follow=True)))


def test_no_row_is_saved_as_a_new_one(curator_client: Client) -> None:
    """No page offers it. A form with a mistake led to the page of a row that is not there."""
    edition, topic = EditionFactory.create(), TopicFactory.create()
    asked = {"_saveasnew": "1", "name": topic.name, "slug": "another", "description": "", "search": ""}

    assert curator_client.post(reverse("admin:digest_edition_add"), {"_saveasnew": "1"}).status_code == 200
    for row, page in ((edition, "digest_edition_change"), (topic, "catalogue_topic_change")):
        curator_client.post(reverse(f"admin:{page}", args=[row.pk]), asked)
        assert type(row).objects.count() == 1


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("key", ["\0", "_00", "a\0", "x" * 5000, "\ufffd"], ids=repr)
@pytest.mark.parametrize("model", ["digest_batchcursor", "catalogue_requestslot", "papersite_heartbeat"])
def test_a_key_that_no_row_has_is_nowhere(curator_client: Client, model: str, key: str, page: str) -> None:
    answer = curator_client.get(reverse(f"admin:{model}_{page}", args=[key]), follow=True)

    assert answer.status_code in (200, 403, 404)
