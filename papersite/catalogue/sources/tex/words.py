"""The text around formulas: accents, macros and tags as Unicode, and what of it pages show as markup.

Only what is TeX or one of a few tags is touched. Formulas and marks of emphasis stand aside as
single letters of Unicode's private use while the text around them is read.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count

from papersite.catalogue.sources.tex import accents, leftovers, own_names, shorthands
from papersite.catalogue.sources.tex.linear import maths
from papersite.catalogue.sources.tex.symbols import FUNCTIONS, LETTERS, in_script, sign

# How deep macros may stand in one another.
_DEPTH = 8
# Texts are read again until nothing changes: what an escaped sign hid may be TeX itself.
_ROUNDS = 4
_NO_WORD = r"\\[A-Za-z]+|\\[!,;: ]|[^$\\A-Za-z,]|(?<![A-Za-z])[A-Za-z](?![A-Za-z])"
# As in Pandoc: no space inside the dollars, no digit after them, so that prices stay prices.
# Each way begins with its sign, so that the text between is passed over at once.
_MATHS = re.compile(
    r"\$\$(?<!\\\$\$)([^$]{1,800}?)(?<!\\)\$\$"
    r"|\$(?<!\\\$)(?=[^\s$])((?:[^$\\]|\\.){1,800}?)(?<!\s)\$(?!\d)"
    r"|\$(?<!\\\$)(?=[<>≤≥±×~=+\-−]|\\[A-Za-z])((?:[^$\\]|\\.){1,200}?)\$"
    r"|\$(?<!\\\$)\s(\\[A-Za-z]+)\s*\$"
    # With spaces at the ends, but no words between them.
    rf"|\$(?<!\\\$)\s((?:{_NO_WORD}|,){{1,80}}?)(?<!\\)\s?\$(?!\s?\d)"
    rf"|\$(?<!\\\$)(?=[A-Za-z\\])((?:{_NO_WORD}){{1,40}}?)\s\$(?!\w)"
    r"|\$(?<!\\\$)([/:.,·])\$"
    r"|\$(?<!\\\$)\s(\d[\d.,]*(?:\s*(?:×|\\times)\s*\d[\d.,]*)*)\$(?!\d)"
    r"|\\\(((?:[^$\\]|\\[^()]){1,800}?)\\\)|\\\[((?:[^$\\]|\\[^\[\]]){1,800}?)\\\]",
    re.DOTALL,
)
_SEEN = accents.SEEN
FORMULA, _GONE = "\ue100", "\ue00e"
_NO_BRACES = {"\ue018": "{", "\ue019": "}"}
_LEFT = re.compile(rf"(?<!\s)\s*{_GONE}+\s*(?=[,.;:!?)]|$)|(?<=\(){_GONE}+\s*|(?<!\s)\s*{_GONE}+(?=\s)|{_GONE}+")
_LEFT_FIRST = re.compile(rf"^\s*{_GONE}+[\s:,;–—-]*(?=\w)")
# What stands above or below the line, typed as if there were dollars around it.
_SCRIPT = re.compile(
    r"([\^_])\{(?<=[^\W_][\^_]\{)([0-9+−-]{1,3}|[a-z])\}"
    r"|([\^_])\{(?<=[^\W_][\^_]\{|[)\]|][\^_]\{)([^{}\\$\n]{1,30})\}(?!\w*\.\w)"
)
# The same without braces: a number above anything, a letter above a letter that stands alone.
_POWER = re.compile(
    r"(?<=[^\W_]|[)\]])\^(?:\(([-−]?[0-9]{1,3})\)|([-−]?[0-9]{1,3}))(?![0-9^⁰¹²³⁴⁵⁶⁷⁸⁹]|\.[0-9])"
    r"|(?<=(?<![\w^])[A-Za-z]|[0-9)\]])\^([A-Za-z])(?![\w^])"
)
# As in Markdown, but not the powers of a programming language.
_BOLD = re.compile(
    r"(?<![\w*])\*\*(?=[^\s*])(?:([^*]{1,200}?)(?<!\s)\*\*(?![\w*])|([A-Za-z]{1,12})\*\*(?=[a-z]))"
    r"|(?<=[a-z])\*\*([A-Z][A-Za-z]{0,11})\*\*(?![\w*])"
)
# Where a macro of the author's own stood, the name of the thing.
_EMPTY = re.compile("(?<!\\s)\\s+\\([\\s\ue010-\ue017]*\\)")
_OWN_MACRO = re.compile(f"{_GONE}([A-Za-z]{{2,}}){_GONE}")
_MOST_FORMULAS = 1000
# No abstract has so many macros of its author's own; each is read with what stands around it.
_MOST_NAMED = 300
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# Marks of emphasis: each opens, the next one closes.
MARKUP = {"sub": "\ue010", "sup": "\ue012", "i": "\ue014", "b": "\ue016"}
_SCRIPTS = re.compile("\ue010([^\ue010-\ue013]*)\ue011|\ue012([^\ue010-\ue013]*)\ue013")
_TAGS = {"sub": "sub", "sup": "sup", "i": "i", "em": "i", "italic": "i", "b": "b", "strong": "b", "bold": "b"}
_TAG = re.compile(
    r"<(?:jats:)?(sub|sup|i|em|italic|b|strong|bold)>((?:(?!<).){1,1000}?)</(?:jats:)?\1>", re.IGNORECASE | re.DOTALL
)
_OTHER_TAG = re.compile(r"</?(?:jats:)?(?:p|br|span|tt|sc)\s*/?>", re.IGNORECASE)
_STYLED = {"emph": "i", "textit": "i", "textsl": "i", "it": "i", "em": "i", "textbf": "b", "bf": "b",
           "textsuperscript": "sup", "textsubscript": "sub"}  # fmt: skip
_LETTER = re.compile(rf"\\({'|'.join(sorted(LETTERS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|[ \t\n]+(?=\w))?")
_MACRO = re.compile(
    r"\\(?:([A-Za-z]+)(?![A-Za-z])\*?((?:\[[^\][{}\\]{0,100}\])?(?:\{[^{}\\]{0,2000}\}){0,4})(?!\{)|([^A-Za-z]))",
    re.DOTALL,
)
# What was cut short within a macro's braces.
_UNCLOSED = re.compile(r"\\[A-Za-z]+\*?\{")
_GROUP = re.compile(r"\{([^{}]*)\}")
# What points to another place, with the space before it where a sign follows.
_POINTER = re.compile(
    r"(?:[\s~]+(?=\\\w+\*?(?:\[[^\]]{0,100}\]){0,2}\{[^{}]{0,1000}\}\s*[,.;:)])|~)?"
    r"\\(?:[Cc]ite[a-zA-Z]*|(?:eq|auto|page|c|C)?ref)\*?(?:\[[^\]]{0,100}\]){0,2}\{[^{}]{0,1000}\}"
)
_LINK = re.compile(r"(\\href\s*\{[^{}]{1,1000}\})\s+(?=\{)")
_SWITCH = re.compile(
    r"\{\\(it|bf|em|sc|tt|rm|sl|sf|large|small|tiny|footnotesize|normalsize|itshape|bfseries|scshape)(?![A-Za-z])\s*+([^{}]{0,600})\}"
)
# Braces that TeX has left: around what was TeX, around capitals that open a word, around a letter within one.
_BRACES = re.compile(rf"\{{([^{{}}]*[{_GONE}{_SEEN}{FORMULA}-\uf8ff][^{{}}]*)\}}")
_ARGUMENT = re.compile(r"\\[A-Za-z]+\*?(?:\[[^\][]*\])?(?:\{[^{}]*\})*$")
_LETTER_BRACES = re.compile(
    r"\{(?:(?<![\w}]\{)([A-Z]{1,8})\}(?=[a-z])|(?<=[^\W\d_]\{)([A-Z]+|[^\W\d_a-zA-Z]+)\}|([^\W\d_a-zA-Z])\}(?=[^\W\d_])|(?<=\d\{)(,)\}(?=\d))"
)
_WINDOWS = re.compile(r"(?<![A-Za-z])[A-Za-z]:\\\S*")
_TIE = re.compile(
    "~(?<=[A-Za-z.,)\ue011\ue013\ue015\ue017]~)(?=[A-Za-z0-9(\\\\\ue100-\uf8ff])|(?<=[0-9])~(?=[^\\W\\d_]|[%°€£$±×])|(?<=[×±])~(?=[0-9])|(?<=[\\w])~(?=\\s*https?:)"
)
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
    "sc", "tt", "rm", "sl", "sf", "itshape", "bfseries", "scshape", "underline", "uline", "left", "right", "big",
    "Big", "bigl", "bigr", "limits"
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
        # One may stand within another: the inner comes first.
        for _ in range(3):
            shown = _SCRIPTS.sub(_in_script, shown)
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
        "\\" in text or "$" in text or "{" in text or "~" in text or "--" in text or "^" in text
        # One sign is looked for faster than two, and most texts have not even that.
        or "`" in text or "}" in text or ("*" in text and "**" in text) or ("'" in text and "''" in text)
        or ("&" in text and ";" in text)
        or ("<" in text and ("</" in text or "<br" in text or "<p>" in text))
    )  # fmt: skip


def plain(text: str, title: str = "") -> str:
    """The text with its TeX and its tags as a line of Unicode. Reading it again changes nothing."""
    for _ in range(_ROUNDS):
        if is_plain(text):
            return text
        before, text = text, passage(text, title).plain()
        if text == before:
            break
    return text


def passage(text: str, title: str = "") -> Passage:
    """The text read once, with its formulas and marks of emphasis still in place. ``title`` is that of its paper,
    which may say what a macro of the author's own stands for."""
    return _passage(text, title if "\\" in text else "")


