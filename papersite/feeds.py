"""Feeds whose entries are plain text."""

from typing import Any

from django.utils.feedgenerator import Atom1Feed


class TextFeed(Atom1Feed):
    """Says that its summaries are text (RFC 4287,
    3.1.1): Django says HTML, and readers would lose what stands after "<"."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item | {"description": None})
        if item["description"] is not None:
            handler.addQuickElement("summary", item["description"], {"type": "text"})
