"""From a query's tree to what the index is asked."""

from typing import Any

import pytest

from papersite.catalogue.search import language
from papersite.catalogue.search.compiling import COMPLETIONS, Compiler, Weights, asked_for
from papersite.catalogue.search.language import Words
from tests.papersite.catalogue.search.held import Held, found, record


def scores(source: Held, query: str, *, ranked: bool = False, **options: Any) -> dict[int, float]:
    """What each paper found earns."""
    compiler = Compiler(source.searcher, **options)
    node = language.parse(query).node
    assert node is not None
    hits = source.searcher.search(compiler.ranked(node) if ranked else compiler.filter(node), 100).hits
    papers = source.searcher.fast_field_values("paper", [place for _, place in hits])
    return {int(paper or 0): score for paper, (score, _) in zip(papers, hits, strict=True)}


SPELT = Held(record(1, "Optimizing behavior"), record(2, "Optimising behaviour"), record(3, "Other things"))


@pytest.mark.parametrize(
    "query",
    ["optimizing", "optimising", "behaviour", "optimizing-behavior", "title:optimise", "title:optimising-behaviour"],
)
def test_both_spellings_find_both_papers(query: str) -> None:
    assert set(scores(SPELT, query)) == {1, 2}


NAMED = Held(
    record(1, "Graphs", authors=["Yann Lark"]),
    record(2, "Larks of y"),
    record(3, "K-means"),
    record(4, "PointNet++"),
    record(5, "PointNet", authors=["Eva M. Sol"]),
)


@pytest.mark.parametrize(
    ("query", "papers"),
    [
        ("Y. Lark", {1, 2}), ("Lark, Y.", {1, 2}), ("lark y.", {1, 2}), ("E. M. Sol", {5}),
        ("k-means++", {3}), ("PointNet++", {4}), ("C++", set()),
    ],
)  # fmt: skip
def test_names_with_initials_and_methods_with_signs_are_found(query: str, papers: set[int]) -> None:
    assert set(scores(NAMED, query)) == papers


def test_a_prefix_finds_every_form_of_every_word_that_begins_so() -> None:
    source = Held(
        record(1, "Neural networks"),
        record(2, "Neurons"),
        record(3, "A net", abstract="of neurons"),
        record(4, "Newer"),
    )

    assert set(scores(source, "neur*")) == {1, 2, 3}
    assert set(scores(source, "title:neur*")) == {1, 2}
    assert set(scores(source, "neurons*")) == {2, 3}


def test_a_prefix_of_a_name_finds_the_paper_unless_names_are_no_words() -> None:
    source = Held(record(1, "Graphs", authors=["Geoffrey Hinton"]), record(2, "Hints"))

    assert set(scores(source, "hint*")) == {1, 2}
    assert set(scores(source, "hint*", names=False)) == {2}


def test_a_prefix_of_too_many_words_is_as_many_as_are_commonest() -> None:
    # Of each number of papers one more word, the commonest last.
    rare, common = COMPLETIONS + 5, 10
    records = [record(number, f"word{number:03}") for number in range(1, rare + 1)]
    records += [record(rare + number, "wordy") for number in range(1, common + 1)]

    assert {rare + number for number in range(1, common + 1)} <= set(scores(Held(*records), "word*"))


def test_filters_alone_earn_nothing() -> None:
    source = Held(record(1, "Graphs", categories=["cs.LG"], topics=["graphs"], has_code=True, identifiers=["x1"]))

    for query in ("cat:cs.LG", "cat:cs", "topic:graphs", "has:code", "id:x1", "after:2020", "before:2030", "-sound"):
        assert scores(source, query) == {1: 0.0}


def test_filters_leave_the_score_of_words_as_it_is() -> None:
    source = Held(record(1, "Graphs", has_code=True), record(2, "Sound"))

    assert scores(source, "graphs has:code -sound") == pytest.approx(scores(source, "graphs"))


