"""Files that staff bring."""

import codecs

import pytest

from papersite.exchange import reading

pytestmark = pytest.mark.pure
KNOWN = ("title", "authors", "note")


def read(text: str) -> reading.Table:
    return reading.read(text, known=KNOWN, needed=("title",))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "The file is empty."),
        (b"  \r\n ", "The file is empty."),
        ("title\nna\xefve\n".encode("latin-1"), "Line 2 is not in UTF-8"),
        (b"PK\x03\x04rest", "save it as CSV"),
        (b"\x1f\x8brest", "unpack it"),
        (b"%PDF-1.7", "a PDF"),
        (b"ti\0tle", "no text file"),
        (codecs.BOM_UTF16_LE + b"a", "not in UTF-8"),
        (b"a" * (reading.MAX_BYTES + 1), "1,500,000 are taken at once"),
    ],
)
def test_what_is_no_text_is_refused_in_words(raw: bytes, said: str) -> None:
    with pytest.raises(reading.Unreadable, match=said):
        reading.decoded(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_save_is_read(encoding: str) -> None:
    assert reading.decoded("title\nnaïve\n".encode(encoding)) == "title\nnaïve\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,note\na,b\n", "The column “title” is missing; the file has name, note."),
        ("title,note,Title \na,b,c\n", "Two columns have one name."),
        ('title,note\n"a,b\n', "this is no CSV"),
        ("title\n", "no rows"),
        ("title\n" + "a\n" * 5001, "more than 5,000 rows"),
        ('[{"title": "a"}', "not JSON, or cut short"),
        ('{"title": "a"}\n{"title": \n', "Line 2 is not JSON"),
        ('[{"title": NaN}]', "NaN is no number"),
        ("[" * 200_000, "nested too deep"),
        ('[{"title": ' + "9" * 5000 + "}]", "not JSON"),
        ("[]", "no rows"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(reading.Unreadable, match=said):
        read(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title,note\na,b,c\n", "It has 3 cells, and the head 2."),
        ("title,note\na," + "n" * 300_000, "Its note has more than 100,000 characters."),
        ('["a"]', "It is no object."),
        ('[{"title": "\\ud800"}]', "Its title holds half a character."),
        ('[{"title": "a\\u0000"}]', "Its title holds a zero byte."),
    ],
)
def test_what_is_wrong_with_one_row_is_said_of_it(text: str, problem: str) -> None:
    assert [row.problem for row in read(text).rows] == [problem]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_each_mark_between_cells_is_known_and_each_column_that_is_not(mark: str) -> None:
    table = read("\n".join(mark.join(cells) for cells in (["Title", "Shoe size"], ["a", "42"], ["", ""], ["b", "43"])))

    assert [(row.place, row.values) for row in table.rows] == [
        ("line 2", {"title": "a", "shoe_size": "42"}),
        ("line 4", {"title": "b", "shoe_size": "43"}),
    ]
    assert table.unread == ["shoe_size"]
