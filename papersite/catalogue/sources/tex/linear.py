"""A formula as a line of text: Unicode where it has the letters, else the shortest form with its brackets.

Nothing of a formula is left out but what nobody sees: groups, spaces, sizes, colours. Where a line
would mean something else than the formula, it gets brackets: ``\\frac{a+b}{c}`` is (a+b)/c.
"""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from papersite.catalogue.sources.tex import shorthands
from papersite.catalogue.sources.tex.atoms import (
    MINUS,
    SPACE,
    Atom,
    bracketed,
    choose,
    fraction,
    hatted,
    joined,
    scripted,
)
from papersite.catalogue.sources.tex.symbols import ALPHABETS, FUNCTIONS, HATS, in_alphabet, in_script, kind, sign

# Deeper groups are read without their braces.
DEEPEST = 40
_TOKEN = re.compile(
    r"\\([A-Za-z]+)(?:(?<=operatorname)\*|(?<=space)\*|(?<=tag)\*)?|\\(.)|([0-9]+(?:\.[0-9]+)?)|(\s+)|(.)", re.DOTALL
)
_SPACES = frozenset(
    {" ", "~", ",", ";", ":", ">", "\n", "\t", "quad", "qquad", "space", "enspace", "thinspace", "nobreakspace"}
)
# Sizes, styles and what else takes no room, with how many groups of it are of no account either.
_UNSEEN = {
    "big": 0, "Big": 0, "bigg": 0, "Bigg": 0, "bigl": 0, "bigr": 0, "bigm": 0, "Bigl": 0, "Bigr": 0, "biggl": 0,
    "biggr": 0, "Biggl": 0, "Biggr": 0, "displaystyle": 0, "textstyle": 0, "scriptstyle": 0, "scriptscriptstyle": 0,
    "limits": 0, "nolimits": 0, "nonumber": 0, "notag": 0, "rm": 0, "bf": 0, "it": 0, "sf": 0, "tt": 0, "sc": 0,
    "em": 0, "small": 0, "large": 0, "boldmath": 0, "mathstrut": 0, "strut": 0, "hfill": 0, "relax": 0, "protect": 0,
    "allowbreak": 0, "nobreak": 0, "ensuremath": 0, "label": 1, "tag": 1, "phantom": 1, "hphantom": 1, "vphantom": 1,
    "hspace": 1, "vspace": 1, "color": 1, "textcolor": 1, "cite": 1, "colorbox": 1, "rule": 2, "left": 0, "right": 0,
    "middle": 0, "xspace": 0, "noindent": 0, "href": 1, "hyperref": 0, "mathop": 0, "mathrel": 0, "mathbin": 0,
    "mathord": 0, "mathopen": 0, "mathclose": 0, "mathpunct": 0, "mathinner": 0, "smash": 0, "!": 0, "/": 0, "-": 0,
}  # fmt: skip
_WORDS = frozenset({
    "text", "textbf", "textit", "texttt", "textrm", "textsc", "textsf", "textsl", "textnormal", "textup", "mbox",
    "emph", "hbox", "url"
})  # fmt: skip
_TEXT = _WORDS.union({
    "mathrm", "operatorname", "mathsf", "mathtt", "mathit", "mathbf", "boldsymbol", "bm", "pmb", "mathnormal",
    "underline", "uline", "fbox", "boxed"
})  # fmt: skip
_BREAKS = frozenset({"\\", "newline", "cr"})
# What arranges its arguments in two dimensions, by the method that reads it.
_LAYOUTS = {
    "frac": "fraction", "tfrac": "fraction", "dfrac": "fraction", "cfrac": "fraction", "nicefrac": "fraction",
    "sfrac": "fraction", "binom": "choice", "dbinom": "choice", "tbinom": "choice", "sqrt": "root", "not": "struck",
    "pmod": "modulus", "overset": "stacked", "stackrel": "stacked", "underset": "stacked", "xrightarrow": "arrow",
    "xleftarrow": "arrow", "underbrace": "braced", "overbrace": "braced", "substack": "inner", "mkern": "gap",
    "kern": "gap", "hskip": "gap", "mskip": "gap", "unicode": "code", "char": "code", "begin": "environment",
}  # fmt: skip
_MATRICES = {"pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "Vmatrix": "‖‖", "Bmatrix": "{}", "cases": "{}",
             "matrix": "[]", "smallmatrix": "[]", "array": "[]"}  # fmt: skip
