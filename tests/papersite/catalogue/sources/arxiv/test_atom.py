"""arXiv's Atom and RSS, of the query API and of the daily feeds."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.arxiv import atom
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper
from tests.arxiv_answers import feed, feed_entry, query, query_entry

MIDNIGHT = datetime(2026, 11, 24, 5, tzinfo=UTC)  # in Eastern time
ERRORS = "https://arxiv.org/api/errors"
EVENING = datetime(2026, 11, 24, 1, tzinfo=UTC)


def read(text: str | bytes) -> list[SourcePaper | Rejected]:
    body = text.encode() if isinstance(text, str) else text
    return list(atom.read(io.BytesIO(body), origin="feed"))


def test_read_tells_all_of_an_answer_of_the_api() -> None:
    submitted, revised = datetime(2026, 11, 5, 17, tzinfo=UTC), datetime(2026, 11, 20, 9, tzinfo=UTC)

    (found,) = read(query(query_entry("2611.00001", submitted, revised, version=3, title="On $\\alpha$")))

    assert found == SourcePaper(
        place="feed, entry 1", source="arxiv", title="On $\\alpha$", abstract="About 2611.00001.",
        arxiv_id="2611.00001",
        authors=("Ada Byron", "Bo Díaz"), categories=("stat.ML", "cs.LG", "stat.ML"), comment="9 pages",
        journal_ref="Journal 3", versions=((1, submitted), (3, revised)), submitted_at=submitted, observed_at=revised,
        announced_at=datetime(2026, 11, 6, 1, tzinfo=UTC), is_withdrawn=False, tells_all=True,
    )  # fmt: skip


def test_read_of_a_daily_feed_knows_the_evening_and_strips_the_lead() -> None:
    (found,) = read(feed(MIDNIGHT, feed_entry("2611.00001", MIDNIGHT)))

    assert isinstance(found, SourcePaper)
    assert (found.abstract, found.announced_at, found.observed_at) == ("About 2611.00001.", EVENING, EVENING)
    assert found.authors == ("Ada Byron", "Bo Díaz", "Cy Lee")
    assert found.categories == ("cs.LG", "cs.AI", "68T45")


@pytest.mark.parametrize("kind", ["replace", "replace-cross", "cross"])
def test_a_paper_of_an_earlier_month_is_not_new_again(kind: str) -> None:
    (found,) = read(feed(MIDNIGHT, feed_entry("2503.00001", MIDNIGHT, kind=kind, version=2)))

    assert isinstance(found, SourcePaper)
    assert found.announced_at == datetime(2025, 4, 1, 1, tzinfo=UTC)
    assert found.observed_at == EVENING


def test_read_takes_rss_as_well() -> None:
    item = (
        "<item><title>A title</title><link>https://arxiv.org/abs/2611.00007</link>"
        "<description>arXiv:2611.00007v1 Announce Type: new \nAbstract: About it.</description>"
        '<guid isPermaLink="false">oai:arXiv.org:2611.00007v1</guid><category>cs.RO</category>'
        "<pubDate>Tue, 24 Nov 2026 00:00:00 -0500</pubDate><dc:creator>Ada Byron, Bo Lee</dc:creator></item>"
    )
    text = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>cs</title>{item}</channel></rss>'

    (found,) = read(text)

    assert isinstance(found, SourcePaper)
    assert (found.arxiv_id, found.abstract, found.authors) == ("2611.00007", "About it.", ("Ada Byron", "Bo Lee"))
    assert (found.categories, found.announced_at) == (("cs.RO",), EVENING)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (feed(MIDNIGHT, title="Feed error for query: cs.XX"), "Feed error for query"),
        (query(f"<entry><id>{ERRORS}#1</id><title>Error</title><summary>bad id</summary></entry>"), "reports: bad id"),
        ("<html><body>Busy.</body></html>", "neither an Atom nor an RSS feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry>", "not XML, or cut short"),
        ("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]><feed>&b;</feed>", "declares a document type"),
        (b"<?xml version='1.0' encoding='UTF-8'?><feed><title>Sch\xf6n</title></feed>", "not XML, or cut short"),
        (b"<?xml version='1.0' encoding='nonsense'?><feed/>", "not XML, or cut short"),
        ("", "not XML, or cut short"),
    ],
)  # fmt: skip
def test_read_refuses_what_is_no_feed(text: str | bytes, says: str) -> None:
    with pytest.raises(SourceError, match=r"^feed") as caught:
        read(text)
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "date", ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "9999-01-01T00:00:00Z", "soon", ""]
)
def test_a_record_with_an_impossible_date_is_rejected_and_the_rest_read(date: str) -> None:
    bad = query_entry("2611.00001", MIDNIGHT, MIDNIGHT).replace(MIDNIGHT.isoformat(), date)
    found = read(query(bad, query_entry("2611.00002", MIDNIGHT, MIDNIGHT)))

    assert found[0] == Rejected("feed, entry 1", "its date is missing or impossible", "2611.00001")
    assert isinstance(found[1], SourcePaper)


def test_an_id_that_is_none_is_rejected() -> None:
    (found,) = read(query(query_entry("hello", MIDNIGHT, MIDNIGHT)))

    assert found == Rejected("feed, entry 1", "its id is no arXiv id", "http://arxiv.org/abs/hellov1")


def test_a_withdrawn_paper_is_known_by_its_comment() -> None:
    entry = query_entry("2611.00001", MIDNIGHT, MIDNIGHT).replace(
        "9 pages", "This paper has been withdrawn by the authors"
    )

    assert [found.is_withdrawn for found in read(query(entry)) if isinstance(found, SourcePaper)] == [True]


def test_read_feed_tells_its_date() -> None:
    found = atom.read_feed(feed(MIDNIGHT, feed_entry("2611.00001", MIDNIGHT)).encode(), origin="feed")

    assert (found.title, found.built_at, len(found.records)) == ("cs updates on arXiv.org", MIDNIGHT, 1)


def test_the_recorded_answers_are_read(shared_data: Path) -> None:
    papers, errors = 0, 0
    for path in sorted((shared_data / "arxiv" / "api").glob("*.xml")):
        try:
            papers += len([found for found in read(path.read_bytes()) if isinstance(found, SourcePaper)])
        except SourceError as error:
            errors += "arXiv reports" in str(error)

    assert (papers > 50, errors) == (True, 1)


markup = st.sampled_from(
    [
        "<entry>",
        "</entry>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "</feed>",
        "<id>",
        "</id>",
        "<published>",
        "&amp;",
        "&x;",
        "2611.00001",
        "\x00",
        "é",
        "<![CDATA[",
        "]]>",
        "<!--",
        "9999-12-31",
    ]
)


@given(st.one_of(st.binary(max_size=300), st.lists(markup, max_size=30).map(lambda parts: "".join(parts).encode())))
def test_read_of_garbage_raises_nothing_but_its_own_error(body: bytes) -> None:
    try:
        for found in read(body):
            assert isinstance(found, SourcePaper | Rejected)
    except SourceError:
        return
