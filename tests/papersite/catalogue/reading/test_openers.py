"""Sentences without words that point at others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.reading import openers
from papersite.catalogue.reading.readable import excerpt


@pytest.mark.parametrize(
    ("shown", "better"),
    [
        ("To address this gap, we propose a net.", "We propose a net."),
        ("To this end, Larks are counted.", "Larks are counted."),
        ("To tackle these challenges in practice, in this paper we sing.", "In this paper we sing."),
        ("Motivated by this, we sing. It works.", "We sing. It works."),
        ("Building on this insight, the net sings.", "The net sings."),
        ("Specifically, to this end, we sing.", "We sing."),
        ("Thus, To this end, we sing.", "We sing."),
        ("It sings. … To this end, we count. To this end, we sing.", "It sings. … We count. To this end, we sing."),
        ("Third, since larks sing, we count.", "Since larks sing, we count."),
        ("Furthermore, to count larks, we sing.", "To count larks, we sing."),
        ("Based on our findings, we sing.", "We sing."),
        ("To systematically study this, we sing.", "We sing."),
        ("In order to understand and mend these faults, a choir sings.", "A choir sings."),
        ("Recognizing these limits, we sing. … Finally, we count.", "We sing. … We count."),
        ("To bridge the gap, we sing. … To compensate for this, we count.", "We sing. … We count."),
        ("To bridge the gap of songs, we sing.", "To bridge the gap of songs, we sing."),
        ("To mend it, we sing. … In contrast, we hoot.", "We sing. … We hoot."),
        ("First, we sing. It works.", "We sing. It works."),
        ("First, we sing. Second, we count.", "First, we sing. Second, we count."),
        ("(3) Since larks sing, we count. … ii) We sing.", "Since larks sing, we count. … We sing."),
        # A number among others, and what is said itself.
        ("(1) Larks sing. (2) Owls do not.", "(1) Larks sing. (2) Owls do not."),
        ("To show that larks sing, we count.", "To show that larks sing, we count."),
        ("Assuming this of larks, we count.", "Assuming this of larks, we count."),
        ("To break this limit, we sing.", "We sing."),
        ("In order to better cope with these, the net sings.", "The net sings."),
        ("Using this song, we count.", "We count."),
        ("Addressing these gaps, this work sings.", "This work sings."),
        ("Then, we sing. … In this context, we count.", "We sing. … We count."),
        ("However, in this paper, we sing.", "In this paper, we sing."),
        ("However, the net sings.", "However, the net sings."),
        ("To show that such songs work, we sing.", "To show that such songs work, we sing."),
        ("Using the song of larks, we count.", "Using the song of larks, we count."),
        # What says what it points at, lists, and what is no whole sentence without it.
        ("To address the lack of songs, we sing.", "To address the lack of songs, we sing."),
        ("To address this, cost, and noise, we sing.", "To address this, cost, and noise, we sing."),
        ("To solve this problem (see there), we sing.", "To solve this problem (see there), we sing."),
        (
            "To bridge this gap without songs of other birds, we sing.",
            "To bridge this gap without songs of other birds, we sing.",
        ),
        ("Given this, and more.", "Given this, and more."),
        (
            "To address this gap between $x$ and \ue100, we sing.",
            "To address this gap between $x$ and \ue100, we sing.",
        ),
        ("Therefore we sing.", "Therefore we sing."),
        # What a thing is made for, where that is said of another sentence.
        ("We build a cage to address these gaps. It sings.", "We build a cage. It sings."),
        ("We build a cage, designed specifically to overcome this limitation.", "We build a cage."),
        ("We build a cage that tackles these open challenges by counting larks.", "We build a cage counting larks."),
        ("Ours is a new cage addressing these issues by counting.", "Ours is a new cage counting."),
        ("We sing. Owls build a cage to address this gap.", "We sing. Owls build a cage to address this gap."),
        ("A cage is designed to address these gaps.", "A cage is designed to address these gaps."),
        ("This work aims to bridge this gap by singing.", "This work aims to bridge this gap by singing."),
        ("A cage partially addressing these gaps.", "A cage partially addressing these gaps."),
        ("We build a cage to address these two tasks.", "We build a cage to address these two tasks."),
        (
            "We build a cage that overcomes these limits and more.",
            "We build a cage that overcomes these limits and more.",
        ),
        ("To address this gap we sing.", "We sing."),
        ("To fill this gap and count larks, we sing.", "To count larks, we sing."),
        ("To fill this gap and to count larks, we sing.", "To count larks, we sing."),
        ("To fill this gap and inspired by owls, we sing.", "To fill this gap and inspired by owls, we sing."),
        ("% We sing. % It works by 5 % Today", "We sing. It works by 5 % Today"),
        ("", ""),
    ],
)
def test_without(shown: str, better: str) -> None:
    assert openers.without(shown) == better


words = st.sampled_from([
    "To address this gap, ", "To this end, ", "Motivated by these, ", "we ", "sing", ". ", "… ", ", ", "\ue100", "A ",
    "\ue010we\ue011 ", "Thus, ", "the ",
])  # fmt: skip


@given(st.lists(words).map("".join))
def test_without_loses_nothing_but_openers_and_no_formula(shown: str) -> None:
    better = openers.without(shown)

    assert openers.without(better) == better
    assert better.count("\ue100") == shown.count("\ue100")
    assert better[1:] in shown or "…" in better
    assert len(better) <= len(shown)


def test_an_excerpt_begins_with_what_is_done_and_keeps_its_markup() -> None:
    abstract = (
        "Songs are hard to count. " * 8 + "To bridge this gap, we propose $\\alpha$-counting of \\emph{songs}. "
        "Many people like songs and listen to them all day long, wherever they are. " * 3
    )

    text, in_html = excerpt("", abstract)

    assert text.startswith("We propose α-counting of songs.")
    assert in_html.startswith("We propose <math")
