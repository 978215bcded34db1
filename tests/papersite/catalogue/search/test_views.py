"""The search page, its help and its suggestions."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from papersite.catalogue import votes
from papersite.catalogue.models import Paper
from papersite.catalogue.search.views import EXAMPLES, NO_SUCH_PAGE
from papersite.catalogue.search.writing import Report
from tests.factories import AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db
Index = Callable[[], Report]
TYPING = {"HX-Request": "true"}


def papers(count: int, title: str = "Graph networks", **fields: Any) -> list[Paper]:
    """Papers of one title, told apart by their identifiers."""
    first = Paper.objects.count()
    return [PaperFactory.create(title=title, arxiv_id=f"2611.{first + number:05}", **fields) for number in range(count)]


def page(client: Client, q: str, **asked: Any) -> str:
    """What a person reads there."""
    return unescape(client.get("/search/", {"q": q, **asked}).content.decode())


def links(shown: str, name: str) -> list[str]:
    """Where the links of one name lead."""
    return [
        unescape(found)
        for found, text in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', shown, re.DOTALL)
        if re.sub("<[^>]*>", "", text).split()[: len(name.split())] == name.split()
    ]


def cards(shown: str) -> int:
    return shown.count('class="card"')


def test_the_page_without_a_question_shows_examples(client: Client, index: Index) -> None:
    answer = client.get("/search/")

    assert answer.status_code == 200
    assert [example for example in EXAMPLES if example not in unescape(answer.content.decode())] == []
    assert 'name="robots"' not in answer.content.decode()


def test_results_are_counted_shown_and_highlighted(client: Client, index: Index) -> None:
    papers(2)
    papers(1, "Speech")
    index()

    shown = page(client, "network")

    assert "<strong>2</strong> papers" in shown
    assert (cards(shown), shown.count("Graph <mark>networks</mark>")) == (2, 2)


def test_html_in_a_title_is_text_in_the_page(client: Client, index: Index) -> None:
    PaperFactory.create(title="<script>alert(1)</script> graphs", abstract="<b onclick=x>bold</b> graphs")
    index()

    for text in ("graphs", "script", "bold", '<script>"'):
        shown = client.get("/search/", {"q": text}).content.decode()
        assert "<script>alert" not in re.sub("</?mark>", "", shown)
        assert "<b onclick" not in re.sub("</?mark>", "", shown)


def test_what_was_typed_is_text_in_the_page(client: Client, index: Index) -> None:
    index()

    shown = client.get("/search/", {"q": '"><img src=x>'}).content.decode()

    assert "<img" not in shown
    assert "&lt;img src=x&gt;" in shown


@pytest.mark.parametrize("text", ["2611.00000", "https://arxiv.org/abs/2611.00000v2", "Graph networks, a survey"])
def test_what_names_a_paper_goes_straight_to_it(client: Client, index: Index, text: str) -> None:
    papers(1, "Graph networks: a survey")
    index()

    answer: Any = client.get("/search/", {"q": text})

    assert (answer.status_code, answer.url) == (302, "/papers/2611.00000/")


def test_while_it_is_being_typed_nothing_is_left_for_a_paper(client: Client, index: Index) -> None:
    papers(1)
    index()

    answer = client.get("/search/", {"q": "id:2611.00000"}, headers=TYPING)

    assert (answer.status_code, cards(answer.content.decode())) == (200, 1)


def test_while_it_is_being_typed_only_results_come(client: Client, index: Index) -> None:
    papers(1)
    index()

    whole = client.get("/search/", {"q": "netw"})
    typed = client.get("/search/", {"q": "netw"}, headers=TYPING)

    assert (cards(whole.content.decode()), "<html" in whole.content.decode()) == (0, True)
    assert (cards(typed.content.decode()), "<html" in typed.content.decode()) == (1, False)
    assert [answer.headers["Vary"].count("HX-Request") for answer in (whole, typed)] == [1, 1]


def test_back_gets_the_whole_page(client: Client, index: Index) -> None:
    index()

    answer = client.get("/search/", {"q": "graph"}, headers={**TYPING, "HX-History-Restore-Request": "true"})

    assert "<html" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("graph after:yesterday", "“yesterday” is not a day; write it as 2026-01-31."),
        ("(graph", "An opening bracket has no closing one."),
        ("nowhere", "Nothing matches."),
        ("graph nowhere", "No paper has all of these words."),
        ("grpah", "Nothing matches “grpah”. This is what “"),
        ("---", "holds no word."),
        ("graph sort:old", "“sort:old” is not known; there are sort:new, sort:hot and sort:relevance."),
    ],
)
def test_what_cannot_be_done_is_said_kindly(client: Client, index: Index, text: str, says: str) -> None:
    papers(1)
    index()

    answer = client.get("/search/", {"q": text})

    assert answer.status_code == 200
    assert says in unescape(answer.content.decode())


@pytest.mark.parametrize(
    "asked",
    [{"page": "100000"}, {"page": "x"}, {"after": "relevance-100000"}, {"after": "forged"}, {"after": "new-5"},
     {"after": "relevance-99999999999999999999"}, {"after": "\x00"}],
)  # fmt: skip
def test_a_page_that_is_not_there_is_the_first_with_a_word_about_it(
    client: Client, index: Index, asked: dict[str, str]
) -> None:
    papers(3)
    index()

    answer = client.get("/search/", {"q": "graph", **asked})
    shown = answer.content.decode()

    assert answer.status_code == 200
    assert (NO_SUCH_PAGE in shown, cards(shown)) == (True, 3)


@pytest.mark.parametrize(("text", "after"), [("graph", "relevance-500"), ("graph sort:new", "new-0")])
def test_a_page_behind_the_last_paper_is_the_first_with_a_word_about_it(
    client: Client, index: Index, text: str, after: str
) -> None:
    papers(3)
    index()

    shown = page(client, text, after=after)

    assert (NO_SUCH_PAGE in shown, cards(shown)) == (True, 3)


@pytest.mark.parametrize("text", ["graph", "graph sort:new", "graph sort:hot", "sort:new cat:cs.LG"])
def test_more_leads_through_all_papers_once(client: Client, index: Index, text: str) -> None:
    category = CategoryFactory.create(code="cs.LG")
    for paper in papers(45):
        paper.categories.add(category)
    index()

    seen, address = list[str](), ["/search/?q=" + text]
    while address:
        shown = client.get(address[0]).content.decode()
        seen += re.findall(r'card-title"><a href="([^"]*)"', shown)
        address = links(shown, "More →")

    assert (len(seen), len(set(seen))) == (45, 45)


def test_a_later_page_leads_back_to_the_first(client: Client, index: Index) -> None:
    papers(21)
    index()

    first = client.get("/search/", {"q": "graph"}).content.decode()
    second = client.get(links(first, "More →")[0]).content.decode()

    assert (links(first, "← First page"), links(second, "← First page")) == ([], ["?q=graph"])
    assert cards(second) == 1


@pytest.mark.parametrize("typing", [False, True])
def test_without_an_index_the_page_says_so(client: Client, settings: Any, tmp_path: Any, typing: bool) -> None:
    settings.INDEX_DIR = tmp_path

    answer = client.get("/search/", {"q": "graph"}, headers=TYPING if typing else {})

    assert answer.status_code == (200 if typing else 503)
    assert "The search index is being built just now." in answer.content.decode()


def narrowed(client: Client, text: str, group: str) -> list[tuple[str, str]]:
    """The choices of one group: what stands there, and where it leads."""
    shown = client.get("/search/", {"q": text}).content.decode()
    found = re.search(rf'<span class="note">{group}</span>(.*?)</p>', shown, re.DOTALL)
    pairs = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', found[1], re.DOTALL) if found else []
    return [(unescape(re.sub("<[^>]*>", "", text)), unescape(address)) for address, text in pairs]


def test_filters_add_to_a_search_and_take_away_again(client: Client, index: Index) -> None:
    graphs, learning = TopicFactory.create(slug="graphs", name="Graphs & more"), CategoryFactory.create(code="cs.LG")
    papers(2, in_topics=[graphs], code_url="https://github.com/a/b")
    for paper in papers(1, announced_at=timezone.now()):
        paper.categories.add(learning)
    papers(1, announced_at=timezone.now() - timedelta(days=200))
    index()

    assert narrowed(client, "graph", "Topic") == [("Graphs & more 2", "/search/?q=graph+topic%3Agraphs")]
    assert narrowed(client, "graph", "Category") == [("cs.LG 1", "/search/?q=graph+cat%3Acs.LG")]
    assert narrowed(client, "graph", "Code") == [("with code 2", "/search/?q=graph+has%3Acode")]
    assert narrowed(client, "graph topic:graphs", "Topic") == [("Graphs & more × take away", "/search/?q=graph")]
    assert narrowed(client, "graph cat:cs.LG", "Category") == [("cs.LG × take away", "/search/?q=graph")]
    assert cards(client.get("/search/?q=graph+topic%3Agraphs").content.decode()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "graph", "graph network", "graph -speech", "(graph OR speech)", "graph sort:new", "graph has:code",
        "graph OR speech", 'speech OR "graph networks', "(graph OR speech", "graph -", "speech OR graph sort:hot",
    ],
)  # fmt: skip
def test_a_filter_leaves_as_many_papers_as_it_says(client: Client, index: Index, text: str) -> None:
    graphs = TopicFactory.create(slug="graphs", name="Graphs")
    now = timezone.now()
    papers(2, "Graph networks", in_topics=[graphs], code_url="https://github.com/a/b", announced_at=now)
    papers(1, "Graph networks", code_url="https://github.com/a/b", announced_at=now - timedelta(days=20))
    papers(3, "Speech", announced_at=now - timedelta(days=3))
    index()
    choices = [pair for group in ("Time", "Topic", "Code") for pair in narrowed(client, text, group)]

    told = [int(name.split()[-1]) for name, _ in choices if "×" not in name]
    found = [cards(client.get(address).content.decode()) for name, address in choices if "×" not in name]

    assert told
    assert found == told


def test_orders_lead_to_the_same_search_in_another_order(client: Client, index: Index) -> None:
    papers(1)
    index()

    shown = client.get("/search/", {"q": "graph sort:new"}).content.decode()

    assert links(shown, "hottest") == ["/search/?q=graph+sort%3Ahot"]
    assert links(shown, "relevance") == ["/search/?q=graph+sort%3Arelevance"]
    assert re.findall(r'aria-current="true">(\w+)', shown) == ["newest"]


def test_papers_with_some_words_come_under_a_heading_of_their_own(client: Client, index: Index) -> None:
    papers(1)
    papers(1, "Graph sounds")
    index()

    shown = page(client, "graph networks")

    assert "<strong>1</strong> paper<" in shown.replace("</p>", "<")
    assert [cards(part) for part in shown.split("With some of your words")] == [1, 1]


def test_a_reader_follows_a_search_with_one_click(reader_client: Client, client: Client, index: Index) -> None:
    papers(1)
    index()

    signed_in = page(reader_client, 'graph "networks"')
    stranger = page(client, 'graph "networks"')

    assert '<input type="hidden" name="search" value="graph "networks"">' in signed_in
    assert '<input type="hidden" name="follow" value="search:graph "networks"">' in stranger


def test_a_reader_sees_their_own_votes(reader_client: Client, reader: Any, index: Index) -> None:
    one, _ = papers(2)
    votes.cast(one, reader)
    index()

    assert page(reader_client, "graph").count('aria-pressed="true"') == 1


def test_a_page_of_results_is_for_no_robot_and_names_its_feed_and_files(client: Client, index: Index) -> None:
    papers(1)
    index()

    shown = client.get("/search/", {"q": "graph has:code"}).content.decode()

    assert '<meta name="robots" content="noindex">' in shown
    assert re.findall(r'<link rel="alternate" [^>]*href="([^"]*)"', shown) == [
        f"/search{name}?q=graph+has%3Acode" for name in ("/feed/", ".bib", ".ris")
    ]
    assert links(shown, "Feed") == ["/search/feed/?q=graph+has%3Acode"]


def test_topics_and_authors_are_suggested_above_results(client: Client, index: Index) -> None:
    topic, author = TopicFactory.create(name="Graph learning"), AuthorFactory.create(name="Ada Graph")
    papers(1, by=[author])
    index()

    shown = client.get("/search/", {"q": "graph"}).content.decode()

    assert links(shown, "topic: Graph learning") == [topic.get_absolute_url()]
    assert links(shown, "author: Ada Graph") == [author.get_absolute_url()]


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_queries_for_one_paper_and_for_twenty(
    client: Client, index: Index, django_assert_num_queries: Any, count: int
) -> None:
    papers(count, in_topics=[TopicFactory.create()], by=AuthorFactory.create_batch(2))
    index()

    with django_assert_num_queries(5):
        shown = client.get("/search/", {"q": "graph"}).content.decode()

    assert cards(shown) == count


def test_suggestions_are_a_fragment_that_lets_no_html_through(client: Client, index: Index) -> None:
    TopicFactory.create(name="<b>Graphs</b>")
    PaperFactory.create(title="<i>Graphs</i>", by=[AuthorFactory.create(name="<u>Graphs</u>")])
    index()

    shown = client.get("/search/suggest/", {"q": "graphs<s>"}).content.decode()
    found = client.get("/search/suggest/", {"q": "graphs"}).content.decode()

    assert [tag for tag in ("<html", "<b>", "<i>", "<u>", "<s>") if tag in shown + found] == []
    assert [unescape(found).count(name) for name in ("<b>Graphs</b>", "<i>Graphs</i>", "<u>Graphs</u>")] == [1, 1, 1]
    assert "Search for “graphs”" in found


@pytest.mark.parametrize("text", ["", "g", "nowhere", "\x00", "x" * 9000])
def test_nothing_to_suggest_is_nothing(client: Client, index: Index, text: str) -> None:
    papers(1)
    index()

    answer = client.get("/search/suggest/", {"q": text})

    assert (answer.status_code, answer.content.decode().strip()) == (200, "")


def test_without_an_index_nothing_is_suggested(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path

    assert client.get("/search/suggest/", {"q": "graph"}).content.decode().strip() == ""


def test_help_explains_every_field_of_the_language(client: Client) -> None:
    shown = unescape(client.get("/search/help/").content.decode())

    fields = ("title:", "author:", "cat:", "topic:", "id:", "has:code", "after:", "before:", "sort:new", "OR", "neur*")
    assert [field for field in fields if field not in shown] == []


@pytest.mark.parametrize("path", ["/search/", "/search/help/", "/search/suggest/"])
def test_pages_are_only_read(client: Client, path: str) -> None:
    assert client.post(path, {"q": "graph"}).status_code == 405
    assert client.head(path).status_code == 200


def test_similar_papers_stand_on_a_papers_page(client: Client, index: Index) -> None:
    one, other = papers(2)
    index()

    assert links(client.get(one.get_absolute_url()).content.decode(), "Graph networks") == [other.get_absolute_url()]


def test_a_papers_page_does_without_similar_ones_while_there_is_no_index(client: Client, settings: Any) -> None:
    one, _ = papers(2)

    answer = client.get(one.get_absolute_url())

    assert (answer.status_code, "Similar papers" in answer.content.decode()) == (200, False)
