"""The sentences that say what a paper does and finds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.reading.excerpts import (
    MOST_SENTENCES,
    MOST_WORDS,
    around,
    chosen,
    contribution,
    leading,
    sentences,
)
from tests.bench import excerpts as bench


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We use e.g. Fig. 3 of Roe et al. (2020) vs. Bo. It gains 3.5% in v. 2.1. Done!", 3),
        ("See i.e. Sec. 4 and Eq. (2). Then we stop.", 2),
        ("We show X, Y, etc. Then Z follows.", 2),
        ("J. K. Rowe and A. B. Smith agree. We do not.", 2),
        ("Python 3.12.1 runs. GPT-4.5 does too.", 2),
        ("It is 0.5 of all. approx. 3 remain", 1),
        ("Does it work? Yes! It does.", 3),
        ('He said "it works." We agree (see below.) Then we went on.', 3),
        ("With i.i.d. data it holds, w.r.t. time too. We prove it.", 2),
        ("Prof. Roe vs. Dr. Ek, cf. No. 5. They met.", 2),
        ("They are trained at once.This is fast.In this paper we stop", 3),
        ("We call it a lark (LRK).To count it, we sing. It is LarkNet.Instead of owls it sings.", 4),
        ("We propose gated fusion.BioLark learns through it. Call lark.JSON and pandas.DF now", 3),
        ("We count in the U.S.A.In and by (a).b or nn.The and x.We", 1),
        ("See www.Example.org, hasChild.Female, node.js and a.Big one", 1),
        ("这是第一句。这是第二句！", 2),
        ("One sentence without an end", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_they_end(text: str, found: int) -> None:
    assert len(sentences(text)) == found


@given(st.text(alphabet='aB .!?,()"0e.g'))
def test_sentences_lose_nothing(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


BACKGROUND = (
    "Graphs are everywhere in the world. However, existing methods are slow and need many labels to be trained well."
)
DOES = "In this paper, we propose GraphNet, a network that learns graphs without labels."
HOW = "It has an encoder, a decoder and a head with several layers stacked upon one another for some reason here."
FINDS = "Experiments show that it outperforms the best known method by 12.5% on five datasets."
CODE = "Our code is available at https://a.example/x."


def test_the_contribution_and_the_finding_are_chosen_and_not_the_background() -> None:
    text = " ".join([BACKGROUND, DOES, HOW, HOW.replace("encoder", "ear"), FINDS, CODE])

    assert chosen(text) == f"{DOES} … {FINDS}"


def test_a_short_text_is_kept_whole_and_one_without_cues_from_its_beginning() -> None:
    assert chosen(f"{DOES} {FINDS}") == f"{DOES} {FINDS}"
    plain = " ".join(
        f"Number {word} stands on its own here and tells nobody anything of use." for word in "abcdefghijk"
    )
    assert plain.startswith(chosen(plain))


def test_a_sentence_longer_than_the_room_is_kept_whole() -> None:
    long = "We propose " + "very " * 100 + "much."

    assert chosen(f"{BACKGROUND} {long}") == long


@given(
    st.lists(
        st.sampled_from([BACKGROUND, DOES, HOW, FINDS, CODE, "We show e.g. 3.5%.", "Short."]), min_size=1, max_size=12
    )
)
def test_what_is_chosen_are_whole_sentences_in_their_order(parts: list[str]) -> None:
    found = sentences(" ".join(parts))

    picked = chosen(" ".join(parts)).replace("… ", "")

    shown = sentences(picked)
    assert 1 <= len(shown) <= MOST_SENTENCES
    assert len(shown) == 1 or len(picked.split()) <= MOST_WORDS
    rest = iter(found)
    assert all(sentence in rest for sentence in shown)


def test_leading_and_around_keep_sentences_whole() -> None:
    text = f"{DOES} {HOW} {FINDS}"

    assert leading(text, 20) == DOES
    assert around(text, lambda sentence: "outperforms" in sentence) == f"… {FINDS}"
    assert around(text, lambda sentence: "nowhere" in sentence) is None


def test_most_judged_excerpts_hold_the_contribution(shared_data: Path) -> None:
    held, count, missed = bench.share(shared_data / "arxiv" / "arxiv_cs_2025_2026.jsonl.gz")

    assert count == 200
    assert held / count >= 0.85, missed


def test_contribution_is_the_one_sentence_that_says_what_is_done() -> None:
    assert contribution(f"{BACKGROUND} … {DOES} {FINDS}") == DOES
    assert contribution("One sentence") == "One sentence"
    assert contribution("") == ""


@pytest.mark.parametrize(
    "does",
    [
        "We have designed GraphNet, a network that learns graphs.",
        "We frame both tasks as one and introduce GraphNet.",
        "We then proposed to learn graphs by GraphNet.",
    ],
)
def test_what_was_done_before_is_done_as_well(does: str) -> None:
    text = " ".join([BACKGROUND, does, HOW, HOW.replace("encoder", "ear"), FINDS, CODE])

    assert chosen(text) == f"{does} … {FINDS}"


def test_a_short_sentence_alone_comes_with_the_next_one() -> None:
    short = "We propose GraphNet, a network."
    text = " ".join([BACKGROUND, short, HOW, HOW.replace("encoder", "ear"), CODE])

    assert chosen(text) == f"{short} {HOW}"
    assert chosen(" ".join([BACKGROUND, HOW, HOW, short, CODE])) == short


@pytest.mark.parametrize(
    "answer", ["We address this gap by learning graphs.", "This paper aims to bridge this large gap with GraphNet."]
)
def test_a_sentence_that_answers_comes_with_what_it_answers(answer: str) -> None:
    gap = "Yet nobody knows how to learn graphs without labels."
    text = " ".join([BACKGROUND, gap, answer, HOW, HOW.replace("encoder", "ear"), FINDS, CODE])

    assert chosen(text) == f"{gap} {answer} … {FINDS}"
    long = f"{gap[:-1]}, {'and ' * 60}so on."
    assert chosen(text.replace(gap, long)) == f"{answer} … {FINDS}"


def test_a_warning_is_not_what_a_paper_does() -> None:
    text = " ".join([BACKGROUND, DOES, HOW, FINDS, HOW.replace("encoder", "ear"), "WARNING: this paper shows graphs."])

    assert chosen(text) == f"{DOES} … {FINDS}"


@pytest.mark.parametrize(
    "hanging",
    [
        "We show that this default choice is wrong.",
        "We propose the following...",
        "We identify two main causes for this shortfall.",
        "We argue they do not.",
    ],
)
def test_a_sentence_that_says_little_alone_is_not_the_one_that_is_chosen(hanging: str) -> None:
    text = " ".join([BACKGROUND, hanging, DOES, HOW, HOW.replace("encoder", "ear"), FINDS])

    assert chosen(text) == f"{DOES} … {FINDS}"


def test_a_list_of_which_only_the_first_is_told_is_not_begun() -> None:
    promise = (
        "We propose GraphNet with three ideas: (1) Routing, which leads each graph (a large one) to its own branch."
    )
    others = ["(2) Surgery, which cuts nodes.", "(3) Weights, which weigh the edges that are left over."]

    assert chosen(" ".join([BACKGROUND, promise, *others, HOW, FINDS])) == (
        f"We propose GraphNet with three ideas. … {FINDS}"
    )
    whole = promise.replace(" to its own branch.", ", and (2) surgery.")
    assert chosen(" ".join([BACKGROUND, whole, HOW, HOW.replace("encoder", "ear"), FINDS])) == f"{whole} … {FINDS}"


def test_what_is_done_is_told_before_a_list_of_which_only_the_first_would_be() -> None:
    trouble = "In this paper, we identify two main troubles in learning graphs: (C1) Highly uneven nodes."
    others = [
        "Nodes differ much, as is well known to all.",
        "(C2) Edges of many kinds.",
        DOES.replace("In this paper, we", "We"),
    ]

    assert chosen(" ".join([BACKGROUND, trouble, *others, HOW, FINDS])) == f"{others[-1]} … {FINDS}"


def test_what_is_found_with_something_told_before_does_not_open_an_excerpt() -> None:
    before = "We answer what this is for larks by building a careful framework that keeps whatever is verified."
    found = "Using this framework across 11 methods, we find that existing ones often fail to be of use."
    text = " ".join([BACKGROUND, before, found, DOES, HOW, FINDS])

    assert chosen(text) == f"{DOES} … {FINDS}"


def test_what_was_gathered_is_told_rather_than_that_it_is_released() -> None:
    gathered = "To learn more, we curated 2313 graphs and their captions from two atlases of graphs."
    released = "In addition, we publicly release graphs that were prepared with much care by many."

    text = " ".join([BACKGROUND, gathered, HOW, HOW.replace("encoder", "ear"), FINDS, released])

    assert chosen(text) == f"{gathered} … {FINDS}"
