"""Records made fit, or refused with a reason."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papersite.catalogue.reading import cleaning
from papersite.catalogue.reading.cleaning import clean, content_key, name_key, one_line
from papersite.catalogue.sources.records import Rejected, SourcePaper
from tests.costs import least_seconds
from tests.factories import NOW

GOOD = SourcePaper(place="line 1", title="A title", abstract="An abstract.")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "   "}, "it has no title"),
        ({"abstract": " "}, "it has neither abstract nor summary"),
        ({"title": "x" * 3000}, "its title is longer than 1000 characters"),
        ({"abstract": "x" * 5_000_000}, "its abstract is longer than 20000 characters"),
        ({"abstract": "a\x00b"}, "it holds a NUL byte"),
        ({"authors": ("A\x00",)}, "it holds a NUL byte"),
        ({"title": "half \ud83d"}, "it holds half a character"),
    ],
)
def test_clean_refuses(fields: dict[str, str], reason: str) -> None:
    found = clean(replace(GOOD, **fields), NOW)  # type: ignore[arg-type]

    assert isinstance(found, Rejected)
    assert (found.place, found.reason) == ("line 1", reason)


def test_clean_makes_white_space_normal_and_takes_out_dangerous_characters() -> None:
    found = clean(replace(GOOD, title=" A \n\ttitle\u202e\ufeff\x1b ", authors=("Ada  Byron", "Ada  Byron", "")), NOW)

    assert isinstance(found, SourcePaper)
    assert (found.title, found.authors) == ("A title", ("Ada Byron",))


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert one_line(text).splitlines() in ([], [one_line(text)])
    assert one_line(one_line(text)) == one_line(text)


@given(st.builds(SourcePaper, place=st.text(), title=st.text(), abstract=st.text(), summary=st.text()))
def test_clean_never_fails(record: SourcePaper) -> None:
    found = clean(record, NOW)

    assert not isinstance(found, Rejected) or "cannot be read" not in found.reason


def test_a_record_on_which_the_reading_breaks_is_refused_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(text: str, *more: str) -> tuple[str, str]:
        if "A title" in text:
            raise RecursionError
        return text, ""

    monkeypatch.setattr(cleaning, "read", broken)

    found = clean(GOOD, NOW)

    assert found == Rejected("line 1", "its words cannot be read; the log says what broke", "A title")
    assert "record.unreadable place=line 1" in caplog.text
    assert isinstance(clean(replace(GOOD, title="Another"), NOW), SourcePaper)


def test_content_key_is_the_same_for_one_title_in_two_spellings() -> None:
    assert content_key("Graph-Networks: a Study") == content_key("graph networks — A study")
    assert content_key("Graph networks") != content_key("Graph network")


def test_name_key_is_the_same_for_one_name_in_two_spellings() -> None:
    assert name_key("Bo DÍAZ") == name_key("bo  diaz") == "bo diaz"


@pytest.mark.parametrize("field", ["title", "abstract", "summary", "summary_by", "comment", "code_url", "project_url"])
@pytest.mark.parametrize("character", ["\x00", "\ud83d"], ids=["NUL", "half a character"])
def test_clean_lets_nothing_through_that_a_database_refuses(field: str, character: str) -> None:
    told: dict[str, Any] = {field: f"a{character}b"}
    found = clean(replace(GOOD, **told), NOW)

    assert [name for name, value in asdict(found).items() if character in str(value)] == []


@pytest.mark.parametrize("character", ["\x00", "\ud83d"], ids=["NUL", "half a character"])
def test_clean_lets_no_topic_through_that_a_database_refuses(character: str) -> None:
    found = clean(replace(GOOD, topics=(f"a{character}b",)), NOW)

    assert isinstance(found, Rejected) or found.topics == ()


@example(SourcePaper(place="line 1", title="\\\x1b:", summary="0"))
@given(st.builds(SourcePaper, place=st.just("line 1"), title=st.text(), abstract=st.text(), summary=st.text()))
def test_clean_twice_is_clean_once(record: SourcePaper) -> None:
    found = clean(record, NOW)

    assert isinstance(found, Rejected) or clean(found, NOW) == found


@given(st.text())
def test_one_line_keeps_every_letter(text: str) -> None:
    letters = [letter for letter in text if letter.isalnum()]

    assert [letter for letter in one_line(text) if letter.isalnum()] == letters


@pytest.mark.parametrize("space", ["\x0b", "\x0c", "\x1e", "\x85", "\u2028"])
def test_one_line_parts_words_where_a_line_or_page_ended(space: str) -> None:
    assert one_line(f"the end{space}the beginning") == "the end the beginning"


def test_content_key_keeps_two_titles_without_letters_apart() -> None:
    assert content_key("???") != content_key("!!!")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("10.1000/x_y", "10.1000/x_y"),
        ("https://doi.org/10.1000/x.", "10.1000/x"),
        ("10.1000/x}, note = {evil", "10.1000/x"),
        ("none", ""),
    ],
)
def test_doi_is_one_or_nothing(told: str, kept: str) -> None:
    found = clean(SourcePaper("here", "Title", abstract="It.", doi=told), NOW)

    assert isinstance(found, SourcePaper)
    assert found.doi == kept


@pytest.mark.parametrize(
    "address", ["https://github.com@evil.example/", "https://a.example/x\u00a0y", "https://a.example/\ty"]
)
def test_no_address_that_hides_where_it_leads_is_kept(address: str) -> None:
    found = clean(SourcePaper("here", "Title", abstract="It.", code_url=address, project_url=address), NOW)

    assert isinstance(found, SourcePaper)
    assert (found.code_url, found.project_url) == ("", "")


@pytest.mark.parametrize("field", ["title", "abstract", "comment", "journal_ref", "doi", "organisation", "summary"])
@pytest.mark.parametrize("piece", ["$x^2$ ", "$\\frac{", "{\\em ", "a.", "<sub>"])
def test_a_hundred_thousand_letters_anywhere_are_cut_before_they_are_read(field: str, piece: str) -> None:
    told = {"title": "Title", "abstract": "It.", field: piece * (600_000 // len(piece))}

    assert least_seconds(lambda: clean(SourcePaper("here", **told), NOW), enough=1) < 1  # type: ignore[arg-type]
