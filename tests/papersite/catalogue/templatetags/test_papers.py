"""What rows say of a paper."""

from typing import Any

import pytest
from django.template import Context

from accounts.models import User
from papersite.catalogue.lists import Page
from papersite.catalogue.models import Paper
from papersite.catalogue.templatetags.papers import contribution, paper_cards, plain_card, venue
from tests.factories import AuthorFactory, PaperFactory

pytestmark = pytest.mark.django_db


def test_a_row_has_one_sentence_the_venue_and_one_number() -> None:
    paper = Paper(
        title="It", abstract="It is hard. We build a way to do it.", comment="Accepted at ICML 2026", vote_count=2
    )

    assert contribution(paper) == "We build a way to do it."
    assert venue(paper) == "ICML 2026"


def made(**fields: Any) -> Paper:
    return Paper.objects.for_cards().get(pk=PaperFactory.create(**fields).pk)


def test_a_card_has_one_number_of_votes_with_its_parts() -> None:
    paper = made(title="A < B", vote_count=2)

    assert '<b>2</b> <span class="tip">votes: 2 here</span>' in plain_card(paper)
    paper.hf_upvotes = 1500
    assert "<b>1,502</b>" in plain_card(paper)
    assert "votes: 2 here, 1,500 on Hugging Face" in plain_card(paper)
    paper.vote_count, paper.hf_upvotes = 1, None
    assert ">vote: 1 here" in plain_card(paper)


def test_a_card_as_it_was_mailed_has_its_reason_and_sends_nobody_to_sign_in() -> None:
    card = plain_card(made(), "h2", [("topic", "Graphs & <b>")])

    assert '<p class="why">You follow Graphs &amp; &lt;b&gt;</p>' in card
    assert "login" not in card


def test_a_card_as_it_was_mailed_names_every_author_whom_its_reader_follows() -> None:
    by = [AuthorFactory.create(name=f"Ann Roe{number}") for number in range(9)]

    card = plain_card(made(by=by), "h2", [("author", "Ann Roe6"), ("author", "Ann Roe7")])

    assert '<p class="authors" dir="auto"><strong>Ann Roe6</strong>, <strong>Ann Roe7</strong>, <a ' in card


def test_a_card_says_of_an_old_paper_when_it_is_from() -> None:
    assert ">from March 2025, listed <time" in plain_card(made(arxiv_id="2503.00001"))
    assert "listed" not in plain_card(made(arxiv_id="2611.00002"))


def test_a_card_lets_no_markup_of_others_through() -> None:
    paper = made(title="<b>A & B", abstract="<i>It</i>", comment="Accepted at <u>ICML 2026", arxiv_id="2611.00001")

    card = plain_card(paper, "h3")

    assert ">&lt;b&gt;A &amp; B</a>" in card
    assert "&lt;i&gt;It" in card
    assert not any(tag in card for tag in ("<b>A", "<i>", "<u>"))
    assert '<h3 class="card-title">' in card
    assert '<a href="https://arxiv.org/pdf/2611.00001" rel="noopener">PDF</a>' in card
    assert '<a href="/papers/2026-11-23/"><time datetime="2026-11-23">23 Nov</time></a>' in card
    assert "<form" not in card


def test_a_readers_cards_say_what_they_did_and_carry_the_token_of_the_page(reader: User) -> None:
    voted, saved = made(), made()
    context = Context({"user": reader, "csrf_token": "the-token", "voted": {voted.pk}, "saved": {saved.pk}})

    first, second = (str(paper_cards(context, [paper], page=Page([], "", is_first=True))) for paper in (voted, saved))

    assert first.count('name="csrfmiddlewaretoken" value="the-token"') == 2
    assert f'id="vote-{voted.pk}" aria-pressed="true"' in first
    assert f'id="save-{voted.pk}" aria-pressed="false"' in first
    assert f'id="save-{saved.pk}" aria-pressed="true"' in second
    assert ('name="take_back"' in first, 'name="take_off"' in second) == (True, True)
    assert 'class="rank"' in first
    assert 'class="rank"' not in paper_cards(context, [voted], page=Page([], "", is_first=False))
