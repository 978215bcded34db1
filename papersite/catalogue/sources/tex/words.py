"""The text around formulas: accents, macros and tags as Unicode, and what of it pages show as markup.

Only what is TeX or one of a few tags is touched. Formulas and marks of emphasis stand aside as
single letters of Unicode's private use while the text around them is read.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from papersite.catalogue.sources.tex.linear import maths
from papersite.catalogue.sources.tex.symbols import ACCENTS, FUNCTIONS, LETTERS, in_script, sign

# How deep macros may stand in one another.
_DEPTH = 8
# Texts are read again until nothing changes: what an escaped sign hid may be TeX itself.
_ROUNDS = 4
# As in Pandoc: no space inside the dollars, no digit after them, so that prices stay prices.
# Each way begins with its sign, so that the text between is passed over at once.
_MATHS = re.compile(
    r"\$\$(?<!\\\$\$)(?=\S)([^$]{1,800}?)(?<![\s\\])\$\$"
    r"|\$(?<!\\\$)(?=[^\s$])((?:[^$\\]|\\.){1,800}?)(?<!\s)\$(?!\d)"
    r"|\$(?<!\\\$)(?=[<>≤≥±×~=+\-−]|\\[A-Za-z])((?:[^$\\]|\\.){1,200}?)\$"
    r"|\$(?<!\\\$)\s(\\[A-Za-z]+)\s*\$"
    r"|\$(?<!\\\$)\s(\d[\d.,]*(?:\s*(?:×|\\times)\s*\d[\d.,]*)*)\$(?!\d)"
    r"|\\\(((?:[^$\\]|\\[^()]){1,800}?)\\\)|\\\[((?:[^$\\]|\\[^\[\]]){1,800}?)\\\]",
    re.DOTALL,
)
_QUOTES = re.compile(r"``([^`'\"]{1,300}(?:'[^`'\"]{1,300}){0,3})(?:''|\")")
FORMULA, _SEEN, _GONE = "\ue100", "\ue00f", "\ue00e"
_NO_BRACES = {"\ue018": "{", "\ue019": "}"}
_LEFT = re.compile(rf"\s*{_GONE}+\s*(?=[,.;:!?)]|$)|\s*{_GONE}+(?=\s)|{_GONE}+")
_LEFT_FIRST = re.compile(rf"^\s*{_GONE}+[\s:,;–—-]*(?=\w)")
# A number or a letter above or below the line, typed as if there were dollars around it.
_SCRIPT = re.compile(r"(?<=[^\W_])([\^_])\{([0-9+−-]{1,3}|[a-z])\}")
# As in Markdown, but not the powers of a programming language.
_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*]{1,200}?)(?<!\s)\*\*(?![\w*])")
# Where a macro of the author's own stood, the name of the thing.
_EMPTY = re.compile(r"\s+\(\s*\)")
_MOST_FORMULAS = 1000
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# Marks of emphasis: each opens, the next one closes.
MARKUP = {"sub": "\ue010", "sup": "\ue012", "i": "\ue014", "b": "\ue016"}
_TAGS = {"sub": "sub", "sup": "sup", "i": "i", "em": "i", "italic": "i", "b": "b", "strong": "b", "bold": "b"}
_TAG = re.compile(
    r"<(?:jats:)?(sub|sup|i|em|italic|b|strong|bold)>((?:(?!<).){1,1000}?)</(?:jats:)?\1>", re.IGNORECASE | re.DOTALL
)
_OTHER_TAG = re.compile(r"</?(?:jats:)?(?:p|br|span|tt|sc)\s*/?>", re.IGNORECASE)
_STYLED = {"emph": "i", "textit": "i", "textsl": "i", "it": "i", "em": "i", "textbf": "b", "bf": "b",
           "textsuperscript": "sup", "textsubscript": "sub"}  # fmt: skip
_BASE = f"{_SEEN}?([^\\W\\d_][\\u0300-\\u036f]*)"
_SIGN_ACCENT = re.compile(rf"""\\([`'^"~=.])\s*(?:\{{\s*{_BASE}\s*\}}|{_BASE})""")
_LETTER_ACCENT = re.compile(rf"\\([uHvdckbr])(?:\s*\{{\s*{_BASE}\s*\}}|\s+{_BASE}(?![A-Za-z]))")
_LETTER = re.compile(rf"\\({'|'.join(sorted(LETTERS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|[ \t\n]+(?=\w))?")
_MACRO = re.compile(
    r"\\(?:([A-Za-z]+)(?![A-Za-z])\*?((?:\[[^\][{}\\]{0,100}\])?(?:\{[^{}\\]{0,2000}\}){0,4})(?!\{)|([^A-Za-z]))",
    re.DOTALL,
)
# What was cut short within a macro's braces.
_UNCLOSED = re.compile(r"\\[A-Za-z]+\*?\{")
_GROUP = re.compile(r"\{([^{}]*)\}")
_SWITCH = re.compile(
    r"\{\\(it|bf|em|sc|tt|rm|sl|sf|large|small|tiny|footnotesize|normalsize|itshape|bfseries|scshape)(?![A-Za-z])\s*([^{}]{0,600})\}"
)
# Braces that TeX has left: around what was TeX, around a capital that opens a word, around a letter within one.
_BRACES = re.compile(rf"\{{([^{{}}]*[{_GONE}{_SEEN}{FORMULA}-\uf8ff][^{{}}]*)\}}")
_ARGUMENT = re.compile(r"\\[A-Za-z]+\*?(?:\[[^\][]*\])?(?:\{[^{}]*\})*$")
_LETTER_BRACES = re.compile(
    r"\{(?:(?<![\w}]\{)([A-Z])\}(?=[a-z])|(?<=[^\W\d_]\{)([A-Z]+|[^\W\d_a-zA-Z]+)\}|([^\W\d_a-zA-Z])\}(?=[^\W\d_])|(?<=\d\{)(,)\}(?=\d))"
)
_WINDOWS = re.compile(r"[A-Za-z]:\\\S*")
_ADDRESS = re.compile(r"https?://[^\s{}\\$<>\"]*")
_TIE = re.compile(r"~(?<=[A-Za-z.)]~)(?=[A-Za-z0-9(\\])")
_DASH = re.compile("-{2,}")
_CODE = re.compile(r"""\\unicode\{x([0-9A-Fa-f]{2,5})\}|\\char\s*(?:"([0-9A-Fa-f]{2,5})|([0-9]{2,6}))""")
_OWN = {
    "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.", "vs": "vs.", "deg": "°", "degree": "°",
    "wrt": "w.r.t.", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX",
    "quad": " ", "qquad": " ", "newline": " ", "par": " ",
    "space": " ", "item": " ", "and": " and ", "slash": "/", "linebreak": " ",
}  # fmt: skip
_ESCAPED = {
    ",": " ",
    ";": " ",
    ":": " ",
    " ": " ",
    "\n": " ",
    "\t": " ",
    "\\": " ",
    "-": "",
    "/": "",
    "!": "",
    "~": "~",
    "{": "\ue018",
    "}": "\ue019",
}
_DROPPED = frozenset({
    "footnote", "footnotetext", "footnotemark", "thanks", "ref", "eqref", "cref", "Cref", "autoref",
    "pageref", "label", "vspace", "hspace", "index", "color", "begin", "end", "deleted", "vskip", "hskip",
    "thispagestyle", "pagestyle", "bibliographystyle", "input", "include"
})  # fmt: skip
# The argument that is shown, where it is not all of them.
_SHOWN = {"href": 1, "textcolor": 1, "colorbox": 1, "hyperlink": 1, "replaced": 0, "raisebox": 1, "scalebox": 1,
          "resizebox": 2, "texorpdfstring": 1, "hyperref": 0, "fontsize": 3}  # fmt: skip
_STRUCTURES = frozenset({
    "frac", "dfrac", "tfrac", "sqrt", "mathbb", "mathcal", "mathscr", "mathfrak", "binom", "hat", "tilde",
    "bar", "vec", "overline", "widehat", "widetilde"
})  # fmt: skip
_SIZES = frozenset({
    "protect", "xspace", "bigskip", "medskip", "smallskip", "noindent", "centering", "large", "Large",
    "LARGE", "huge", "small", "tiny", "footnotesize", "normalsize", "displaystyle", "it", "bf", "em",
    "sc", "tt", "rm", "sl", "sf", "itshape", "bfseries", "scshape", "left", "right", "big", "Big", "bigl",
    "bigr", "limits"
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that was read. ``text`` holds letters of private use for formulas and marks of emphasis."""

    text: str
    formulas: tuple[str, ...] = ()

    def plain(self) -> str:
        """As a line of Unicode."""
        shown = self.text
        if shown.isprintable():
            return shown
        if self.formulas:
            shown = _PRIVATE.sub(self._shown, shown)
        for mark, name in (("_", "sub"), ("^", "sup")):
            opens, closes = MARKUP[name], chr(ord(MARKUP[name]) + 1)
            if opens in shown:
                shown = re.sub(f"{opens}([^{opens}{closes}]*){closes}", lambda found: _script(mark, found[1]), shown)  # noqa: B023
        return with_braces(shown)

    def _shown(self, found: re.Match[str]) -> str:
        number = ord(found[0]) - ord(FORMULA)
        if not 0 <= number < len(self.formulas):
            return found[0]
        formula = self.formulas[number]
        return self.hyphen(found) if is_hyphen(formula) else maths(formula)

    def hyphen(self, found: re.Match[str]) -> str:
        """A minus that stands alone: within a name it is a hyphen that somebody wanted longer."""
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        return "-" if before.isalpha() and after.isalnum() else "−"

    def one_line(self) -> "Passage":
        """With plain spaces."""
        return Passage(" ".join(self.text.split()), self.formulas)

    def part(self, text: str) -> "Passage":
        """A part of it, as it stands in ``text``."""
        return Passage(text, self.formulas)


def is_hyphen(formula: str) -> bool:
    return formula.strip() in ("-", "−")


def with_braces(text: str) -> str:
    """Without letters of private use; those that stand for braces become these."""
    if text.isprintable():
        return text
    return _PRIVATE.sub(lambda found: _NO_BRACES.get(found[0], ""), text)


def is_plain(text: str) -> bool:
    """Whether a text holds nothing that is read in another way than it is typed."""
    return not (
        "\\" in text or "$" in text or "{" in text or "~" in text or "--" in text or "``" in text or "</" in text
        or "<br" in text or "<p>" in text or "**" in text
    )  # fmt: skip


def plain(text: str) -> str:
    """The text with its TeX and its tags as a line of Unicode. Reading it again changes nothing."""
    for _ in range(_ROUNDS):
        if is_plain(text):
            return text
        before, text = text, passage(text).plain()
        if text == before:
            break
    return text


@lru_cache(maxsize=2048)
def passage(text: str) -> Passage:
    """The text read once, with its formulas and marks of emphasis still in place."""
    source = text if text.isprintable() else _PRIVATE.sub("", text)
    if is_plain(source):
        return Passage(source)
    text, formulas = _without_formulas(source)
    if "<" in text:
        for _ in range(3):
            text = _TAG.sub(lambda found: _marked(_TAGS[found[1].lower()], found[2]), text)
        text = _OTHER_TAG.sub(" ", text)
    text = _QUOTES.sub(r"“\1”", text) if "``" in text else text
    text = _BOLD.sub(lambda found: _marked("b", found[1]), text) if "**" in text else text
    text = _without_macros(text) if "\\" in text else text
    if "{" in text:
        text = _SCRIPT.sub(lambda found: _marked("sup" if found[1] == "^" else "sub", found[2]), text)
        text = _LETTER_BRACES.sub(lambda found: found[found.lastindex or 0], _BRACES.sub(r"\1", text))
    text = text.replace(_SEEN, "")
    text = _LEFT.sub("", _LEFT_FIRST.sub("", text)) if _GONE in text else text
    text = _EMPTY.sub("", text) if "\\" in source else text
    text = _TIE.sub(" ", text) if "~" in text else text
    text = _dashed(text) if "--" in text else text
    # Nothing but macros of the author's own: their names are all there is.
    return Passage(text if text.strip() else re.sub(r"[\\{}$]", " ", source), formulas)


def _without_formulas(text: str) -> tuple[str, tuple[str, ...]]:
    """A text with a letter for each formula, and the formulas."""
    formulas: list[str] = []

    def aside(found: re.Match[str]) -> str:
        formula = next(filter(None, found.groups()), "")
        if not formula.strip() or len(formulas) == _MOST_FORMULAS:
            return found[0]
        formulas.append(formula)
        return chr(ord(FORMULA) + len(formulas) - 1)

    if "$" in text or "\\(" in text or "\\[" in text:
        text = _MATHS.sub(aside, text)
    return text, tuple(formulas)


def _without_macros(text: str) -> str:
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return chr(0xF000 + len(kept) - 1) if len(kept) <= 500 else found[0]

    if "://" in text or ":\\" in text:
        text = _ADDRESS.sub(keep, _WINDOWS.sub(keep, text))
    text = _CODE.sub(_character, text) if "\\char" in text or "\\unicode" in text else text
    text = re.sub(r"~?\\(?:[Cc]ite[a-zA-Z]*)\*?(?:\[[^\]]{0,100}\]){0,2}\{[^{}]{0,1000}\}", _SEEN, text)
    for _ in range(_DEPTH):
        before = text
        text = _LETTER.sub(lambda found: _SEEN + LETTERS[found[1]], text)
        for _ in range(3):
            text = _LETTER_ACCENT.sub(_accented, _SIGN_ACCENT.sub(_accented, text))
        text = _SWITCH.sub(lambda found: _styled(found[1], found[2]), text)
        text = _MACRO.sub(_macro, text)
        if "{" in text:
            text = _BRACES.sub(_unbraced, text)
        if text == before or "\\" not in text:
            break
    text = _UNCLOSED.sub(_SEEN, text)
    return re.sub(
        "[\uf000-\uf1f4]",
        lambda found: kept[ord(found[0]) - 0xF000] if ord(found[0]) - 0xF000 < len(kept) else "",
        text,
    )


def _unbraced(found: re.Match[str]) -> str:
    """A group that was TeX without its braces, unless it is a macro's argument."""
    before = found.string[max(0, found.start() - 300) : found.start()]
    return found[0] if "\\" in before and _ARGUMENT.search(before) else found[1]


def _accented(found: re.Match[str]) -> str:
    base = next(group for group in found.groups()[1:] if group)
    letter = {"ı": "i", "ȷ": "j"}.get(base, base)
    return _SEEN + unicodedata.normalize("NFC", letter + ACCENTS[found[1]])


def _macro(found: re.Match[str]) -> str:
    """One macro whose braces hold no others: these were read before, from the inside out."""
    name, arguments, escaped = found[1], found[2] or "", found[3]
    if escaped is not None:
        return _ESCAPED.get(escaped, _SEEN + escaped)
    groups = _GROUP.findall(arguments)
    if groups and name in _STRUCTURES:
        return _SEEN + maths(found[0])
    return _read(name, groups)


def _read(name: str, groups: list[str]) -> str:
    """What a macro shows of its arguments, or the sign it stands for."""
    inner = "".join(groups)
    if name in _DROPPED:
        return _SEEN
    if name in _SIZES or (name in _STYLED and groups):
        return _styled(name, inner)
    if name in _SHOWN and groups:
        return _SEEN + "".join(groups[_SHOWN[name] : _SHOWN[name] + 1])
    if name in _OWN:
        return _SEEN + _OWN[name] + inner
    shown = "" if name in FUNCTIONS else sign(name)
    # What has no sign is a macro of the author's own: its arguments are read, its name says nothing.
    return (_SEEN if shown or groups else _GONE) + shown + " ".join(groups)


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16) if found[1] or found[2] else int(found[3] or "0")
    return chr(code) if 32 < code < 0x11000 and chr(code).isprintable() and chr(code) not in "\\{}$" else ""


def _styled(name: str, inner: str) -> str:
    kind = _STYLED.get(name)
    return _SEEN + (_marked(kind, inner) if kind and inner.strip() else inner)


def _marked(kind: str, inner: str) -> str:
    return f"{MARKUP[kind]}{inner}{chr(ord(MARKUP[kind]) + 1)}"


def _script(mark: str, inner: str) -> str:
    inner = _PRIVATE.sub("", inner).strip()
    return in_script(mark, inner) or (f"{mark}{inner}" if len(inner) == 1 else f"{mark}({inner})" if inner else "")


def _dashed(text: str) -> str:
    """Two hyphens are a dash, three a long one, but not within an address and not before an option."""
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text) if "://" in text else ():
        pieces += [_DASH.sub(_dash, text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*pieces, _DASH.sub(_dash, text[end:])])


def _dash(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    is_option = len(found[0]) == 2 and after.isalpha() and (not before or before in " \t\n([`\"'")
    if len(found[0]) > 3 or is_option or (before and before in "<!") or after == ">":
        return found[0]
    return "–" if len(found[0]) == 2 else "—"
