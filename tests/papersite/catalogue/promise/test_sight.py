"""What promise sees of a paper."""

import math

from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.promise.sight import Seen, history, marks, words


def test_words_and_pairs_of_neighbours_are_counted_without_case_and_accents() -> None:
    found = words(Seen("Schrödinger's Agents: agents", "GPT-4 agents"))

    assert found.title == {
        "schrodinger": 1, "agents": 2, "schrodinger agents": 1, "agents agents": 1,
    }  # fmt: skip
    assert found.abstract == {"gpt-4": 1, "agents": 1, "gpt-4 agents": 1}


def test_marks_are_of_categories_links_and_the_number_of_authors() -> None:
    found = marks(Seen("X: a Survey?", "See github.com/x", "Accepted at Y", ["a", "b", "c"], ["cs.AI", "cs.CL"]))

    assert {"category cs.AI", "category cs.CL", "first category cs.AI", "colon", "name", "question"} <= found.keys()
    assert {"survey", "code", "accepted", "remark", "2 authors", "3 authors"} <= found.keys()
    assert not {"4 authors", "first category cs.CL", "project page"} & found.keys()


def test_history_is_of_the_papers_that_were_wanted() -> None:
    assert history(["a", "b"], {"c": 9}) == history([], {"c": 9}) == {}
    assert history(["a", "b"], {"b": 3}) == {
        "wanted in sum": math.log1p(3), "wanted at most": math.log1p(3), "wanted in share": 0.5,
        "wanted by the first": 0.0, "wanted by the last": math.log1p(3),
    }  # fmt: skip


@given(st.builds(Seen, st.text(), st.text(), st.text(), st.lists(st.text()), st.lists(st.text())))
def test_whatever_a_paper_says_is_seen_as_finite_numbers(seen: Seen) -> None:
    assert all(map(math.isfinite, marks(seen).values()))
    assert all(count > 0 for count in words(seen).abstract.values())
