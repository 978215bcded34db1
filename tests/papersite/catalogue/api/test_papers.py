"""Papers for programs: one, and every list page by page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from papersite.catalogue.models import Category, Paper, PaperCategory
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def long(value: Any) -> Any:
    return pytest.param(value, marks=pytest.mark.long)


def get(path: str, **query: Any) -> Any:
    answer = Client().get(f"/api/v1{path}", query)
    assert answer.headers["Content-Type"] in ("application/json", "application/problem+json")
    return answer


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["items"]]


def test_a_paper_is_told_whole(settings: Any) -> None:
    topic, author, category = TopicFactory.create(slug="graphs"), AuthorFactory.create(), CategoryFactory.create()
    paper = PaperFactory.create(
        arxiv_id="2611.00001", in_topics=[topic], by=[author], vote_count=3, versions=[[1, "2026-11-20T10:00:00+00:00"]]
    )
    PaperCategory.objects.create(paper=paper, category=category)

    told = get("/papers/2611.00001").json()

    assert told["url"] == f"{settings.SITE_URL}/papers/2611.00001/"
    assert told["authors"] == [{"id": author.pk, "name": author.name}]
    assert told["categories"] == [category.code]
    assert told["topics"] == [{"slug": "graphs", "name": topic.name}]
    assert told["versions"] == [{"number": 1, "at": "2026-11-20T10:00:00Z"}]
    assert (told["votes"], told["hf_upvotes"], told["announced_at"]) == (3, None, "2026-11-23T12:00:00Z")


@pytest.mark.parametrize("written", ["2611.00001", "2611.00001v3", "arXiv:2611.00001v1", "p{pk}"])
def test_a_paper_is_found_by_each_form_of_its_id(written: str) -> None:
    paper = PaperFactory.create(arxiv_id="2611.00001")

    assert get(f"/papers/{written.format(pk=paper.pk)}").json()["id"] == "2611.00001"


@pytest.mark.parametrize("path", ["/papers/2611.00002", "/papers/nonsense", "/papers/p1/nothing", "/papers/%00"])
def test_what_is_no_paper_is_a_problem(path: str) -> None:
    PaperFactory.create(arxiv_id="2611.00002", is_hidden=True)

    answer = get(path)

    assert answer.json()["status"] == answer.status_code
    assert answer.status_code == (400 if "%00" in path else 404)


LISTS = [
    "/papers",
    "/days/2026-11-23/papers",
    "/weeks/2026-W48/papers",
    "/months/2026-11/papers",
    "/topics/graphs/papers",
    "/categories/cs.LG/papers",
    "/authors/7/papers",
    "/trending",
]


def fill(count: int) -> list[str]:
    """Papers that stand in each of the lists; the hottest first."""
    topic, author, category = (
        TopicFactory.create(slug="graphs"),
        AuthorFactory.create(pk=7),
        Category.objects.create(code="cs.LG"),
    )
    found = []
    for number in range(count):
        moment = NOW - timedelta(minutes=number)
        paper = PaperFactory.create(in_topics=[topic], by=[author], announced_at=moment, hf_upvotes=number % 2)
        PaperCategory.objects.create(paper=paper, category=category)
        found.append(paper)
    return [paper.public_id for paper in sorted(found, key=lambda paper: -paper.heat)]


@pytest.mark.parametrize("path", [*LISTS[:3], *map(long, LISTS[3:])])
def test_each_list_is_read_to_its_end_page_by_page(path: str, settings: Any) -> None:
    hottest, read, cursor = fill(5), [], ""

    while True:
        told = get(path, limit=2, **({"cursor": cursor} if cursor else {})).json()
        read += [one.get("paper", one)["id"] for one in told["items"]]
        cursor = told["cursor"]
        if not cursor:
            break
        assert told["next"].startswith(f"{settings.SITE_URL}/api/v1{path}?")

    assert read == hottest
    assert told["next"] is None


def test_a_walk_by_arrival_meets_each_paper_once_while_heat_moves_and_papers_come() -> None:
    fill(5)
    there, read, cursors = [paper.public_id for paper in Paper.objects.order_by("pk")], [], [""]

    while cursors[-1] is not None:
        told = get("/papers", sort="added", limit=2, **({"cursor": cursors[-1]} if cursors[-1] else {}))
        read += ids(told)
        cursors.append(told.json()["cursor"])
        Paper.objects.filter(pk=Paper.objects.latest("pk").pk - len(cursors)).update(heat=F("heat") + 1000)
        if len(cursors) == 3:
            there.append(PaperFactory.create(announced_at=NOW - timedelta(days=400)).public_id)
    PaperFactory.create(arxiv_id="2611.09999")

    assert read == there
    assert ids(get("/papers", sort="added", cursor=cursors[-2]))[-1] == "2611.09999"


def test_a_walk_by_arrival_reads_no_more_than_its_page(django_assert_num_queries: Any) -> None:
    fill(9)
    PaperFactory.create(is_hidden=True)
    first = Paper.objects.earliest("pk").pk

    with django_assert_num_queries(4) as asked:
        assert len(ids(get("/papers", sort="added", limit=3, cursor=first))) == 3

    assert "LIMIT 4" in asked[0]["sql"]


@pytest.mark.parametrize("cursor", ["x", "1.5_7", "-1", "9" * 19, "99999"])
def test_what_is_no_cursor_of_a_walk_by_arrival_is_a_problem(cursor: str) -> None:
    fill(1)

    assert get("/papers", sort="added", cursor=cursor).status_code == 404


@pytest.mark.parametrize("path", ["/papers", *map(long, LISTS[1:])])
@pytest.mark.parametrize("count", [1, long(50)])
def test_a_page_asks_at_most_eight_questions_however_long_it_is(
    path: str, count: int, django_assert_max_num_queries: Any
) -> None:
    fill(count)

    with django_assert_max_num_queries(8):
        told = get(path).json()

    assert len(told["items"]) == count


@pytest.mark.parametrize("cursor", ["1", "e0", "-1_1~x", "é", "a" * 99])
@pytest.mark.parametrize("path", ["/papers", *map(long, ["/weeks/2026-W48/papers", "/trending"])])
def test_what_is_no_cursor_is_a_problem(path: str, cursor: str) -> None:
    fill(1)

    assert get(path, cursor=cursor).status_code in (404, 422)


@pytest.mark.long
@pytest.mark.parametrize(
    "path",
    [
        *("/days/2026-02-30/papers", "/days/x/papers", "/weeks/2026-W60/papers", "/months/2026-13/papers"),
        *("/topics/none/papers", "/categories/xx.XX/papers", "/authors/8/papers", f"/authors/{'9' * 30}/papers"),
    ],
)
def test_what_is_no_list_is_a_problem(path: str) -> None:
    answer = get(path)

    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


@pytest.mark.parametrize("limit", ["0", "101", "x", "", "99999999999999999999"])
def test_what_is_no_limit_is_said_with_its_place(limit: str) -> None:
    answer = get("/papers", limit=limit)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.limit"


def test_the_sum_behind_each_place_adds_up() -> None:
    PaperFactory.create(vote_count=3, boost=2.0, heat=0)
    from papersite.catalogue.heat import scoring

    scoring.rescore()

    told = get("/trending").json()["items"][0]

    assert told["place"] == 1
    assert sum(part["hours"] for part in told["parts"]) == pytest.approx(told["heat"])
    assert {part["signal"]: part["count"] for part in told["parts"]}["vote_count"] == 3


def test_places_go_on_counting_on_the_next_page() -> None:
    fill(3)
    cursor = get("/trending", limit=2).json()["cursor"]

    assert [one["place"] for one in get("/trending", limit=2, cursor=cursor).json()["items"]] == [3]


def test_similar_papers_are_found_by_their_words(index: Any) -> None:
    words = "Message passing over molecular graphs predicts toxicity of solvents"
    one, other = PaperFactory.create(title="First", abstract=words), PaperFactory.create(title="Other", abstract=words)
    PaperFactory.create_batch(3)
    index()

    assert ids(get(f"/papers/{one.public_id}/similar", limit=1)) == [other.public_id]
    assert get("/papers/p999999/similar").status_code == 404
