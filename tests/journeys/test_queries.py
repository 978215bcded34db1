"""What every public page asks of the database, of strangers and of readers: at most eight queries, as many for one
row as for thirty."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from digest.models import Edition
from papersite.catalogue import reading_list, votes
from papersite.catalogue.models import Author, Category, Paper, Reading, Topic
from tests.factories import (
    NOW,
    AuthorFactory,
    CategoryFactory,
    EditionFactory,
    PaperFactory,
    PickFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

AT_MOST = 8
PATHS = (
    "/", "/papers/2026-11-23/", "/papers/week/2026-W48/", "/papers/month/2026-11/", "/papers/2611.00001/", "/topics/",
    "/topics/topic-of-all/", "/authors/{author}/", "/categories/cs.LG/", "/archive/", "/trending/how/", "/privacy/",
    "/search/help/", "/search/?q=paper", "/accounts/login/",
    "/accounts/signup/", "/nowhere/", "/papers/2020-01-01/",
)  # fmt: skip


def fill(numbers: range) -> None:
    """Papers of one day, topic, author and category, each with a pick, a topic and signals of its own."""
    author, category, topic = Author.objects.get(), Category.objects.get(), Topic.objects.get(slug="topic-of-all")
    for number in numbers:
        paper = PaperFactory.create(
            arxiv_id=f"2611.{number:05}", in_topics=[topic, TopicFactory.create()], by=[author], hf_upvotes=number,
            code_url="https://github.com/a/b",
        )  # fmt: skip
        paper.categories.add(category)
        Reading.objects.create(paper=paper, signal="hf_upvotes", day=NOW.date(), value=number)
        PickFactory.create(edition=Edition.objects.get(), paper=PaperFactory.create())


def counted(client: Client) -> dict[str, int]:
    found = {}
    for path in PATHS:
        address = path.format(author=Author.objects.values_list("pk", flat=True)[0])
        client.get(address)  # what is worked out once for all
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        found[path] = len(asked)
    return found


@pytest.mark.timeout(240)  # many pages, one after the other
def test_a_public_page_asks_little_and_no_more_for_thirty_papers_than_for_one(
    client: Client, reader: Any, reader_client: Client, index: Any, a_week_later: None
) -> None:
    AuthorFactory.create()
    CategoryFactory.create(code="cs.LG")
    TopicFactory.create(slug="topic-of-all")
    EditionFactory.create(intro="Worth a look.")
    # So that the day does not stand at the end of the catalogue.
    PaperFactory.create(announced_at=NOW - timedelta(days=2))
    counts = []
    for numbers in (range(1, 2), range(2, 31)):
        fill(numbers)
        index()
        for paper in Paper.objects.exclude(arxiv_id=""):
            votes.cast(paper, reader)
            reading_list.save(paper, reader, NOW)
        counts.append((counted(client), counted(reader_client)))

    (one, own), (thirty, own_thirty) = counts
    assert {path: count for path, count in one.items() if count > AT_MOST or thirty[path] > count} == {}
    assert {path: own_thirty[path] for path in PATHS if own_thirty[path] > own[path]} == {}
    assert {path: own[path] for path in PATHS if own[path] > AT_MOST} == {}
