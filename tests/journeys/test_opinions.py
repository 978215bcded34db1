"""What a reader says by a link of one mail is felt in the next."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from digest import tasks
from digest.models import Subscription
from papersite.catalogue import revisions
from papersite.catalogue.models import Paper
from papersite.catalogue.search.writing import Report
from tests.factories import NOW, EditionFactory, FollowFactory, PaperFactory
from tests.journeys.test_story import morning

pytestmark = pytest.mark.django_db

FIRST = NOW.replace(day=24, hour=8, minute=0, second=30)
SECOND = FIRST + timedelta(days=1)
# Which words tell papers apart is known from all the others.
OLDER = ["speech", "images", "video", "theorems", "prices", "weather", "music", "cells", "games", "traffic"]


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(FIRST, tick=False) as clock:
        yield clock


def titles(message: Any) -> list[str]:
    """Those of the cards: the list above them says them as well."""
    return list(dict.fromkeys(re.findall(r"^\d+\. (.+)$", message.body, re.MULTILINE)))


def write(title: str, abstract: str, hours_ago: int) -> Paper:
    moment = FIRST - timedelta(hours=hours_ago)
    paper: Paper = PaperFactory.create(title=title, abstract=abstract, announced_at=moment)
    revisions.mark([paper.pk])
    return paper


def say(message: Any, title: str, act: str) -> None:
    """Follows the paper's link in the text of a mail, without a cookie, and presses a button."""
    part = message.body.rpartition(title)[2]
    found = re.search(r"mute: \S+?(/d/\S+)", part)
    assert found is not None
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(found[1]).status_code == 200
    assert stranger.post(found[1], {"act": act}).status_code == 200


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("", ["Robots that walk on sand", "Graph networks for proteins"]),
        ("less", ["Robots that walk on sand", "Graph networks for proteins"]),
        ("more", ["Graph networks for proteins", "Robots that walk on sand"]),
    ],
)
def test_an_opinion_orders_the_next_mail_and_is_named_there(
    subscription: Subscription, index: Callable[[], Report], clock: Any, act: str, expected: list[str]
) -> None:
    FollowFactory.create(subscription=subscription)
    for subject in OLDER:
        write(f"On {subject}", f"All about {subject}.", 24 * 60)
    write("Graph networks for molecules", "We train graph networks on molecules and their bonds.", 1)
    index()
    first = morning()
    assert titles(first) == ["Graph networks for molecules"]
    if act:
        say(first, "Graph networks for molecules", act)

    clock.move_to(SECOND)
    tasks._cache.cache_clear()
    write("Graph networks for proteins", "We train graph networks on proteins and their bonds.", -19)
    write("Robots that walk on sand", "Legs and dunes.", -22)
    index()
    second = morning()

    assert titles(second) == expected
    is_named = "Like “Graph networks for molecules”, of which you wanted more" in second.body
    assert is_named is (act == "more")


@pytest.mark.usefixtures("clock")
def test_news_of_the_site_reach_those_who_want_them(subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)
    write("A paper", "", 1)
    EditionFactory.create(day=FIRST.date(), site_news="There are feeds now.")
    Subscription.objects.update(wants_news=True)

    message = morning()

    assert "News of the site\nThere are feeds now." in message.body
    assert reverse("digest:subscription") in message.body
    assert len(mail.outbox) == 1
