"""The reading list's page and its button."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from papersite.catalogue import reading_list
from papersite.catalogue.models import Paper, SavedPaper
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved(reader: User) -> SavedPaper:
    return reading_list.save(PaperFactory.create(title="On graphs", arxiv_id="2611.00001"), reader, NOW)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_queries(
    reader_client: Client, reader: User, django_assert_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        paper = PaperFactory.create(by=[AuthorFactory.create()], in_topics=[TopicFactory.create()])
        reading_list.save(paper, reader, NOW)

    with django_assert_num_queries(8):
        page = reader_client.get("/saved/").content.decode()

    assert page.count('<article class="card"') == rows


def test_the_button_saves_and_takes_off_and_stays_on_its_page(reader_client: Client, reader: User) -> None:
    paper = PaperFactory.create()
    address = f"/papers/{paper.public_id}/save/"
    assert 'aria-pressed="false">Save<' in reader_client.get("/").content.decode()

    answers = [reader_client.post(address) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [paper.get_absolute_url()] * 2
    assert SavedPaper.objects.get().reader == reader
    for page in ("/", paper.get_absolute_url()):
        assert 'aria-pressed="true">Saved<' in reader_client.get(page).content.decode()

    answer = reader_client.post(address, {"take_off": "1"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="false">Save<' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert not SavedPaper.objects.exists()


def test_a_stranger_is_led_to_the_sign_in_and_saves_nothing(client: Client) -> None:
    paper = PaperFactory.create()

    answer = client.post(f"/papers/p{paper.pk}/save/")

    assert answer.headers["Location"] == f"/accounts/login/?next=/papers/p{paper.pk}/"
    assert not SavedPaper.objects.exists()


def test_a_hidden_paper_cannot_be_saved(reader_client: Client) -> None:
    paper = PaperFactory.create(is_hidden=True)

    assert reader_client.post(f"/papers/p{paper.pk}/save/").status_code == 404


def test_a_note_is_kept_and_leads_back_to_where_it_was_written(reader_client: Client, saved: SavedPaper) -> None:
    sent = {"note": "Two\r\nlines", "show": "unread", "sort": "title", "page": "1"}

    answer = reader_client.post(f"/saved/{saved.pk}/note/", sent)

    assert answer.headers["Location"] == f"/saved/?show=unread&sort=title#saved-{saved.pk}"
    saved.refresh_from_db()
    assert saved.note == "Two\nlines"
    assert "Two<br>lines" in reader_client.get("/saved/").content.decode()


def test_a_note_that_is_too_long_is_refused_and_not_lost(reader_client: Client, saved: SavedPaper) -> None:
    note = "n" * 2001

    answer = reader_client.post(f"/saved/{saved.pk}/note/", {"note": note})

    assert answer.status_code == 400
    assert note in answer.content.decode()
    assert "<details open>" in answer.content.decode()
    assert f'<label for="note-{saved.pk}">' in answer.content.decode()
    saved.refresh_from_db()
    assert saved.note == ""


def test_a_note_as_long_as_it_may_be_is_kept_however_many_lines_it_has(
    reader_client: Client, saved: SavedPaper
) -> None:
    assert reader_client.post(f"/saved/{saved.pk}/note/", {"note": "a\r\n" * 1000}).status_code == 302


def test_a_paper_is_read_and_unread(reader_client: Client, saved: SavedPaper) -> None:
    reader_client.post(f"/saved/{saved.pk}/read/")
    saved.refresh_from_db()
    first = saved.read_at
    reader_client.post(f"/saved/{saved.pk}/read/")
    saved.refresh_from_db()
    assert first is not None
    assert saved.read_at == first
    assert "On graphs" not in reader_client.get("/saved/?show=unread").content.decode()
    assert "On graphs" in reader_client.get("/saved/?show=read").content.decode()

    reader_client.post(f"/saved/{saved.pk}/read/", {"unread": "1"})
    saved.refresh_from_db()
    assert saved.read_at is None


def test_what_is_removed_is_undone_with_its_note(reader_client: Client, saved: SavedPaper) -> None:
    SavedPaper.objects.update(note="Mine.")

    answers = [reader_client.post(f"/saved/{saved.pk}/remove/", {"show": "unread"}) for _ in range(2)]

    assert {answer.headers["Location"] for answer in answers} == {"/saved/?show=unread&removed=1"}
    assert not SavedPaper.objects.exists()
    assert "Taken off the list: On graphs" in reader_client.get("/saved/?removed=1").content.decode()
    assert "Taken off the list" not in reader_client.get("/saved/").content.decode()
    for _ in range(2):
        reader_client.post("/saved/undo/")
    assert SavedPaper.objects.get().note == "Mine."
    assert "Taken off the list" not in reader_client.get("/saved/?removed=1").content.decode()


@pytest.mark.parametrize("act", ["note", "read", "remove"])
def test_nobody_touches_anothers_list(reader_client: Client, act: str) -> None:
    theirs = reading_list.save(PaperFactory.create(), UserFactory.create(), NOW)

    reader_client.post(f"/saved/{theirs.pk}/{act}/", {"note": "Mine."})

    theirs.refresh_from_db()
    assert (theirs.note, theirs.read_at) == ("", None)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("bib", ("application/x-bibtex", "@misc{")),
        ("ris", ("application/x-research-info-systems", "TY  - ")),
        ("csv", ("text/csv", "title,")),
    ],
)
def test_the_list_is_taken_away_as_it_is_shown(
    reader_client: Client, reader: User, saved: SavedPaper, kind: str, told: tuple[str, str]
) -> None:
    content_type, begins = told
    read = reading_list.save(PaperFactory.create(title="Read already"), reader, NOW)
    SavedPaper.objects.filter(pk=read.pk).update(read_at=NOW)

    answer = reader_client.get(f"/saved/papers.{kind}?show=unread")

    assert answer.headers["Content-Type"] == f"{content_type}; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.content.decode().startswith(begins)
    assert "On graphs" in answer.content.decode()
    assert "Read already" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/saved/papers.exe", "/saved/papers."])
def test_another_format_is_none(reader_client: Client, address: str) -> None:
    assert reader_client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["show=x", "sort=x", "page=x", "page=999", "page=-1", "page=9999999999"])
def test_nonsense_in_the_address_shows_the_list(reader_client: Client, saved: SavedPaper, query: str) -> None:
    answer = reader_client.get(f"/saved/?{query}")

    assert answer.status_code == 200
    assert "On graphs" in answer.content.decode()


def test_an_empty_list_says_how_to_fill_it(reader_client: Client) -> None:
    assert "Nothing saved yet" in reader_client.get("/saved/").content.decode()


def test_a_paper_hidden_since_is_on_the_list_no_more(reader_client: Client, saved: SavedPaper) -> None:
    Paper.objects.update(is_hidden=True)

    assert "On graphs" not in reader_client.get("/saved/").content.decode()
