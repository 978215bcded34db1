"""A reader's reading list through their own programs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from papersite.catalogue import reading_list
from papersite.catalogue.models import SavedPaper
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db


def ask(method: str, path: str, secret: str, sent: Any = None, **query: Any) -> Any:
    body = {"data": json.dumps(sent), "content_type": "application/json"} if sent is not None else {"data": query}
    return getattr(Client(), method)(f"/api/v1/me/saved{path}", headers={"Authorization": f"Bearer {secret}"}, **body)


def test_a_paper_is_kept_with_a_note_and_marked_and_taken_off(write_token: str) -> None:
    PaperFactory.create(arxiv_id="2611.00001")

    kept = ask("put", "/2611.00001v2", write_token, {"note": "read this", "read": True}).json()
    again = ask("put", "/2611.00001", write_token, {}).json()
    unread = ask("put", "/2611.00001", write_token, {"read": False}).json()

    assert kept["note"] == "read this"
    assert again == kept
    assert (unread["read_at"], unread["note"], unread["saved_at"]) == (None, "read this", kept["saved_at"])
    for _ in range(2):
        assert ask("delete", "/2611.00001", write_token).status_code == 204
    assert not SavedPaper.objects.exists()


def test_the_list_is_read_page_by_page(reader: User, read_token: str, django_assert_max_num_queries: Any) -> None:
    papers = PaperFactory.create_batch(5)
    for number, paper in enumerate(papers):
        reading_list.save(paper, reader, NOW + timedelta(microseconds=number // 2))
    read: list[str] = []
    cursor = ""

    while True:
        with django_assert_max_num_queries(8):
            told = ask("get", "", read_token, limit=2, **({"cursor": cursor} if cursor else {})).json()
        read += [one["paper"]["id"] for one in told["items"]]
        if not (cursor := told["cursor"]):
            break

    assert read == [paper.public_id for paper in reversed(papers)]


@pytest.mark.parametrize("cursor", ["x", "1", "_", "1_x"])
def test_what_is_no_cursor_is_a_problem(read_token: str, cursor: str) -> None:
    assert ask("get", "", read_token, cursor=cursor).status_code == 404


@pytest.mark.parametrize(
    "sent", [{"note": "x" * 2001}, {"note": "a\x00b"}, {"note": 5}, {"read": "perhaps"}, [], {"x": 1}]
)
def test_what_is_no_note_is_said(write_token: str, sent: Any) -> None:
    PaperFactory.create(arxiv_id="2611.00001")

    assert ask("put", "/2611.00001", write_token, sent).status_code == 422
    assert not SavedPaper.objects.exists()


def test_what_is_no_paper_is_not_there(write_token: str) -> None:
    PaperFactory.create(arxiv_id="2611.00001", is_hidden=True)

    assert ask("put", "/2611.00001", write_token, {}).status_code == 404
    assert ask("put", "/p1/x", write_token, {}).status_code == 404
