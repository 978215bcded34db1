"""The catalogue's pages: what they show, what they hide, and how many queries they cost."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from papersite.catalogue.models import PaperTopic, Reading, Repository, SignalWeight
from papersite.catalogue.views import THIN_DAY
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


LISTS = {
    "/": 5,
    "/papers/2026-11-23/": 6,
    "/papers/week/2026-W48/": 7,
    "/papers/month/2026-11/": 7,
    "/categories/cs.LG/": 4,
    "/topics/graphs/": 4,
}


@pytest.mark.parametrize("rows", [THIN_DAY, 30])
@pytest.mark.parametrize("path", LISTS)
def test_lists_cost_the_same_queries_for_one_paper_and_for_thirty(
    client: Client, django_assert_num_queries: Any, path: str, rows: int
) -> None:
    graphs, learning = TopicFactory.create(slug="graphs"), CategoryFactory.create(code="cs.LG")
    for _ in range(rows):
        paper = PaperFactory.create(in_topics=[graphs], by=AuthorFactory.create_batch(2))
        paper.categories.add(learning)

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
def test_topics_cost_three_queries(client: Client, django_assert_num_queries: Any, rows: int) -> None:
    PaperFactory.create(in_topics=TopicFactory.create_batch(rows))
    TopicFactory.create(name="Not offered", is_offered=False)

    with django_assert_num_queries(3):
        page = client.get("/topics/").content.decode()

    assert (page.count('class="tile"'), page.count("1 paper")) == (rows, rows)
    assert "Not offered" not in page


def test_home_is_hottest_first(client: Client) -> None:
    PaperFactory.create(title="Yesterday's", announced_at=NOW - timedelta(days=1))
    PaperFactory.create(title="Today's")
    PaperFactory.create(title="Upvoted", announced_at=NOW - timedelta(hours=20), hf_upvotes=63)

    page = unescape(client.get("/").content.decode())

    assert page.index("Upvoted") < page.index("Today's") < page.index("Yesterday's")


def test_hidden_papers_are_nowhere(client: Client) -> None:
    graphs, author = TopicFactory.create(slug="graphs"), AuthorFactory.create()
    hidden = PaperFactory.create(
        title="The hidden one", arxiv_id="2611.00001", is_hidden=True, in_topics=[graphs], by=[author]
    )

    for path in ("/", "/papers/2026-11-23/", "/topics/graphs/", f"/authors/{author.pk}/", "/archive/"):
        assert "The hidden one" not in client.get(path).content.decode()
    assert client.get("/papers/2611.00001/").status_code == 404
    assert client.get(f"/papers/p{hidden.pk}/").status_code == 404


def test_paper_says_what_its_place_is_made_of(client: Client, django_assert_num_queries: Any) -> None:
    paper = PaperFactory.create(arxiv_id="2611.00001", hf_upvotes=7, boost=5, by=AuthorFactory.create_batch(9))

    with django_assert_num_queries(5):
        page = client.get(paper.get_absolute_url()).content.decode()

    assert "<strong>7 upvotes on Hugging Face</strong> +12.0 h" in page
    assert "<strong>a curator's boost</strong> +5.0 h" in page
    assert '<rect class="plot-hf_upvotes" x="0.0" y="0" width="423.5" height="12" />' in page
    # The nine, and the first of them to follow.
    assert page.count('href="/authors/') == 10


def test_paper_by_its_number_leads_to_its_arxiv_address(client: Client) -> None:
    with_id, without = PaperFactory.create(arxiv_id="hep-th/9901001"), PaperFactory.create()

    assert client.get(f"/papers/p{with_id.pk}/").headers["Location"] == "/papers/hep-th/9901001/"
    assert client.get(f"/papers/p{without.pk}/").status_code == 200


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


def test_a_thin_day_goes_on_with_the_days_before_it(client: Client) -> None:
    for days_ago, count in ((0, 2), (1, 5), (3, 9), (4, 1)):
        PaperFactory.create_batch(count, announced_at=NOW - timedelta(days=days_ago))

    page = client.get("/papers/2026-11-23/").content.decode()

    assert page.count('class="card"') == 2 + 5 + 9
    assert page.index("Sunday, 22 November") < page.index("Friday, 20 November")
    assert "19 November" not in page


@pytest.mark.usefixtures("a_week_later")
@pytest.mark.parametrize("rows", [1, 9])
def test_a_thin_day_costs_the_same_queries_however_many_days_fill_it(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    PaperFactory.create(by=[AuthorFactory.create()])
    for number in range(rows):
        PaperFactory.create(announced_at=NOW - timedelta(days=1 + number % 7), by=[AuthorFactory.create()])

    with django_assert_num_queries(5):
        client.get("/papers/2026-11-23/")


def test_an_empty_day_leads_to_the_nearest_with_papers(client: Client) -> None:
    for days_ago in (1, 6, 30):
        PaperFactory.create(announced_at=NOW - timedelta(days=days_ago))

    assert client.get("/papers/2026-11-20/").headers["Location"] == "/papers/2026-11-22/"
    assert client.get("/papers/2026-11-19/").headers["Location"] == "/papers/2026-11-17/"
    assert client.get("/papers/2026-11-10/").headers["Location"] == "/papers/2026-11-17/"
    assert client.get("/papers/2026-11-23/").headers["Location"] == "/papers/2026-11-22/"


def test_the_former_address_of_a_day_leads_to_its_page_for_good(client: Client) -> None:
    answer = client.get("/archive/2026-11-23/")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/papers/2026-11-23/")


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/papers/2026-02-30/", "/archive/"), ("/papers/week/2026-W60/", "/archive/"),
        ("/papers/month/2026-13/", "/archive/"),
        ("/papers/2030-01-01/", "/papers/2026-11-23/"), ("/papers/2000-01-01/", "/papers/2026-11-23/"),
        ("/papers/week/2030-W01/", "/papers/2026-11-23/"), ("/?page=7", '"/"'), ("/?after=x", '"/"'),
        ("/?after=-99999_1", '"/"'), ("/topics/graphs/?after=-99999.5_1", "/topics/graphs/"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("a_week_later")
def test_a_page_that_is_none_says_where_to_go_instead(client: Client, path: str, link: str) -> None:
    PaperFactory.create(in_topics=[TopicFactory.create(slug="graphs")])

    answer = client.get(path)

    assert answer.status_code == 404
    assert link in answer.content.decode().partition("<main")[2].partition("<footer")[0]


def test_a_week_ranks_by_what_was_earned_in_it(client: Client) -> None:
    old_and_great = PaperFactory.create(title="Great last month", announced_at=NOW - timedelta(days=40), hf_upvotes=999)
    rising = PaperFactory.create(title="Rising now", announced_at=NOW - timedelta(days=40))
    new = PaperFactory.create(title="Only new")
    for paper, day, value in ((old_and_great, 30, 999), (rising, 30, 2), (rising, 0, 40)):
        Reading.objects.create(paper=paper, signal="hf_upvotes", day=(NOW - timedelta(days=day)).date(), value=value)

    page = client.get("/papers/week/2026-W48/").content.decode()

    assert page.index(rising.title) < page.index(new.title)
    assert old_and_great.title not in page


def test_a_paper_shows_its_record(client: Client) -> None:
    topic = TopicFactory.create(name="Graphs")
    paper = PaperFactory.create(
        arxiv_id="2611.00001", comment="12 pages. Code at https://a.example/b", journal_ref="Journal 7", doi="10.1/x y",
        sources=["arxiv", "huggingface"],
        versions=[[1, "2026-11-20T10:00:00+00:00"], [2, "2026-11-22T10:00:00+00:00"]], in_topics=[topic],
        code_url="https://github.com/a/b", organisation="A Lab", summary="In short.", summary_by="A model",
        keywords=["one"],
    )  # fmt: skip
    PaperTopic.objects.update(why="graph networks")
    Repository.objects.create(url="https://github.com/a/b", is_gone=True)
    for days_ago, stars in ((2, 1000), (0, 1234)):
        day = (NOW - timedelta(days=days_ago)).date()
        Reading.objects.create(paper=paper, signal="github_stars", day=day, value=stars)

    page = client.get("/papers/2611.00001/").content.decode()

    for shown in (
        "12 pages", "Journal 7", 'href="https://doi.org/10.1/x%20y"',
        'Code at <a href="https://a.example/b" rel="nofollow">https://a.example/b</a>',
        "v1 of 20 Nov 2026, v2 of",
        "graph networks", "is gone from GitHub", "A Lab", "Summary and keywords by A model: one",
        "1,234 stars on GitHub",
    ):  # fmt: skip
        assert shown in page


def test_a_withdrawn_paper_is_marked(client: Client) -> None:
    PaperFactory.create(arxiv_id="2611.00001", is_withdrawn=True, comment="An error in section 3")

    assert "This paper was withdrawn: An error in section 3" in client.get("/papers/2611.00001/").content.decode()
    assert "withdrawn</span>" in client.get("/").content.decode()


def test_cite_shows_three_forms(client: Client) -> None:
    PaperFactory.create(arxiv_id="2611.00001", title="On 100% & more", by=[AuthorFactory.create(name="Ada Byron")])

    page = client.get("/papers/2611.00001/cite/").content.decode()

    assert "@misc{byron2026on," in page
    assert "TY  - GEN" in page
    assert "Ada Byron (2026). On 100% &amp; more. arXiv:2611.00001. https://arxiv.org/abs/2611.00001" in page


def test_detailed_view_is_asked_for_once(client: Client) -> None:
    said = "We build a graph. We show that it grows."
    PaperFactory.create(abstract=said)

    assert said not in client.get("/").content.decode()
    answer = client.get("/?view=detailed")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert said in client.get("/").content.decode()
    client.get("/?view=compact")
    assert said not in client.get("/").content.decode()


FIRST, LAST = "1900", "2099"
"""The years with which addresses of days begin and end."""


@pytest.mark.parametrize("papers", [0, 1])
@pytest.mark.parametrize(
    "path",
    [
        *(f"/{kind}/{FIRST}-{day}/" for kind, day in
          (("papers", "01-01"), ("papers/week", "W01"), ("papers/month", "01"))),
        *(f"/{kind}/{LAST}-{day}/" for kind, day in
          (("papers", "12-31"), ("papers/week", "W52"), ("papers/month", "12"))),
        "/papers/2026-11-22/", "/papers/week/2026-W47/", "/papers/month/2026-10/",
    ],
)  # fmt: skip
def test_there_are_no_days_beyond_the_ends_of_the_catalogue(client: Client, path: str, papers: int) -> None:
    PaperFactory.create_batch(papers)

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/papers/2026-11-23/", "/papers/week/2026-W48/", "/papers/month/2026-11/"])
def test_the_first_days_of_the_catalogue_lead_no_further_back(client: Client, path: str) -> None:
    PaperFactory.create()

    assert 'rel="prev"' not in client.get(path).content.decode()

    PaperFactory.create(announced_at=NOW - timedelta(days=60))
    assert 'rel="prev"' in client.get(path).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/papers/0001-01-01/",
        "/papers/9999-12-31/",
        "/authors/99999999999999999999/",
        "/papers/p999999999999999999/",
        "/?page=99999999999999999999",
        "/categories/none.XX/",
    ],
)
def test_addresses_of_nothing_are_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_trending_how_states_the_numbers_in_force(client: Client) -> None:
    SignalWeight.objects.update_or_create(signal="hf_upvotes", defaults={"hours": 5})

    page = client.get("/trending/how/").content.decode()

    assert "<td>5 hours newer</td>" in page
    assert "120 upvotes on Hugging Face (34.6 hours)" in page


@pytest.mark.usefixtures("a_week_later")
@pytest.mark.parametrize("path", ["/topics/graphs/", "/categories/cs.LG/", "/authors/{author}/"])
def test_a_topic_a_category_and_an_author_have_todays_the_weeks_and_the_months_papers(
    client: Client, path: str
) -> None:
    graphs, learning, ada = (
        TopicFactory.create(slug="graphs"),
        CategoryFactory.create(code="cs.LG"),
        AuthorFactory.create(),
    )
    for title, days in [("Of November", 0), ("Of its beginning", 20), ("Of spring", 200)]:
        paper = PaperFactory.create(title=title, announced_at=NOW - timedelta(days=days), in_topics=[graphs], by=[ada])
        paper.categories.add(learning)

    def titles(time: str) -> set[str]:
        page = client.get(path.format(author=ada.pk), {"time": time}).content.decode()
        assert page.count('aria-current="page"') == 1
        return set(re.findall("Of (?:November|its beginning|spring)", page))

    assert titles("today") == set()
    assert titles("month") == {"Of November", "Of its beginning"}
    assert titles("") == titles("never") == {"Of November", "Of its beginning", "Of spring"}


def test_a_list_of_a_time_goes_on_within_it(client: Client) -> None:
    graphs = TopicFactory.create(slug="graphs")
    PaperFactory.create_batch(31, in_topics=[graphs], announced_at=timezone.now() - timedelta(days=1))
    PaperFactory.create(title="Long ago", in_topics=[graphs], announced_at=timezone.now() - timedelta(days=99))

    first = client.get("/topics/graphs/?time=week").content.decode()
    (address,) = re.findall(r'href="([?]time=week&amp;after=[^"]+)"', first)
    second = client.get(f"/topics/graphs/{unescape(address)}").content.decode()

    assert (first.count('class="card"'), second.count('class="card"')) == (30, 1)
    assert "Long ago" not in second
    assert '<a href="?time=week">← The hottest</a>' in second