@lru_cache(maxsize=2048)
def _passage(text: str, title: str) -> Passage:
    source = text if text.isprintable() else _PRIVATE.sub("", text)
    source = leftovers.with_signs(source) if "&" in source else source
    if is_plain(source):
        return Passage(source)
    text, formulas = _without_formulas(source)
    if "<" in text:
        for _ in range(3):
            text = _TAG.sub(lambda found: _marked(_TAGS[found[1].lower()], found[2]), text)
        text = _OTHER_TAG.sub(" ", text)
    text = leftovers.with_quotes(text)
    text = _BOLD.sub(lambda found: _marked("b", found[found.lastindex or 0]), text) if "**" in text else text
    if "\\" in text:
        text = _with_names(_without_macros(text), title)
    text = _raised(text) if "^" in text else text
    if "{" in text:
        text = leftovers.outside_addresses(text, lambda piece: _SCRIPT.sub(_lifted, piece))
        text = _LETTER_BRACES.sub(lambda found: found[found.lastindex or 0], _BRACES.sub(r"\1", text))
    text = leftovers.without_braces(text) if "}" in text or "{" in text else text
    text = text.replace(_SEEN, "")
    text = _LEFT.sub("", _LEFT_FIRST.sub("", text)) if _GONE in text else text
    text = _EMPTY.sub("", text) if "\\" in source else text
    text = _TIE.sub(" ", text) if "~" in text else text
    text = leftovers.with_dashes(text) if "--" in text else text
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

    text = leftovers.verbatim(text, _SEEN)
    if "://" in text or ":\\" in text:
        text = leftovers.ADDRESS.sub(keep, _WINDOWS.sub(keep, text))
    text = leftovers.CODE.sub(leftovers.character, text) if "\\char" in text or "\\unicode" in text else text
    if "\\cite" in text or "\\Cite" in text or "ref{" in text:
        text = _POINTER.sub(_SEEN, text)
    text = shorthands.QUANTITY.sub(_quantity, text) if "}" in text else text
    text = leftovers.EATS.sub(r"\1\2{}", _LINK.sub(r"\1", text) if "\\href" in text else text)
    for _ in range(_DEPTH):
        before = text
        text = _LETTER.sub(lambda found: _SEEN + LETTERS[found[1]], text)
        text = accents.accented(text)
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


