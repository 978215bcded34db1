"""What rows say of a paper."""

from papersite.catalogue.models import Paper
from papersite.catalogue.templatetags.papers import contribution, venue, votes_in_all


def test_a_row_has_one_sentence_the_venue_and_one_number() -> None:
    paper = Paper(
        title="It", abstract="It is hard. We build a way to do it.", comment="Accepted at ICML 2026", vote_count=2
    )

    assert contribution(paper) == "We build a way to do it."
    assert venue(paper) == "ICML 2026"
    assert votes_in_all(paper) == 2
    paper.hf_upvotes = 5
    assert votes_in_all(paper) == 7
