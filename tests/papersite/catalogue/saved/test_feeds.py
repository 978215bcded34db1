"""The private feed of a reading list."""

from typing import Any

import pytest
from django.test import Client
from lxml import etree

from accounts.models import User
from papersite.catalogue import reading_list
from papersite.catalogue.models import SavedPaper
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_feed_holds_the_list_with_notes_in_the_same_queries(
    client: Client, reader: User, django_assert_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        paper = PaperFactory.create(title="A <b>\x0b", by=[AuthorFactory.create()], in_topics=[TopicFactory.create()])
        type(paper).objects.filter(pk=paper.pk).update(content_key=f"{paper.pk}")
        reading_list.save(paper, reader, NOW)
    SavedPaper.objects.update(note="Mine \x01.")

    with django_assert_num_queries(6):
        answer: Any = client.get(f"/saved/feed/{reader.feed_key}/")

    entries = etree.fromstring(answer.content).findall("a:entry", ATOM)
    assert len(entries) == rows
    assert entries[0].findtext("a:title", namespaces=ATOM) == "A <b>"
    assert "Your note: Mine ." in (entries[0].findtext("a:summary", namespaces=ATOM) or "")


def test_only_its_reader_keeps_it_and_no_search_engine(client: Client, reader: User) -> None:
    answer = client.get(f"/saved/feed/{reader.feed_key}/")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("key", ["x", "x" * 32, "x" * 500, "%00"])
def test_a_key_that_is_none_opens_nothing(client: Client, reader: User, key: str) -> None:
    assert client.get(f"/saved/feed/{key}/").status_code == 404


def test_the_key_of_a_closed_account_opens_nothing(client: Client, reader: User) -> None:
    User.objects.update(is_active=False)

    assert client.get(f"/saved/feed/{reader.feed_key}/").status_code == 404
