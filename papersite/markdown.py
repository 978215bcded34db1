"""The little Markdown that curators write: paragraphs, emphasis, lists, quotes, code, links to the web. No more."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "a"}
LINKS = ("http://", "https://")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|blockquote|ul|ol)>\s*|<br\s*/?>\s*")
_TAG = re.compile(r"<[^>]*>")

# Without the rules for pictures, headings, rules and HTML, their signs stay what was typed.
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "html_block", "html_inline", "heading", "lheading", "hr", "fence", "code", "reference"]
)
_inline = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline"])


@lru_cache(maxsize=500)
def html_of(text: str) -> SafeString:
    """As HTML that is safe on a page and in a mail, in paragraphs."""
    return _cleaned(_parser.render(text).strip())


@lru_cache(maxsize=2000)
def html_of_line(text: str) -> SafeString:
    """The same of one line, without a paragraph around it."""
    return _cleaned(_inline.renderInline(" ".join(text.split())).strip())


@lru_cache(maxsize=500)
def text_of(text: str) -> str:
    """As plain text: links with their addresses in brackets, items with dashes."""
    return _plain(html_of(text))


@lru_cache(maxsize=2000)
def text_of_line(text: str) -> str:
    """The same of one line."""
    return " ".join(_plain(html_of_line(text)).split())


def _cleaned(html: str) -> SafeString:
    cleaned = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, attribute_filter=_kept, link_rel=None)
    return mark_safe(cleaned)  # noqa: S308


def _kept(tag: str, name: str, value: str) -> str | None:
    """Whole addresses of the web alone: one that is relative leads elsewhere from a mail."""
    return value if value.lower().startswith(LINKS) else None


def _plain(html: str) -> str:
    html = _LINK.sub(_link, html.replace("<li>\n<p>", "<li>").replace("<li>", "- "))
    # Whole paragraphs stand apart, the lines of one and the items of a list do not.
    html = _BLOCK_END.sub(lambda end: "\n\n" if end[0].startswith(("</p", "</ul", "</ol")) else "\n", html)
    return re.sub(r"\n{3,}", "\n\n", _unescaped(_TAG.sub("", html))).strip()


def _link(found: re.Match[str]) -> str:
    address, shown = found[1], _TAG.sub("", found[2])
    return shown if shown == address else f"{shown} ({address})"


def _unescaped(text: str) -> str:
    for name, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\xa0"), ("&amp;", "&")):
        text = text.replace(name, character)
    return text
