"""A reader's own notes and read marks, told from what programs and authors wrote."""

from datetime import UTC, datetime

import pytest

from papersite.catalogue.sources.library.marks import LONGEST_NOTE, marks, note_of


@pytest.mark.parametrize(
    ("tag", "is_read"),
    [
        ("read", True), ("✅ Read", True), ("_read", True), ("skimmed", True), ("unread", False), ("to read", False),
        ("To-Read", False), ("/reading", False), ("reading comprehension", False),
    ],
)  # fmt: skip
def test_tags_that_say_whether_it_is_read_are_marks_and_no_keywords(tag: str, is_read: bool) -> None:
    found = marks([], [tag, "graphs"])

    assert found.is_read == is_read
    assert found.keywords == (("reading comprehension", "graphs") if tag == "reading comprehension" else ("graphs",))


def test_zoteros_extra_is_lines_of_programs_and_lines_of_the_reader() -> None:
    extra = (
        "arXiv:1706.03762 [cs]\nCitation Key: vaswani2017\ntex.ids= x\nRead_Status: Read\n"
        "Read_Status_Date: 2024-05-06T07:08:09.000Z\nThe one with the heads."
    )

    found = marks([], extra=extra)

    assert found == ("The one with the heads.", True, datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), ())


def test_what_the_status_says_outranks_a_tag() -> None:
    assert not marks([], ["read"], extra="Read_Status: To Read").is_read
    assert marks([], status="read").is_read


def test_notes_in_html_become_text() -> None:
    assert note_of("<div><p>One &amp; two</p><p>k &lt; n<br/>three</p><script>x()</script></div>") == (
        "One & two\nk < n\nthree"
    )


def test_arxivs_comment_is_nobodys_note() -> None:
    assert note_of("<p>Comment: 15 pages, 5 figures</p>") == ""


def test_a_note_is_as_long_as_one_may_be() -> None:
    assert len(marks(["x" * 5000, "y"]).note) == LONGEST_NOTE
