"""arXiv ids and DOIs wherever programs put them, and nothing that only looks like one."""

import pytest

from papersite.catalogue.sources.library.identifiers import arxiv_id_of, bare_arxiv_id, doi_of, leading_arxiv_id


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("https://arxiv.org/abs/1706.03762v5", "1706.03762"),
        ("http://arxiv.org/pdf/1706.03762.pdf", "1706.03762"),
        ("https://www.arxiv.org/html/2106.09685v2", "2106.09685"),
        ("https://ar5iv.labs.arxiv.org/html/2106.09685", "2106.09685"),
        ("https://huggingface.co/papers/2106.09685", "2106.09685"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "1706.03762"),
        ("10.48550/ARXIV.HEP-TH/9711200", "hep-th/9711200"),
        ("arXiv preprint arXiv:1706.03762", "1706.03762"),
        ("arXiv:1706.03762 [cs]", "1706.03762"),
        ("arXiv: 1706.03762", "1706.03762"),
        ("arXiv preprint 1706.03762", "1706.03762"),
        ("abs/1706.03762", "1706.03762"),
        ("arXiv e-prints, p. arXiv:1706.03762", "1706.03762"),
        ("http://arxiv.org/abs/math.GT/0309136", "math/0309136"),
        ("arXiv:hep-th/9711200", "hep-th/9711200"),
        ("Physics 1706.03762", ""),
        ("10.1000/1706.03762", ""),
        ("arXiv:1706.037621", ""),
        ("arXiv:1799.03762", ""),
        ("https://example.org/abs/1706.03762", ""),
        ("", ""),
    ],
)
def test_an_id_is_found_where_arxiv_is_named(written: str, identifier: str) -> None:
    assert arxiv_id_of([written]) == identifier


def test_a_field_made_for_it_may_hold_it_bare() -> None:
    assert bare_arxiv_id(" 1706.03762v2 ") == "1706.03762"
    assert bare_arxiv_id("https://arxiv.org/abs/1706.03762") == "1706.03762"
    assert bare_arxiv_id("978-3-16-148410-0") == ""


def test_a_line_that_begins_with_it_speaks_of_the_paper_itself() -> None:
    assert leading_arxiv_id("Citation Key: x\narXiv:1706.03762 [cs]") == "1706.03762"
    assert leading_arxiv_id("It goes beyond arXiv:1706.03762") == ""


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("https://doi.org/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("doi:10.18653/v1/N19-1423.", "10.18653/v1/N19-1423"),
        ("10.48550/arXiv.1706.03762", ""),
        ("none", ""),
    ],
)
def test_a_doi_is_that_of_what_was_published(written: str, doi: str) -> None:
    assert doi_of([written]) == doi
