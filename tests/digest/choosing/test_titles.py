"""How titles are cut that are longer than their line."""

import pytest

from digest.choosing.titles import cut


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Graphs that learn", "Graphs that learn"),
        ("GraphNet: Learning the Structure of Very Large Graphs at Once", "GraphNet: Learning the Structure…"),
        ("The structure of graphs: Learning Much of It at Once", "The structure of graphs: Learning Much…"),
        ("Weigh what matters: on the scales", "Weigh what matters: on the scales"),
        ("Trust but verify: what no reader of mammograms sees", "Trust but verify: what no reader…"),
        ("Learning the Structure of Very Large Graphs, at Once", "Learning the Structure of Very Large…"),
        ("图神经网络" * 20, "图神经网络" * 7 + "图神经网…"),
    ],
)
def test_cut_keeps_what_tells_or_whole_words(title: str, said: str) -> None:
    assert cut(title, 40) == said
