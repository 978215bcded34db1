"""The catalogue's pages: what they show, what they hide, and how many queries they cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from papersite.catalogue import voting
from papersite.catalogue.models import Paper
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db

LISTS = {
    "/": 6,
    "/papers/2026-11-23/": 4,
    "/papers/week/2026-W48/": 4,
    "/papers/month/2026-11/": 4,
    "/topics/graphs/": 6,
}


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("path", LISTS)
def test_lists_cost_the_same_queries_for_one_paper_and_for_thirty(
    client: Client, django_assert_num_queries: Any, path: str, rows: int
) -> None:
    graphs = TopicFactory.create(slug="graphs")
    for _ in range(rows):
        PaperFactory.create(in_topics=[graphs], by=AuthorFactory.create_batch(2))

    with django_assert_num_queries(LISTS[path]):
        page = client.get(path).content.decode()

    assert page.count('class="card"') == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_author_costs_the_same_queries_for_one_paper_and_for_thirty(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    author = AuthorFactory.create()
    PaperFactory.create_batch(rows, by=[author], in_topics=[TopicFactory.create()])

    with django_assert_num_queries(5):
        page = client.get(f"/authors/{author.pk}/").content.decode()

    assert page.count('class="card"') == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_topics_cost_one_query(client: Client, django_assert_num_queries: Any, rows: int) -> None:
    PaperFactory.create(in_topics=TopicFactory.create_batch(rows))
    TopicFactory.create(name="Not offered", is_offered=False)

    with django_assert_num_queries(1):
        page = client.get("/topics/").content.decode()

    assert (page.count('class="tile"'), page.count("1 paper")) == (rows, rows)
    assert "Not offered" not in page


def test_home_is_hottest_first(client: Client) -> None:
    PaperFactory.create(title="Yesterday's", announced_at=NOW - timedelta(days=1))
    PaperFactory.create(title="Today's")
    PaperFactory.create(title="Upvoted", announced_at=NOW - timedelta(hours=20), hf_upvotes=63)

    page = client.get("/").content.decode()

    assert page.index("Upvoted") < page.index("Today&#x27;s") < page.index("Yesterday&#x27;s")


def test_hidden_papers_are_nowhere(client: Client) -> None:
    graphs, author = TopicFactory.create(slug="graphs"), AuthorFactory.create()
    hidden = PaperFactory.create(
        title="The hidden one", arxiv_id="2611.00001", is_hidden=True, in_topics=[graphs], by=[author]
    )

    for path in ("/", "/papers/2026-11-23/", "/topics/graphs/", f"/authors/{author.pk}/", "/archive/2026-11-23/"):
        assert "The hidden one" not in client.get(path).content.decode()
    assert client.get("/papers/2611.00001/").status_code == 404
    assert client.get(f"/papers/p{hidden.pk}/").status_code == 404


def test_paper_says_what_its_place_is_made_of(client: Client, django_assert_num_queries: Any) -> None:
    paper = PaperFactory.create(arxiv_id="2611.00001", hf_upvotes=7, boost=5, by=AuthorFactory.create_batch(9))

    with django_assert_num_queries(4):
        page = client.get(paper.get_absolute_url()).content.decode()

    assert "7 upvotes on Hugging Face count as 18 hours newer" in page
    assert "a curator moved it by 5 hours" in page
    assert page.count("/authors/") == 9


def test_paper_by_its_number_leads_to_its_arxiv_address(client: Client) -> None:
    with_id, without = PaperFactory.create(arxiv_id="hep-th/9901001"), PaperFactory.create()

    assert client.get(f"/papers/p{with_id.pk}/").headers["Location"] == "/papers/hep-th/9901001/"
    assert client.get(f"/papers/p{without.pk}/").status_code == 200


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
    voting.cast(mine, reader)

    page = reader_client.get("/").content.decode()

    assert page.count('class="mine"') == 1
    assert theirs.title in page


def test_home_counts_each_topics_papers_of_the_week(client: Client) -> None:
    from django.utils import timezone

    now = timezone.now()
    busy, quiet = TopicFactory.create(name="Busy"), TopicFactory.create(name="A quiet one")
    PaperFactory.create_batch(2, announced_at=now, in_topics=[busy])
    PaperFactory.create(announced_at=now, in_topics=[busy], is_hidden=True)
    PaperFactory.create(announced_at=now - timedelta(days=8), in_topics=[busy, quiet])

    page = client.get("/").content.decode()

    assert 'Busy <span class="count">2</span>' in page
    assert page.index("Busy") < page.index("A quiet one")
