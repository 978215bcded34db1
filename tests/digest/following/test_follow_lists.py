"""Follows as a list: what is written reads the same, and whatever is brought gets an answer line by line."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from digest.following import follow_lists, follows
from papersite.catalogue.reading.cleaning import name_key
from tests.conftest import examples
from tests.factories import AuthorFactory, TopicFactory

pytestmark = pytest.mark.django_db
many = examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = ["Graph learning", "Agents", "trending topics", "cs.LG and more", "author:Smith", 'The "new" wave']
AUTHORS = ["Ada Lovelace", "José Ángel O'Neill", "Li Wei", "-Dash Name", "search: Me", '"Quoted" Name']
searches = (
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            ["graph OR sound", "-video", "author:hinton", "topic:agents", "Agents", "cs.LG", "search:x", "#x"]
        ),
    )
    .map(follows.one_line)
    .filter(lambda text: not follows.problem_of(text))
)


def read(text: str) -> list[tuple[str, str, bool]]:
    found = [line.follow for line in follow_lists.read(text)]
    return [(follow.kind, follow.label, follow.mutes) for follow in found if follow is not None]


@pytest.fixture
def world() -> tuple[list[Any], list[Any]]:
    topics = [TopicFactory.create(name=name, slug=f"slug-{place}") for place, name in enumerate(NAMES)]
    return topics, [AuthorFactory.create(name=name) for name in AUTHORS]


@many
@given(data=st.data())
def test_what_is_written_reads_the_same(world: tuple[list[Any], list[Any]], data: st.DataObject) -> None:
    topics, authors = world
    kinds = st.one_of(
        st.builds(follows.of_topic, st.sampled_from(topics), mutes=st.booleans()),
        st.builds(follows.of_author, st.sampled_from(authors), mutes=st.booleans()),
        st.builds(follows.of_search, searches, mutes=st.booleans()),
        st.just(follows.trending()),
    )
    held = data.draw(st.lists(kinds, unique_by=follows.target, max_size=12))

    lines = follow_lists.read(follow_lists.write(held))

    assert [line.problem for line in lines] == [""] * len(held)
    assert [(follows.target(line.follow), line.follow.mutes) for line in lines if line.follow] == [
        (follows.target(follow), follow.mutes) for follow in held
    ]
    for follow in held:
        alone = follow_lists.one(follow_lists.line_of(follow))
        assert alone is not None
        assert follows.target(alone) == follows.target(follow)


@many
@given(text=st.text(max_size=400))
def test_whatever_is_brought_each_line_gets_an_answer(text: str) -> None:
    try:
        lines = follow_lists.read(text)
    except follow_lists.NoText:
        return

    assert all(line.follow or line.problem or line.outcome for line in lines)


@given(raw=st.binary(max_size=300))
def test_bytes_are_text_or_said_to_be_none(raw: bytes) -> None:
    try:
        text, _ = follow_lists.decode(raw)
    except follow_lists.NoText:
        return

    assert isinstance(text, str)


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("Graph learning", ("topic", "Graph learning", False)),
        ("graph LEARNING", ("topic", "Graph learning", False)),
        ("topic:graphs", ("topic", "Graph learning", False)),
        ("-topic:graphs", ("topic", "Graph learning", True)),
        ('topic:"Graph learning"', ("topic", "Graph learning", False)),
        ("- graphs", ("topic", "Graph learning", True)),
        ("author:Ada Lovelace", ("author", "Ada Lovelace", False)),
        ('-author:"ada LOVELACE"', ("author", "Ada Lovelace", True)),
        ("author:Nobody Known", ("search", 'author:"Nobody Known"', False)),
        ("author:hinton OR author:bengio", ("search", "author:hinton OR author:bengio", False)),
        ("cs.lg", ("search", "cat:cs.LG", False)),
        ("cat:cs.LG", ("search", "cat:cs.LG", False)),
        ("search:Graph learning", ("search", "Graph learning", False)),
        ("-search:-video", ("search", "-video", True)),
        ("topic:graphs OR topic:sound", ("search", "topic:graphs OR topic:sound", False)),
        ("trending", ("trending", "Trending overall", False)),
        ("Trending overall", ("trending", "Trending overall", False)),
        ('"protein folding" -review', ("search", '"protein folding" -review', False)),
    ],
)
def test_a_line_asks_for(line: str, asks: tuple[str, str, bool]) -> None:
    TopicFactory.create(name="Graph learning", slug="graphs")
    AuthorFactory.create(name="Ada Lovelace")

    assert read(line) == [asks]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("topic:nothing", "no topic “nothing”"),
        ("-trending", "cannot be left out"),
        ("(graph", "no closing one"),
        ("x" * 400, "longer than"),
        ("search:" + "x" * 310, "at most 300"),
        ("-", "asks for nothing"),
        ("author:", "asks for nothing"),
        ("graph\x07", "cannot be printed"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(line: str, says: str) -> None:
    (found,) = follow_lists.read(line)

    assert found.follow is None
    assert says in found.problem


def test_remarks_and_gaps_ask_for_nothing_and_lines_keep_their_numbers() -> None:
    lines = follow_lists.read("# mine\r\n\r\ngraph\rsound\n  \n graph \n")

    assert [(line.number, line.text, line.outcome) for line in lines] == [
        (3, "graph", ""), (4, "sound", ""), (6, "graph", follow_lists.REPEATED),
    ]  # fmt: skip


def test_the_table_of_the_export_is_read(django_assert_num_queries: Any) -> None:
    TopicFactory.create(name="Graph learning", slug="graphs")
    AuthorFactory.create(name="Ada Lovelace")
    table = (
        "kind,topic,topic_url,author,author_url,search,mutes,followed_at\r\n"
        "topic,Graph learning,https://x/topics/graphs/,,,,False,2026-11-23\r\n"
        "author,,,Ada Lovelace,https://x/authors/1/,,True,2026-11-23\r\n"
        'search,,,,,"""protein, folding"" OR sound",False,2026-11-23\r\n'
        "search,,,,,'-video,False,2026-11-23\r\n"
        "trending,,,,,,False,2026-11-23\r\n"
        "nonsense,,,,,,,\r\n"
    )

    with django_assert_num_queries(2):
        found = read(table)

    assert found[:5] == [
        ("topic", "Graph learning", False),
        ("author", "Ada Lovelace", True),
        ("search", '"protein, folding" OR sound', False),
        ("search", "-video", False),
        ("trending", "Trending overall", False),
    ]