def _with_names(text: str, title: str) -> str:
    """With names and nouns for the macros of the author's own."""
    macros = frozenset(_OWN_MACRO.findall(text))
    if not macros:
        return text
    words = _PRIVATE.sub("", _OWN_MACRO.sub("", text))
    name_of = cache(lambda macro: own_names.name_of(macro, title, words, macros))

    read = count()

    def named(found: re.Match[str]) -> str:
        if next(read) >= _MOST_NAMED:
            return _GONE
        before = _PRIVATE.sub("", _OWN_MACRO.sub("", text[max(0, found.start() - 200) : found.start()]))
        after = _PRIVATE.sub("", text[found.end() : found.end() + 20])
        if before[-1:].isalnum():
            return _GONE
        name = name_of(found[1])
        if before.endswith("(") and after.startswith(")") and (not name or before[:-1].rstrip().endswith(name)):
            return _GONE
        # Empty braces keep the space behind a macro, which only one that is read needs.
        is_read = text.startswith(_SEEN, found.end())
        shown = name or own_names.filled(found[1], before, after, is_read=is_read)
        return _SEEN + shown if shown else _GONE

    return _OWN_MACRO.sub(named, text)


def _raised(text: str) -> str:
    """Powers that stand in no formula, but not those of an address."""
    return leftovers.outside_addresses(
        text,
        lambda piece: _POWER.sub(lambda found: _marked("sup", next(filter(None, found.groups()))), piece),
    )


