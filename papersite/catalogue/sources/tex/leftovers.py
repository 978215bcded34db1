"""What is left of TeX and HTML in the text of those who typed for another program: quotes, dashes, braces. Pure."""

import html
import re
from collections.abc import Callable
from html.entities import html5

ADDRESS = re.compile(r"https?://[^\s{}\\$<>\"]*")
_DASH = re.compile("-{2,}")
# As TeX writes them; many programs turn one half of a pair to a plain sign.
_DOUBLE = re.compile(
    r"(?:``|(?<![\w'\"`])(?:''|\"(?=[^\"]{1,300}'')))(?=[^\s'])([^`'\"]{1,300}(?:'[^`'\"]{1,300}){0,3})''"
    r"|``([^`'\"]{1,300}(?:'[^`'\"]{1,300}){0,3})\""
)
_SINGLE = re.compile(r"(?<![\w`'\\])`(?=[^\s`'])([^`']{1,120}(?:'(?=\w)[^`']{1,120}){0,3})(?<!\\)'(?![\w'])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#x[0-9a-f]{1,5}|[a-z][a-z0-9]{1,8});", re.IGNORECASE)
# An address with itself behind it, as a link of TeX that lost its name.
_END = r"[.,;)]{0,5}(?:\s|\}|$)"
_TWICE = re.compile(
    r"(https?://[^\s{}<>\"]{1,500}+)\}\s?\{(?:https?://)?[\w-]{1,60}\.[^\s{}/]{0,200}"
    rf"/(?:[^\s{{}}.,;)]|[.,;)](?!{_END})){{0,500}}+(?={_END})\}}?"
)
# Words that are no list, no set and no place to fill in.
_WORDS = re.compile(
    r"\{(?<![^\s({\w~-]\{)([A-Za-z]{2}[^{}\n,;:|=<>\"“”/\\$]{1,120}|[0-9.]+ [a-zA-Z][^{}\n,;:|=<>\\$]{1,60})\}"
)
_CLOSING = re.compile(r"(?<=[\w.,:;*/}])\}")
_OPENING = re.compile(r"(?<!\S)\{(?=\s*[A-Za-z]{3})")
_VERBATIM = re.compile(r"\\verb\*?([|!+@/\"])([^\n]{1,200}?)\1")
_BARE_ACCENT = re.compile(r"\\([~^])\{\}")
# Signs by their names, which eat the space behind it.
EATS = re.compile(
    r"(\\(?:(?:text)?degree(?=\s+[CFK]\b)|textmu(?=\s+[a-zA-Z])|(?:pounds|texteuro|S)(?=\s+\d)|textquote(?:dbl)?left(?=\s)))\s+"
    r"|(?<=\w)(\\textquoteright)\s+(?=(?:s|t|re|ve|ll|d|m)\b)"
)
CODE = re.compile(r"""\\unicode\{x([0-9A-Fa-f]{2,5})\}|\\char\s*(?:"([0-9A-Fa-f]{2,5})|([0-9]{2,6}))""")


def verbatim(text: str, seen: str) -> str:
    """With what stands as it is typed, behind a sign that it was read, and with the signs of accents over nothing."""
    text = _BARE_ACCENT.sub(r"\1", text) if "{}" in text else text
    return _VERBATIM.sub(rf"{seen}\2", text) if "\\verb" in text else text


def character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16) if found[1] or found[2] else int(found[3] or "0")
    return chr(code) if 32 < code < 0x11000 and chr(code).isprintable() and chr(code) not in "\\{}$" else ""


def with_quotes(text: str) -> str:
    """Typographic quotes for TeX's."""
    if "''" in text or "``" in text:
        text = _DOUBLE.sub(lambda found: f"“{found[1] or found[2]}”", text)
    return _SINGLE.sub(r"‘\1’", text) if "`" in text else text


def with_signs(text: str) -> str:
    """The signs that HTML's entities stand for."""
    return _ENTITY.sub(
        lambda found: html.unescape(found[0]) if found[0][1] == "#" else html5.get(found[0][1:], found[0]), text
    )


def without_braces(text: str) -> str:
    """Without the braces around words, and without those that have no partner."""
    text = _TWICE.sub(r"\1", text)
    for _ in range(3):
        before, text = text, _WORDS.sub(_bare, text)
        if text == before:
            break
    alone = _alone(text)
    if not alone:
        return text
    pieces, end = [], 0
    for found in re.finditer(r"[{}]", text):
        if found.start() in alone and (_OPENING if found[0] == "{" else _CLOSING).match(text, found.start()):
            # Between two groups of one macro stands a space for both.
            pieces += [text[end : found.start()], " " if text.startswith("}{", found.start()) else ""]
            end = found.end()
    return "".join([*pieces, text[end:]])


def with_dashes(text: str) -> str:
    """Two hyphens are a dash, three a long one, but not within an address and not before an option."""
    return outside_addresses(text, lambda piece: _DASH.sub(_dash, piece))


def outside_addresses(text: str, change: Callable[[str], str]) -> str:
    """The text with a change made to all but the addresses in it."""
    pieces, end = [], 0
    for found in ADDRESS.finditer(text) if "://" in text else ():
        pieces += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*pieces, change(text[end:])])


def _dash(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    is_option = len(found[0]) == 2 and after.isalpha() and (not before or before in " \t\n([`\"'")
    if len(found[0]) > 3 or is_option or (before and before in "<!") or after == ">":
        return found[0]
    return "–" if len(found[0]) == 2 else "—"


def _bare(found: re.Match[str]) -> str:
    """The words alone, unless they stand within quotes, where a place is to be filled in."""
    before = found.string[: found.start()]
    is_quoted = before.count('"') % 2 or before.count("“") > before.count("”") or before.count("`") % 2
    return found[0] if is_quoted else found[1]


def _alone(text: str) -> frozenset[int]:
    """Where braces stand that have no partner."""
    opened: list[int] = []
    closed: list[int] = []
    for found in re.finditer(r"[{}]", text):
        if found[0] == "{":
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            closed.append(found.start())
    return frozenset(opened + closed)