def test_ranked_finds_the_same_papers_and_gives_more_for_a_title() -> None:
    source = Held(record(1, "Graphs"), record(2, "Other", abstract="Graphs"))
    plain, ranked = scores(source, "graph"), scores(source, "graph", ranked=True)

    assert set(ranked) == set(plain) == {1, 2}
    assert ranked[1] > plain[1]
    assert ranked[2] == pytest.approx(plain[2])


def test_weights_say_how_much_more() -> None:
    source = Held(record(1, "Graphs"), record(2, "Other"))
    plain = scores(source, "graphs")[1]
    light = scores(source, "graphs", ranked=True, weights=Weights(title=1.0, own_alone=0))[1] - plain
    heavy = scores(source, "graphs", ranked=True, weights=Weights(title=3.0, own_alone=0))[1] - plain

    assert heavy == pytest.approx(3 * light, rel=1e-4)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("cat dog", ["cat", "dog"]),
        ("cat -dog", ["cat"]),
        ("cat OR (dog -bird)", ["cat", "dog"]),
        ("title:cat author:dog neur*", []),
        ("", []),
    ],
)
def test_asked_for_are_the_words_that_are_wanted_anywhere(query: str, wanted: list[str]) -> None:
    assert list(asked_for(language.parse(query).node)) == [Words((word,), word) for word in wanted]


@pytest.mark.parametrize("query", ["-a -b", "-(a OR b)", "-after:2026 -cat:cs", "--a", "-(-graphs)"])
def test_leaving_out_alone_is_from_all_papers(query: str) -> None:
    assert set(scores(Held(record(1, "Graphs", announced_at=OLD)), query)) == {1}


OLD = record().announced_at.replace(year=2025)


@pytest.mark.parametrize(
    ("query", "papers"),
    [
        ('"animal"', {1}),
        ('"animals"', {2}),
        ('"severe weather"', {4}),
        ('"several weather"', {5}),
        ("severe-weather", {4}),
        ('title:"animal"', {1}),
        ('title:"severe weather"', {4}),
        ('"Severe  WEATHER"', {4}),
    ],
)
def test_within_quotes_are_the_very_words(query: str, papers: set[int]) -> None:
    source = Held(
        record(1, "An animal"), record(2, "Of animals"), record(3, "Animation"), record(4, "Severe weather"),
        record(5, "Several weather stations"), record(6, "Weather, severe"),
    )  # fmt: skip

    assert set(scores(source, query)) == papers


ALIKE = [
    ("multimodal", "multi-modal", "multi modal"), ("gpt4", "gpt-4", "gpt 4"), ("3d", "3-d", "3 d"),
    ("tsne", "t-sne", "t sne"), ("ecommerce", "e-commerce", "e commerce"), ("dataset", "data-set", "data set"),
    ("finetuning", "fine-tuning", "fine tuning"), ("deepfakes", "deep-fakes", "deep fakes"), ("l1", "l_1", "l-1"),
]  # fmt: skip


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda one: one[0])
@pytest.mark.parametrize("where", ["title", "abstract"])
def test_words_joined_split_and_with_a_hyphen_are_alike(spellings: tuple[str, ...], where: str) -> None:
    texts = [f"We like {text} today" for text in spellings]
    source = Held(
        *(record(number, **{where: text}) for number, text in enumerate(texts, 1)),
        record(9, "Something else today"),
    )  # fmt: skip

    for typed in (*spellings, spellings[0].upper(), spellings[1].upper()):
        assert set(scores(source, typed)) == {1, 2, 3}, typed


def test_names_with_signs_are_words() -> None:
    source = Held(
        record(1, "Parsing C++ fast"), record(2, "C# and F#"), record(3, "Vitamin C"), record(4, "On .NET, today"),
        record(5, "The net."), record(6, "Seeding by k-means++"), record(7, "k-means"), record(8, "(C++17) templates"),
        record(9, "An F1 score"), record(10, "An F score, 1"),
    )  # fmt: skip

    asked = ["C++", "c#", "F#", ".NET", "net", "k-means++", "kmeans++", "F1", '"C++ fast"', "title:c#"]
    assert [set(scores(source, one)) for one in asked] == [
        {1, 8}, {2}, {2}, {4}, {4, 5}, {6}, {6}, {9}, {1}, {2},
    ]  # fmt: skip
    assert set(scores(source, "k-means")) == {6, 7}


