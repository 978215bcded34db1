"""What rows and pages say of a paper."""

from django import template

from papersite.catalogue import excerpts, venues
from papersite.catalogue.models import Paper

register = template.Library()


@register.filter
def contribution(paper: Paper) -> str:
    """One sentence of its brief."""
    return excerpts.contribution(paper.brief)


@register.filter
def venue(paper: Paper) -> str:
    """Where it was accepted, as its authors say."""
    return venues.venue(paper.comment)


@register.filter
def votes_in_all(paper: Paper) -> int:
    """Here and on Hugging Face."""
    return paper.vote_count + (paper.hf_upvotes or 0)