_LENGTH = re.compile(r"\s*-?[0-9.]*\s*(?:mu|em|ex|pt|cm|mm|in)\b")
_WORDS_OF_A_SET = re.compile(r"\{((?:[A-Za-z]{2}|[0-9.]+ [A-Za-z])[^{},;:|=<>]+)\}")
_ROOM = re.compile(r"\*?\[-?[0-9.]+\s*(?:em|ex|pt|cm|mm|in|bp)\]")
_CHARACTER = re.compile(r"\s*\{?(?:x|\")([0-9A-Fa-f]{2,5})\}?|\s*\{?([0-9]{2,6})\}?")
_NAME_END = re.compile(r"\s+(?=[A-Za-z0-9])")
_ADJACENT = re.compile(r"[A-Za-z0-9\\^_]")


@lru_cache(maxsize=20_000)
def maths(formula: str) -> str:
    """A formula, without its dollars, as a line of text."""
    shown = re.sub(r"\s+", " ", joined(_Reader(shorthands.written_out(formula)).row())).strip()
    # Braces around letters within a word would be taken for TeX's own, were the line read again.
    shown = re.sub(r"(?<=\w)\{(?=[^\W\d_]+\})", " {", shown)
    shown = re.sub(r"(?<=\{[^\W\d_])\}(?=\w)", "} ", shown)
    return _WORDS_OF_A_SET.sub(r"{ \1 }", shown) or formula.strip()


