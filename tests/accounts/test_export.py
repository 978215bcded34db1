"""One's data: everything of the person, nothing of anybody else, no key that opens anything."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps

from accounts import export
from accounts.models import User
from papersite.catalogue import votes
from tests.accounts.test_closing import full, of
from tests.factories import DeliveryFactory, PaperFactory, SubscriptionFactory

__all__ = ["full"]

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def opened(user: User) -> dict[str, str]:
    with export.archive(user, now=NOW) as file, zipfile.ZipFile(file) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_the_zip_holds_each_table_as_json_and_csv(full: User) -> None:
    files = opened(full)

    tables = {name.removesuffix(".json") for name in files if name.endswith(".json")}
    assert {f"{name}.csv" for name in tables} | {f"{name}.json" for name in tables} | {"README.txt"} == set(files)
    for name in tables:
        held = json.loads(files[f"{name}.json"])
        assert len(list(csv.DictReader(io.StringIO(files[f"{name}.csv"])))) == len(held)
        assert f"{name}: {len(held)} row" in files["README.txt"]


def test_the_consent_is_there_with_its_time_and_its_words(full: User) -> None:
    full.subscription.consent = "Send me one mail a day."
    full.subscription.save()

    held = json.loads(opened(full)["subscriptions.json"])[0]

    assert (held["consent"], held["signed_up_at"], held["confirmed_at"]) == (
        "Send me one mail a day.", "2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z",
    )  # fmt: skip


def test_every_table_with_rows_of_a_person_is_in_it(full: User) -> None:
    files = opened(full)

    names = {model.__name__: str(model._meta.verbose_name_plural).replace(" ", "_") for model in apps.get_models()}
    names |= {"EmailAddress": "addresses", "Authenticator": "keys", "SocialAccount": "other_sites"}
    for model, count in of(full).items():
        if count:
            assert json.loads(files[f"{names[model]}.json"]) != [], model


def test_no_key_and_nothing_of_another_reader_is_in_it(full: User) -> None:
    other = SubscriptionFactory.create(reader__email="stranger@example.org", consent="Their own words.")
    DeliveryFactory.create(subscription=other, subject="Their own subject")
    votes.cast(PaperFactory.create(title="Their own paper"), other.reader)
    secret = Authenticator.objects.get(user=full).data["secret"]

    text = "".join(opened(full).values())

    assert secret not in text
    assert "stranger" not in text
    assert "Their own" not in text
    assert "password" not in json.loads(opened(full)["profile.json"])[0]


def test_a_paper_is_named_with_its_address(full: User, settings: Any) -> None:
    item = json.loads(opened(full)["delivery_items.json"])[0]

    assert item["paper"].startswith("Paper number")
    assert item["paper_url"].startswith(f"{settings.SITE_URL}/papers/")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_spreadsheet_takes_no_text_for_a_formula(start: str) -> None:
    written = export.as_csv([{"title": f"{start}1+1", "count": -1}])

    assert list(csv.DictReader(io.StringIO(written))) == [{"title": f"'{start}1+1", "count": "-1"}]


@pytest.mark.parametrize("count", [1, 30])
def test_a_table_costs_one_question_however_long_it_is(
    reader: User, count: int, django_assert_num_queries: Any
) -> None:
    for paper in PaperFactory.create_batch(count):
        votes.cast(paper, reader)

    with django_assert_num_queries(4):
        tables = {name: len(list(rows)) for name, rows in export.belonging("catalogue", reader)}

    assert tables == {"votes": count, "saved_papers": 0, "brought_libraries": 0, "weights_changes": 0}
