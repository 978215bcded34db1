"""The desk's first page."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest import totals
from digest.editions import tallies
from digest.models import EditionRules, Opinion, Relay
from papersite.catalogue.models import Harvest
from tests.conftest import signed_in
from tests.factories import NOW, DeliveryFactory, EditionFactory, PaperFactory, SubscriptionFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
YESTERDAY = NOW.date() - timedelta(days=1)


@pytest.fixture(autouse=True)
def no_sources(settings: Any) -> None:
    settings.HARVEST_SOURCES = []
    cache.clear()


def first_page(role: str = "", **params: str) -> str:
    user = UserFactory.create(is_staff=True, is_superuser=not role)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return signed_in(user).get(reverse("admin:index"), params).content.decode()


def test_todays_edition_stands_there_with_its_state_and_the_next_step(curator_client: Client) -> None:
    assert "Nobody has begun it" in first_page("curators")
    edition = EditionFactory.create()
    for state in ("sent", "due"):
        DeliveryFactory.create(state=state)
    EditionRules.objects.create(pk=1, needs_approval=True)

    page = first_page("curators")

    assert "Draft, 0 picks" in page
    assert "1 of 2 mails have left" in page
    assert "Its mails wait" in page
    assert f'action="{reverse("admin:digest_edition_do", args=[edition.pk])}"' in page


def test_operators_see_whether_mail_is_well_and_curators_what_is_theirs(settings: Any) -> None:
    settings.HARVEST_SOURCES = ["arxiv"]
    Relay.objects.create(pk=1, alarm="Two mails for one day.")

    operators, curators = first_page("operators"), first_page("curators")

    assert "Two mails for one day." in operators
    assert "Two mails for one day." not in curators
    assert "Never ran." in operators
    assert "Never ran." in curators
    assert "Today’s edition" not in operators


def test_the_day_before_is_told_and_that_opening_is_not_tracked() -> None:
    paper = PaperFactory.create(title="Graphs that learn")
    tallies.add(YESTERDAY, [[paper.pk], [paper.pk]], now=NOW, empty=1)
    Opinion.objects.create(
        subscription=SubscriptionFactory.create(), paper=paper, kind="more", given_at=NOW - timedelta(days=1)
    )
    totals.add(YESTERDAY, totals.LEAVERS, 3)

    page = first_page()

    assert "2 mails with papers, 1 with none. 1 “more like this”, 0 “less like this”, 0 saved, 3 left." in page
    assert "Opening is not tracked." in page
    assert "Graphs that learn</a>, in 2" in page


@pytest.mark.parametrize(
    ("days", "shown"), [("365", "365 days"), ("30", "30 days"), ("-7", "30 days"), ("x", "30 days")]
)
def test_plots_are_of_thirty_days_or_of_a_year(days: str, shown: str) -> None:
    for back in range(40):
        totals.add(NOW.date() - timedelta(days=back), totals.SENT, back)
    Harvest.objects.create(source="arxiv", started_at=NOW, finished_at=NOW, created=12)

    page = first_page(days=days)

    assert f'<h2 id="plots">{shown}</h2>' in page
    assert page.count('class="desk-plot"') == 3
    assert "12 arxiv" in page


def test_a_year_of_totals_costs_as_many_queries_as_a_day() -> None:
    client = signed_in(UserFactory.create(is_staff=True, is_superuser=True))
    EditionFactory.create()
    tallies.add(YESTERDAY, [[PaperFactory.create().pk]], now=NOW)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("admin:index"), {"days": "365"})
        return len(captured)

    queries()
    few = queries()
    for back in range(300):
        totals.add(NOW.date() - timedelta(days=back), totals.SENT)
        tallies.add(YESTERDAY, [[1]], now=NOW)
    assert queries() == few
    assert few < 45
