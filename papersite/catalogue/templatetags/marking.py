"""Shows in templates what a search was about."""

from django import template
from django.utils.safestring import SafeString

from papersite.catalogue.models import Paper
from papersite.catalogue.search import highlighting
from papersite.catalogue.search.highlighting import Marks

register = template.Library()


@register.filter
def marked(text: str, wanted: Marks) -> SafeString:
    return highlighting.highlight(text, wanted)


@register.filter
def excerpt(paper: Paper, wanted: Marks) -> SafeString:
    return highlighting.excerpt(paper, wanted)
