"""Votes as readers cast them on pages, and what slows down who casts too many."""

import pytest
from django.test import Client

from accounts.models import User
from papersite.catalogue import votes
from papersite.catalogue.models import Paper
from tests.factories import PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_vote_is_cast_once_and_taken_back(reader_client: Client) -> None:
    paper = PaperFactory.create()
    path = f"/papers/p{paper.pk}/vote/"

    for _ in range(2):
        assert reader_client.post(path).headers["Location"] == paper.get_absolute_url()
    assert Paper.objects.get().vote_count == 1
    assert "voted" in reader_client.get(paper.get_absolute_url()).content.decode()

    reader_client.post(path, {"take_back": "1"})
    assert Paper.objects.get().vote_count == 0


def test_vote_of_a_stranger_leads_to_the_sign_in(client: Client) -> None:
    paper = PaperFactory.create()

    answer = client.post(f"/papers/p{paper.pk}/vote/")

    assert answer.headers["Location"] == f"/accounts/login/?next=/papers/p{paper.pk}/"
    assert Paper.objects.get().vote_count == 0


def test_list_marks_the_readers_own_votes(reader_client: Client, reader: User) -> None:
    mine, theirs = PaperFactory.create_batch(2, vote_count=1)
    votes.cast(mine, reader)

    page = reader_client.get("/").content.decode()

    assert page.count('<span class="tip">voted: 1 here') == 1
    assert page.count('<span class="tip">vote: 1 here') == 1
    assert theirs.title in page


def test_vote_by_htmx_answers_with_the_button_alone(reader_client: Client) -> None:
    paper = PaperFactory.create()

    answer = reader_client.post(f"/papers/p{paper.pk}/vote/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert 'aria-pressed="true"' in answer.content.decode()


def test_vote_on_the_papers_own_page_moves_its_place_at_once(reader_client: Client) -> None:
    paper = PaperFactory.create()

    answer = reader_client.post(f"/papers/p{paper.pk}/vote/", {"on_page": "1"}, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert 'aria-pressed="true"' in page
    assert 'id="place" aria-labelledby="place-title" hx-swap-oob="true"' in page
    assert "<strong>1 votes here</strong> +12.0 h" in page


def test_vote_of_a_machine_is_slowed_down(reader_client: Client) -> None:
    paper = PaperFactory.create()
    path = f"/papers/p{paper.pk}/vote/"
    for _ in range(30):
        reader_client.post(path, {"take_back": "1"})

    answer = reader_client.post(path)

    assert (answer.status_code, Paper.objects.get().vote_count) == (429, 0)
    assert "A little slower" in answer.content.decode()


def test_vote_counts_few_accounts_of_one_network(client: Client) -> None:
    paper = PaperFactory.create()
    for number in range(6):
        client.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")
        client.post(f"/papers/p{paper.pk}/vote/", REMOTE_ADDR=f"192.0.2.{number}" if number < 5 else "192.0.3.1")

    assert Paper.objects.get().vote_count == votes.COUNTED_FROM_ONE_NETWORK + 1
