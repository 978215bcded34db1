"""The listing: alternating lines, whatever stands above them."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.reading.cleaning import clean
from papersite.catalogue.sources import files, listing
from papersite.catalogue.sources.records import Rejected, SourcePaper


def read(*lines: str) -> list[SourcePaper | Rejected]:
    return list(listing.read(lines, origin="list.txt"))


def test_read_pairs_titles_with_abstracts() -> None:
    assert read("First", "About it.", "", "Second", "See github.com/a/b.") == [
        SourcePaper(place="list.txt, line 1", source="listing", title="First", abstract="About it."),
        SourcePaper(
            source="listing",
            place="list.txt, line 4",
            title="Second",
            abstract="See github.com/a/b.",
        ),
    ]


def test_read_leaves_out_the_subscribe_box() -> None:
    found = read("Get trending papers in your email inbox once a day!", "SubscribeFirst", "About it.")

    assert [record.title for record in found if isinstance(record, SourcePaper)] == ["First"]


def test_read_keeps_a_title_that_only_begins_like_the_button() -> None:
    found = read("Subscribers and their habits", "About it.", "SubscribeX", "More.")

    assert [record.title for record in found if isinstance(record, SourcePaper)] == [
        "Subscribers and their habits",
        "SubscribeX",
    ]


def test_read_refuses_a_last_title_without_abstract_and_keeps_the_rest() -> None:
    assert read("First", "About it.", "Second")[-1] == Rejected(
        "list.txt, line 3", "the last title has no abstract", "Second"
    )


def test_read_takes_the_seed_as_235_papers(shared_data: Path) -> None:
    found = [one for one in files.read(shared_data / "000_ed20440609c8a2fa.txt") if isinstance(one, SourcePaper)]

    assert len(found) == 235
    assert found[0].title == "Asymmetrically-powered Neural Image Compression with Shallow Decoders"
    first = clean(found[0], datetime.now(UTC))
    assert isinstance(first, SourcePaper)
    assert first.code_url == "https://github.com/mandt-lab/shallow-ntc"


lines = st.text("abcé €,", min_size=1, max_size=20).map(str.strip).filter(bool)


@given(st.lists(st.tuples(lines, lines)), st.integers(min_value=0, max_value=3))
def test_read_finds_all_pairs_whatever_blank_lines_part_them(pairs: list[tuple[str, str]], blank: int) -> None:
    text = [line for pair in pairs for one in pair for line in (one, *[" "] * blank)]

    found = read(*text)

    assert [(one.title, one.abstract) for one in found if isinstance(one, SourcePaper)] == pairs
    assert len(found) == len(pairs)


@given(st.lists(lines, min_size=1).filter(lambda found: len(found) % 2 == 1))
def test_read_refuses_the_last_of_an_odd_number_of_lines(found: list[str]) -> None:
    *rest, last = read(*found)

    assert last == Rejected(f"list.txt, line {len(found)}", "the last title has no abstract", found[-1])
    assert [type(one) for one in rest] == [SourcePaper] * (len(found) // 2)


@given(st.lists(st.text(), max_size=10))
def test_read_never_fails_and_halves_the_lines(text: list[str]) -> None:
    assert len(read(*text)) <= (len(text) + 1) // 2