OWN = [
    ("positive", "positions positional position"), ("animal", "animation animations"), ("emergency", "emergence"),
    ("authority", "author authors"), ("relativity", "related relative"), ("informal", "information informed"),
    ("marginal", "margin margins"), ("import", "importance important"), ("severe", "several"),
    ("transformation", "transformers transformer"), ("quantized", "quantization quantizer"),
    ("federation", "federated"), ("organ", "organization"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "others"), OWN, ids=lambda one: one.split()[0])
def test_papers_with_the_word_itself_come_before_those_with_others_of_its_stem(word: str, others: str) -> None:
    filling = "with many other words of no account that make an abstract as long as they are in life " * 3
    records = [record(number, f"{others} {others}", abstract=f"{others} {filling}") for number in range(1, 21)]
    records += [record(number, "Notes", abstract=f"Of some {word} {filling}") for number in range(101, 111)]
    source = Held(*records, *(record(number, "Notes", abstract=filling) for number in range(200, 240)))

    found = scores(source, word, ranked=True)

    assert set(list(found)[:10]) == set(range(101, 111))


def test_an_author_is_found_by_an_initial_and_by_the_name_turned_round() -> None:
    source = Held(
        record(1, "One", authors=["Chiyu Ma"]), record(2, "Two", authors=["C. Ma", "Bo Li"]),
        record(3, "Three", authors=["Dan Ma", "Carl Ng"]), record(4, "Four", authors=["Ma Chi"]),
        record(5, "Five", authors=["Łukasz Müller-Ørsted"]), record(6, "Six", authors=["Ada B. Lovelace"]),
    )  # fmt: skip

    asked = ["Chiyu Ma", "Ma, Chiyu", "C. Ma", "Ma, C.", "C Ma", "lukasz muller", "Müller-Ørsted, Ł.", "A. B. Lovelace"]
    found = [set(scores(source, f'author:"{name}"')) for name in asked]
    assert found == [{1, 2}, {1, 2}, {1, 2}, {1, 2}, {1, 2}, {5}, {5}, {6}]


@pytest.mark.parametrize("query", ["ℓ1", "l_1", "$\\ell_1$", "ℓ_1", "L^1", "$L^1$", "l1 norm", "$\\ell_1$ norm"])
def test_a_formula_is_found_however_it_is_typed(query: str) -> None:
    source = Held(
        record(1, "The ℓ₁ norm"), record(2, "An l_1 norm"), record(3, "An L¹ norm"), record(4, "The ℓ₂ norm"),
    )  # fmt: skip

    assert set(scores(source, query)) == {1, 2, 3}


POINTED = Held(
    record(1, "Of larks", identifiers=["2605.29801", "p1"]),
    record(2, "2605 words of pdf", identifiers=["2605.29802", "p2"]),
    record(3, "Larks by 29801 owls"),
)


@pytest.mark.parametrize(
    "query", ["2605.29801 pdf", "2605.29801v2 words of owls", "see https://arxiv.example/abs/2605.29801", "2605.29801,"]
)
def test_an_identifier_among_other_words_finds_its_paper_first(query: str) -> None:
    assert found(POINTED, query)[0] == 1


def test_a_topics_numbers_are_no_identifiers() -> None:
    assert scores(POINTED, "2605.29801", names=False) == {}


LETTERS = Held(
    record(1, "A β-VAE for larks"), record(2, "A beta-VAE for owls"), record(3, "VAE"), record(4, "Pi and π")
)


@pytest.mark.parametrize("query", ["β-VAE", "beta-vae", "beta VAE", "title:β-vae"])
def test_a_greek_letter_is_its_name(query: str) -> None:
    assert set(scores(LETTERS, query)) == {1, 2}