def test_a_list_costs_the_same_queries_however_long(django_assert_num_queries: Any) -> None:
    for number in range(30):
        AuthorFactory.create(name=f"Author {number}")

    with django_assert_num_queries(2):
        assert len(read("\n".join(f"author:Author {number}" for number in range(30)))) == 30


@pytest.mark.parametrize(
    ("raw", "text", "remark"),
    [
        ("Graphen für alle".encode(), "Graphen für alle", ""),
        ("\ufeffgraph".encode(), "graph", ""),
        ("Graphen für".encode("utf-16"), "Graphen für", ""),
        ("Graphen für".encode("cp1252"), "Graphen für", "not in UTF-8"),
    ],
)
def test_decode_reads_what_editors_write(raw: bytes, text: str, remark: str) -> None:
    found, said = follow_lists.decode(raw)

    assert found == text
    assert remark in said


@pytest.mark.parametrize("raw", [b"PK\0\0", b"x" * (follow_lists.MAX_BYTES + 1)])
def test_decode_refuses_what_is_no_list(raw: bytes) -> None:
    with pytest.raises(follow_lists.NoText):
        follow_lists.decode(raw)


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(follow_lists.NoText, match="1000 lines"):
        follow_lists.read("graph\n" * 1001)


@pytest.mark.parametrize("written", ["", "  ", "one\ntwo", "(", "topic:nothing", "# x", "x" * 5000])
def test_one_makes_nothing_of_nonsense(written: str) -> None:
    assert follow_lists.one(written) is None


def test_every_name_of_an_author_is_found_by_its_key() -> None:
    assert all(name_key(name) for name in AUTHORS)


@pytest.mark.parametrize("text", ["kind," + "x" * 140_000, "kind,author\n" + "x" * 140_000, 'kind,"' + "x" * 140_000])
def test_a_table_with_a_cell_of_any_length_is_refused_in_words(text: str) -> None:
    with pytest.raises(follow_lists.NoText, match="cannot be read"):
        follow_lists.read(text)


@pytest.mark.parametrize("text", ["x" * 140_000, "author:" + "x" * 140_000, "topic:" + "x" * 140_000, "-" * 140_000])
@pytest.mark.django_db
def test_a_line_of_any_length_is_refused_in_words(text: str) -> None:
    assert [(line.follow, bool(line.problem)) for line in follow_lists.read(text)] == [(None, True)]
