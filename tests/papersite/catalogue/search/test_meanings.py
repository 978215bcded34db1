"""Words that mean something else than others of their stem."""

import pytest

from papersite.catalogue.search.meanings import own_forms
from papersite.catalogue.search.words import stem


@pytest.mark.parametrize(
    ("word", "form"),
    [("animal", "animals"), ("animals", "animal"), ("import", "importing"), ("emergency", "emergencies"),
     ("organization", "organizations"), ("organisation", "organisations"), ("severe", "severe")],
)  # fmt: skip
def test_own_forms_are_its_endings_the_word_itself_first(word: str, form: str) -> None:
    assert own_forms(word)[0] == word
    assert form in own_forms(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [("positive", "position"), ("animal", "animation"), ("emergency", "emergence"), ("authority", "author"),
     ("relativity", "relative"), ("informal", "information"), ("marginal", "margin"), ("import", "importance")],
)  # fmt: skip
def test_own_forms_hold_no_other_word_of_the_same_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)
    assert other not in own_forms(one)


def test_most_words_have_no_meaning_apart_from_their_stem() -> None:
    assert [own_forms(word) for word in ("graph", "networks", "learning", "")] == [()] * 4