def _quantity(found: re.Match[str]) -> str:
    """A number with its unit, where that is known."""
    shown = shorthands.quantity(found)
    return found[0] if shown == found[0] else _SEEN + maths(shown)


def _unbraced(found: re.Match[str]) -> str:
    """A group that was TeX without its braces, unless it is a macro's argument."""
    before = found.string[max(0, found.start() - 300) : found.start()]
    return found[0] if "\\" in before and _ARGUMENT.search(before) else found[1]


def _lifted(found: re.Match[str]) -> str:
    return _marked("sup" if (found[1] or found[3]) == "^" else "sub", found[2] or found[4])


def _macro(found: re.Match[str]) -> str:
    """One macro whose braces hold no others: these were read before, from the inside out."""
    name, arguments, escaped = found[1], found[2] or "", found[3]
    if escaped is not None:
        return _ESCAPED.get(escaped, _SEEN + escaped)
    groups = _GROUP.findall(arguments)
    if groups and name in _STRUCTURES:
        return _SEEN + maths(found[0])
    if name in FUNCTIONS and name not in _OWN:
        before, after = found.string[: found.start()][-1:], found.string[found.end() : found.end() + 1]
        gap = " " * (bool(groups) or after == "\\" or after.isalnum())
        return f"{' ' * before.isalnum()}{_SEEN}{sign(name)}{gap}{' '.join(groups)}"
    return _read(name, groups)


def _read(name: str, groups: list[str]) -> str:
    """What a macro shows of its arguments, or the sign it stands for."""
    inner = "".join(groups)
    if name in _DROPPED:
        return _SEEN
    if name in _SIZES or (name in _STYLED and groups):
        return _styled(name, inner)
    if name in _SHOWN and groups:
        # Of a link without words its address is shown.
        number = 0 if name == "href" and len(groups) == 1 else _SHOWN[name]
        return _SEEN + "".join(groups[number : number + 1])
    if name in _OWN:
        return _SEEN + _OWN[name] + inner
    shown = sign(name)
    if not shown and not inner and len(name) > 1 and not name.startswith(("bold", "math")):
        # A macro of the author's own.
        return f"{_GONE}{name}{_GONE}{_SEEN if groups else ''}"
    # Of what has no sign, the arguments are read.
    return (_SEEN if shown or groups else _GONE) + shown + " ".join(groups)


def _styled(name: str, inner: str) -> str:
    kind = _STYLED.get(name)
    return _SEEN + (_marked(kind, inner) if kind and inner.strip() else inner)


def _marked(kind: str, inner: str) -> str:
    return f"{MARKUP[kind]}{inner}{chr(ord(MARKUP[kind]) + 1)}"


def _in_script(found: re.Match[str]) -> str:
    """What stands below or above, which may be nothing."""
    mark, inner = ("^", found[2]) if found[1] is None else ("_", found[1])
    inner = _PRIVATE.sub("", inner).strip()
    return in_script(mark, inner) or (f"{mark}{inner}" if len(inner) == 1 else f"{mark}({inner})" if inner else "")
