"""The little Markdown that curators write: paragraphs, emphasis, lists, quotes, code, links to the web, and formulas
between dollars. No more."""

import re
from collections.abc import Callable
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "a"}
LINKS = ("http://", "https://")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|blockquote|ul|ol)>\s*|<br\s*/?>\s*")
_TAG = re.compile(r"<[^>]*>")
# Code, which stays; or a formula (group 2): no white space within its dollars, no digit after them, and no number with
# mere words, so that prices stay.
_FORMULA = re.compile(
    r"(?<!`)(`++)[^`]+\1(?!`)"
    r"|(?<![\w\\$])\$(?![\s$]|\d[^$\\^_=\n]{0,200}\s[^$\\^_=\n]{0,200}\$)([^$\n`]{1,200})(?<=\S)\$(?![\w$])"
)
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~]")

# Without the rules for pictures, headings, rules and HTML, their signs stay what was typed.
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "html_block", "html_inline", "heading", "lheading", "hr", "fence", "code", "reference"]
)
_inline = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline"])


_readers: list[Callable[[str], str]] = [lambda formula: f"${formula}$"]


def read_formulas_with(reader: Callable[[str], str]) -> None:
    """What is between dollars, as a line of text. Who can read TeX says here how."""
    _readers[:] = [reader]


def _with_formulas(text: str) -> str:
    return _FORMULA.sub(_formula, text) if "$" in text else text


def _formula(found: re.Match[str]) -> str:
    return found[0] if found[2] is None else _SPECIAL.sub(r"\\\g<0>", _readers[0](found[2]))


@lru_cache(maxsize=500)
def html_of(text: str) -> SafeString:
    """As HTML that is safe on a page and in a mail, in paragraphs."""
    return _cleaned(_parser.render(_with_formulas(text)).strip())


@lru_cache(maxsize=2000)
def html_of_line(text: str) -> SafeString:
    """The same of one line, without a paragraph around it."""
    return _cleaned(_inline.renderInline(_with_formulas(" ".join(text.split()))).strip())


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
