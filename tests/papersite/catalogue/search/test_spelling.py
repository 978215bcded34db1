"""What was meant by a word that no paper has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search import language
from papersite.catalogue.search.spelling import mended
from tests.papersite.catalogue.search.held import Held, record

SOURCE = Held(
    record(1, "Transformers for graph networks", abstract="Optimization of kernels", authors=["Geoffrey Hinton"]),
    record(2, "Diffusion models", authors=["Zoë Schrödinger"]),
    record(3, "Graph transformers"),
    record(4, "Transformed graphs"),
)


def meant(text: str) -> str:
    return mended(SOURCE.searcher, text, language.parse(text).node)


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("tranformers", "transformers"),
        ("trasnformers", "transformers"),
        ("transformres graph", "transformers graph"),
        ("grpah diffusoin", "graph diffusion"),
        ("Grpah", "graph"),
        ('"grpah networks"', '"graph networks"'),
        ("title:difusion", "title:diffusion"),
        ("author:hintn", "author:hinton"),
        ("hintn", "hinton"),
        ("sound OR grpah", ""),
        ("grpah cat:cs.LG", "graph cat:cs.LG"),
        ("iffusion", "diffusion"),
        ("Schrödingre", "schrodinger"),
        ("GRÂPHS nétworsk", "GRÂPHS networks"),
    ],
)
def test_mended_replaces_each_unknown_word_by_the_likeliest(typed: str, better: str) -> None:
    assert meant(typed) == better


@pytest.mark.parametrize(
    "typed",
    [
        "graph", "graphs", "optimisation", "hinton", "schrödinger", "xyzzyplugh", "gra", "", "-grpah", "cat:grpah",
        "kernels", "has:code",
    ],
)  # fmt: skip
def test_mended_is_nothing_where_nothing_can_be_mended(typed: str) -> None:
    assert meant(typed) == ""


def test_mended_changes_whole_words_only() -> None:
    assert meant("difusion difusions-difusion") == "diffusion diffusion-diffusion"


def test_of_words_with_as_few_slips_the_commonest_is_meant() -> None:
    source = Held(record(1, "Lamps"), record(2, "Lambs"), record(3, "Lambs"))

    assert mended(source.searcher, "lamvs", language.parse("lamvs").node) == "lambs"


PRINTED = Held(
    *(record(number, "Diffusion models of language", abstract="A transformer.") for number in range(1, 31)),
    *(record(number, "Transformer notes", authors=["Yann LeCun"]) for number in range(31, 51)),
    *(record(number, "Tune commerce", authors=["Yan Lee"]) for number in range(51, 81)),
    record(91, "Difusion modles", abstract="A transfomer"),
    record(92, "A difusion langauge", abstract="transfomer modles"),
    record(93, "More of difusion", abstract="tSNE"),
    record(94, "In ecommerce", abstract="t-SNE"),
    record(95, "e-commerce of Lyfts"),
)


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("difusion", "diffusion"), ("difusion modles", "diffusion models"), ("transfomer", "transformer"),
        ("langauge model", "language model"), ("yan lecun", "yann lecun"), ("Transfomer", "transformer"),
        ("title:modles", "title:models"),
    ],
)  # fmt: skip
def test_a_slip_that_is_printed_itself_is_mended_where_the_right_word_is_much_commoner(typed: str, better: str) -> None:
    assert mended(PRINTED.searcher, typed, language.parse(typed).node) == better


@pytest.mark.parametrize(
    "typed",
    [
        "tSNE",
        "ecommerce",
        "e-commerce",
        "t-SNE",
        "diffusion",
        "transformers",
        "lecun",
        "yann lecun",
        "notes",
        "diffusing",
    ],
)
def test_what_is_right_is_not_mended_however_rare_it_is(typed: str) -> None:
    assert mended(PRINTED.searcher, typed, language.parse(typed).node) == ""


def test_an_empty_index_knows_no_better_word() -> None:
    assert mended(Held().searcher, "grpah", language.parse("grpah").node) == ""


@given(st.text(max_size=40))
def test_mended_never_fails(text: str) -> None:
    assert isinstance(meant(text), str)


def test_a_word_typed_again_and_again_is_mended_everywhere() -> None:
    assert meant("grpah " * 100) == "graph " * 100


def test_what_has_too_many_words_to_be_a_question_is_not_mended() -> None:
    assert meant(" ".join(f"grpah{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")) == ""
