"""Names in the parts that references ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.citing.bylines import Byline, parts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada M. Byron", Byline("Byron", "Ada M.")),
        ("Lonneke van der Plas", Byline("van der Plas", "Lonneke")),
        ("Laurens Van der Maaten", Byline("Van der Maaten", "Laurens")),
        ("Hal Daumé III", Byline("Daumé", "Hal", "III")),
        ("Martin Luther King Jr.", Byline("King", "Martin Luther", "Jr.")),
        ("Timothy John Lee 3rd", Byline("Lee", "Timothy John", "3rd")),
        ("Ann B. Roe Ph.D.", Byline("Roe", "Ann B.", "Ph.D.")),
        ("山田 太郎", Byline("山田", "太郎")),
        ("김 철수", Byline("김", "철수")),
        ("王伟", Byline("王伟")),
        ("Ада Байрон", Byline("Байрон", "Ада")),
        ("Plato", Byline("Plato")),
        ("Qwen Team", Byline("Qwen Team", is_group=True)),
        (
            "The Event Horizon Telescope Collaboration",
            Byline("The Event Horizon Telescope Collaboration", "", "", True),
        ),
        ("Rock and Roll", Byline("Rock and Roll", is_group=True)),
        ("Quoc V. Le", Byline("Le", "Quoc V.")),
        ("Le Song", Byline("Song", "Le")),
        ("de Vries", Byline("Vries", "de")),
        ("", Byline("")),
    ],
)
def test_a_name_is_taken_apart(name: str, expected: Byline) -> None:
    assert parts(name) == expected


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1), max_size=6))
def test_no_word_of_a_name_is_lost(words: list[str]) -> None:
    name = " ".join(words)
    found = parts(name)

    assert sorted(" ".join([found.given, found.family, found.suffix]).split()) == sorted(name.split())
