"""The page of tomorrow's mail."""

import pytest
from django.test import Client

from digest.models import Subscription
from tests.factories import FollowFactory, PaperFactory

pytestmark = pytest.mark.django_db


def test_preview_shows_papers_with_reasons_and_the_hour(reader_client: Client, subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)
    PaperFactory.create(title="A paper of note")

    page = reader_client.get("/subscription/preview/").content.decode()

    assert "A paper of note" in page
    assert "is trending overall" in page
    assert "at 08:00" in page


def test_preview_says_when_it_would_be_empty(reader_client: Client, subscription: Subscription) -> None:
    page = reader_client.get("/subscription/preview/").content.decode()

    assert "it would be empty" in page
    assert "You follow nothing yet." in page
