"""What stands in the place of an author's own macro."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.tex import own_names, plain


@pytest.mark.parametrize(
    ("typed", "title", "read"),
    [
        (r"We present \lark{}, an agent.", "LARK: Agents that Sing", "We present LARK, an agent."),
        (r"We present \ours, an agent.", "LARK: Agents that Sing", "We present LARK, an agent."),
        (r"\textbf{\methodname}~reaches 80\%.", "Lark-2 : Agents that Sing", "Lark-2 reaches 80%."),
        (r"Larks sing (\ours{}), and well.", "Larks: Birds", "Larks sing (Larks), and well."),
        (r"We call it Lark (\ours{}).", "Lark: Birds", "We call it Lark."),
        (r"\larkbench provides songs.", "LarkSongBench: A Benchmark of Songs", "LarkSongBench provides songs."),
        # Of two things the title names the first.
        (r"On \dataset we train \method.", "Lark: Birds", "On our dataset we train Lark."),
        (r"On \dataset we train it.", "Lark: Birds", "On Lark we train it."),
        # What the text itself says.
        (r"DeepLark is new. \deeplark sings.", "", "DeepLark is new. DeepLark sings."),
        # Titles that begin with no name.
        (r"We use \ours.", "Position: Larks Should Sing", "We use our method."),
        (r"We use \ours.", "Why Larks Sing: A Study", "We use our method."),
        # Nobody knows: the sentence has no hole.
        (r"\lark{} sings, and \larkmodel, too.", "", "Our method sings, and our model, too."),
        (
            r"We release \bench. The \method net sings, our \system sings.",
            "",
            "We release our benchmark. The net sings, our system sings.",
        ),
        (
            r"It works. \lark sings, and we show that \lark sings.",
            "",
            "It works. Our method sings, and we show that our method sings.",
        ),
        (r"We extend the \method.", "", "We extend the method."),
        # Where none would be missed.
        (r"a token \looseness of text", "", "a token of text"),
        (r"for training (\TrainNum{} songs)", "", "for training (songs)"),
        (r"Evolving Larks (\ours{}), a framework", "", "Evolving Larks, a framework"),
        (r"\ours: a new way", "", "a new way"),
        (r"1/(2\pif) of Q\AA", "", "1/(2) of QÅ"),
    ],
)
def test_macros_of_authors_become_names_or_nouns(typed: str, title: str, read: str) -> None:
    assert plain(typed, title) == read
    assert plain(read, title) == read


@given(
    st.lists(st.sampled_from([r"\lark", r"\ours{}", "(", ")", " ", ", ", "we ", "Lark", ": ", ".", "$x$", "{", "}"]))
)
def test_a_text_with_macros_is_read_once_and_shows_no_backslash(pieces: list[str]) -> None:
    read = plain("".join(pieces), "Lark: Birds")

    assert "\\" not in read
    assert plain(read, "Lark: Birds") == read


def test_a_macro_is_looked_for_once_and_of_very_many_only_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = own_names.name_of

    def name_of(macro: str, *rest: Any) -> str:
        asked.append(macro)
        return real(macro, *rest)

    monkeypatch.setattr(own_names, "name_of", name_of)

    plain(r"\lark{} is here. " * 200)
    assert asked == ["lark"]

    letters = "abcdefghij"
    plain(" ".join(f"\\x{one}{two}{three}{{}} is" for one in letters for two in letters for three in letters))
    assert len(asked) < 400


@pytest.mark.parametrize("macro", ["our" * 9 + "xyz", "dataset" * 4 + "q", "our" * 4000])
def test_a_name_made_of_what_authors_call_things_is_read_in_time(macro: str) -> None:
    """A pattern that tries each way to part such a name would not come back."""
    assert plain(" ".join([f"We use \\{macro}{{}} here."] * 400), "Lark: Birds").startswith("We use")