class _Reader:
    """Reads a formula from left to right, once."""

    def __init__(self, formula: str) -> None:
        self.source = formula
        self.at = 0
        self.depth = 0

    def row(self, closes: str = "") -> list[Atom]:
        """Atoms until a brace closes the group, ``\\end`` the environment, or the formula ends."""
        atoms: list[Atom] = []
        self.depth += 1
        while self.at < len(self.source):
            start = self.at
            token = self._token()
            macro, char = token[1] or token[2], token[5]
            if char == "}" or macro == "end":
                if macro:
                    self._argument_source()
                elif closes != "}":
                    continue
                break
            if char == "{" and self.depth > DEEPEST:
                continue
            if macro in ("over", "choose"):
                atoms = [fraction(atoms, self.row(closes)) if macro == "over" else choose(atoms, self.row(closes))]
                break
            if macro in ("cal", "frak"):
                rest = self.row(closes)
                atoms += [replace(atom, text=in_alphabet(macro, atom.text)) for atom in rest]
                break
            self.at = start
            if char in ("^", "_", "'"):
                self._script(atoms)
            else:
                found = self._nucleus()
                # The space that ends a name counts where the author also put one before it.
                if found and found[-1].named and found[-1].kind == "bin" and not (atoms and atoms[-1] is SPACE):
                    self._skip_spaces()
                atoms += found
        self.depth -= 1
        return atoms

    def _token(self) -> re.Match[str]:
        found = _TOKEN.match(self.source, self.at)
        assert found is not None
        self.at = found.end()
        return found

    def _nucleus(self) -> list[Atom]:
        """What the next token stands for, with its arguments."""
        token = self._token()
        name, escaped, number, space, char = token.groups()
        if space or char == "~":
            return [SPACE]
        if number:
            return [Atom(number, "num")]
        if char == "{":
            return self.row("}")
        if char is not None:
            return self._character(char)
        return self._macro(name or escaped)

    def _character(self, char: str) -> list[Atom]:
        if char in ("-", "−"):
            return [MINUS]
        if char == "&":
            return [SPACE]
        if char == "\\":
            return []
        how = {"(": "open", "[": "open", ")": "close", "]": "close", ",": "punct", ";": "punct"}.get(char, "")
        how = how or ("rel" if char in "=<>" else "bin" if char in "+*/" else "ord" if char.isalnum() else kind(char))
        return [Atom(char, how)]

    def _macro(self, name: str) -> list[Atom]:
        for names, read in (
            (_SPACES, lambda _: [SPACE]),
            (_UNSEEN, self._unseen),
            (_BREAKS, self._break),
            (_TEXT, self._words),
            (ALPHABETS, lambda name: [Atom(in_alphabet(name, joined(self._argument())))]),
            (HATS, lambda name: [hatted(name, joined(self._argument()).strip())]),
            (_LAYOUTS, lambda name: getattr(self, f"_{_LAYOUTS[name]}")(name)),
        ):
            if name in names:
                return read(name)
        return self._sign(name)

    def _break(self, _name: str) -> list[Atom]:
        found = _ROOM.match(self.source, self.at)
        self.at = found.end() if found else self.at
        return [Atom(";", "punct"), SPACE]

    def _unseen(self, name: str) -> list[Atom]:
        for _ in range(_UNSEEN[name]):
            self._argument_source()
        if name not in ("left", "right", "middle"):
            return []
        self._skip_spaces()
        if self.source.startswith(".", self.at):
            self.at += 1
            return []
        atoms = self._argument()
        how = {"left": "open", "right": "close"}.get(name, "ord")
        return [replace(atom, kind=how) for atom in atoms]

    def _fraction(self, _name: str) -> list[Atom]:
        return [fraction(self._argument(), self._argument())]

    def _choice(self, _name: str) -> list[Atom]:
        return [choose(self._argument(), self._argument())]

    def _root(self, _name: str) -> list[Atom]:
        index = self._option()
        degree = in_script("^", index) or (f"{index} " if index else "")
        return [Atom(f"{degree}√{bracketed(self._argument())}")]

    def _struck(self, _name: str) -> list[Atom]:
        atoms = self._argument()
        struck = [replace(atom, text=unicodedata.normalize("NFC", f"{atom.text}\u0338")) for atom in atoms[:1]]
        return struck + atoms[1:]

    def _modulus(self, _name: str) -> list[Atom]:
        return [SPACE, Atom(f"(mod {joined(self._argument())})")]

    def _stacked(self, name: str) -> list[Atom]:
        other, base = self._argument(), self._argument()
        return scripted(base, "_" if name == "underset" else "^", joined(other).strip(), tight=True)

    def _arrow(self, name: str) -> list[Atom]:
        below, above = self._option(), joined(self._argument()).strip()
        atoms = [Atom("→" if name == "xrightarrow" else "←", "rel", named=True)]
        atoms = scripted(atoms, "_", below, tight=True) if below else atoms
        return scripted(atoms, "^", above, tight=True) if above else atoms

    def _inner(self, _name: str) -> list[Atom]:
        return self._argument()

    def _braced(self, _name: str) -> list[Atom]:
        return [Atom(bracketed(self._argument()))]

    def _gap(self, _name: str) -> list[Atom]:
        found = _LENGTH.match(self.source, self.at)
        self.at = found.end() if found else self.at
        return [SPACE]

    def _code(self, _name: str) -> list[Atom]:
        """A character by its number."""
        found = _CHARACTER.match(self.source, self.at)
        code = (int(found[1], 16) if found[1] else int(found[2])) if found else 0
        if found is None or not 32 < code < 0x11000 or not chr(code).isprintable():
            return []
        self.at = found.end()
        return [Atom(chr(code))] if chr(code) in "$\\{}" else self._character(chr(code))

    def _environment(self, _name: str) -> list[Atom]:
        name = self._argument_source().rstrip("*")
        if name == "array":
            self._argument_source()
        if self.depth > DEEPEST:
            return []
        pair = _MATRICES.get(name)
        atoms = self.row()
        while atoms and (atoms[-1].kind == "space" or atoms[-1].text == ";"):
            atoms.pop()
        return [Atom(pair[0], "open"), *atoms, Atom(pair[1], "close")] if pair else atoms

    def _sign(self, name: str) -> list[Atom]:
        if name in "{}|":
            return [Atom(*{"{": ("{", "open"), "}": ("}", "close"), "|": ("‖", "ord")}[name])]
        shown = sign(name)
        if name in FUNCTIONS:
            return [Atom(shown, "func", named=True)]
        if shown == ":":
            return [Atom(":", "colon")]
        if shown:
            how = {
                "lvert": "open",
                "lVert": "open",
                "rvert": "close",
                "rVert": "close",
                "vert": "ord",
                "Vert": "ord",
            }.get(name) or kind(shown)
            if name == "mid":
                return [SPACE, Atom("|"), SPACE]
            if how == "ord":
                self._skip_name_end()
            return [Atom(shown, how, named=True)]
        # A macro of the author's own: its name is all that is known of it.
        return [Atom(name, "func", named=True)]

    def _skip_name_end(self) -> None:
        """The space between a letter's name and the letter after it is TeX's, and not seen."""
        found = _NAME_END.match(self.source, self.at)
        self.at = found.end() if found else self.at

    def _words(self, name: str) -> list[Atom]:
        """Text within a formula, with its spaces, or letters upright or bold."""
        if name in _WORDS:
            inner = self._argument()
            return [Atom(joined(inner).replace("−", "-"), "ord")] if inner else []
        inner = self._argument()
        if name == "operatorname":
            return [Atom(joined(inner).strip(), "func", named=True)]
        return inner

    def _script(self, atoms: list[Atom]) -> None:
        mark = self._token()[5]
        if mark == "'":
            atoms.append(Atom("′"))
            return
        inner = joined(self._argument()).strip()
        if not inner:
            return
        base: list[Atom] = []
        while atoms and atoms[-1].kind == "space":
            atoms.pop()
        if atoms:
            base = [atoms.pop()]
        next_char = self.source[self.at : self.at + 1]
        atoms += scripted(base, mark, inner, tight=bool(_ADJACENT.match(next_char)))

    def _argument(self) -> list[Atom]:
        """The next group or token, with the scripts that a macro takes along but a letter does not."""
        self._skip_spaces()
        if self.at >= len(self.source) or self.source[self.at] in "}&":
            return []
        if self.source[self.at].isdigit():
            self.at += 1
            return [Atom(self.source[self.at - 1], "num")]
        if self.source[self.at] in "^_'":
            self.at += 1
            return [Atom({"'": "′"}.get(self.source[self.at - 1], self.source[self.at - 1]))]
        self.depth += 1
        try:
            if self.depth > 2 * DEEPEST:
                return [Atom(self._token()[0].strip("{}\\"))]
            return self._nucleus()
        finally:
            self.depth -= 1

    def _argument_source(self) -> str:
        """The next group as it is typed, without its braces."""
        self._skip_spaces()
        if not self.source.startswith("{", self.at):
            return ""
        depth, start = 0, self.at
        while self.at < len(self.source):
            char = self.source[self.at]
            self.at += 1
            depth += (char == "{") - (char == "}")
            if depth == 0:
                return self.source[start + 1 : self.at - 1]
        return self.source[start + 1 :]

    def _option(self) -> str:
        """What stands in square brackets, as a line."""
        end = self.source.find("]", self.at)
        if not self.source.startswith("[", self.at) or end < 0:
            return ""
        inner, self.at = self.source[self.at + 1 : end], end + 1
        return joined(_Reader(inner).row()).strip()

    def _skip_spaces(self) -> None:
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1
