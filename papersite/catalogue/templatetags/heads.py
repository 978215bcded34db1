"""What the heads of pages tell programs."""

from typing import Any
from urllib.parse import urlencode

from django import template

from papersite import links
from papersite.catalogue.citing import metadata
from papersite.catalogue.models import Paper

register = template.Library()


@register.inclusion_tag("_partials/paper_head.html")
def paper_head(paper: Paper) -> dict[str, Any]:
    """Of a paper from ``for_cards``."""
    address = paper.get_absolute_url()
    return {
        "canonical": links.absolute(address),
        "address": address.rstrip("/"),
        "tags": metadata.tags(paper),
        "preview": metadata.preview(paper),
        "linked_data": metadata.linked_data(paper),
    }


@register.inclusion_tag("_partials/takeaway.html", takes_context=True)
def takeaway(context: dict[str, Any], address: str = "") -> dict[str, Any]:
    """The same, for people."""
    path = context["request"].path
    return {"feed": f"{path}feed/", "address": address or path.rstrip("/")}


@register.inclusion_tag("_partials/list_head.html", takes_context=True)
def list_head(context: dict[str, Any], title: str, address: str = "") -> dict[str, Any]:
    """Of a list of papers at this address; a later page of it is another page, but has the same feed and files.

    ``address`` is that of its files where they lie elsewhere, without what ends them.
    """
    request = context["request"]
    after = request.GET.get("after", "")
    return {
        "title": title,
        "canonical": links.absolute(f"{request.path}?{urlencode({'after': after})}" if after else request.path),
        "feed": f"{request.path}feed/",
        "address": address or request.path.rstrip("/"),
    }
