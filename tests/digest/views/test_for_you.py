"""The page of papers close to a reader's taste."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from digest.models import Opinion, Subscription
from papersite.catalogue import reading_list
from papersite.catalogue.models import Paper
from tests.factories import NOW, PaperFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

PATH = "/subscription/for-you/"
TITLE = "Spherical tokamaks"


@pytest.fixture
def paper(reader: User) -> Paper:
    kept = PaperFactory.create(title="Plasma in tokamaks", abstract="", announced_at=NOW - timedelta(days=60))
    reading_list.save(kept, reader, NOW)
    found: Paper = PaperFactory.create(title=TITLE, abstract="")
    return found


def shown(client: Client) -> str:
    return client.get(PATH).content.decode()


def test_it_shows_papers_with_reasons_also_without_a_digest(reader_client: Client, paper: Paper) -> None:
    Subscription.objects.all().delete()

    page = shown(reader_client)

    assert TITLE in page
    assert "Close to “Plasma in tokamaks”, which you saved" in page
    assert "Less like this" not in page


def test_it_says_what_to_do_where_there_is_nothing(reader_client: Client, reader: User) -> None:
    assert "Nothing to go by yet" in shown(reader_client)
    reading_list.save(PaperFactory.create(announced_at=NOW - timedelta(days=60)), reader, NOW)
    assert "Nothing of the last two weeks" in shown(reader_client)


def test_less_like_this_takes_a_paper_off_and_comes_back(
    reader_client: Client, subscription: Subscription, paper: Paper
) -> None:
    answer = reader_client.post(f"/subscription/said/{paper.public_id}/", {"act": "less", "for_you": "1"})

    assert answer["Location"] == PATH
    assert Opinion.objects.get().kind == "less"
    assert TITLE not in shown(reader_client)


def test_how_many_come_by_mail_is_chosen_here(reader_client: Client, subscription: Subscription) -> None:
    for sent, held in (("third", "third"), ("all", "third"), ("off", "off")):
        assert reader_client.post(PATH, {"close_to_saved": sent})["Location"] == PATH
        subscription.refresh_from_db()
        assert subscription.close_to_saved == held


def test_there_is_no_such_page_where_the_site_learns_nothing(reader_client: Client, settings: Any) -> None:
    settings.TASTE = False

    assert reader_client.get(PATH).status_code == 404
    assert "for-you" not in reader_client.get("/saved/").content.decode()
