"""Pieces of a formula, and how they join to a line that means the same."""

import re
import unicodedata
from dataclasses import dataclass

from papersite.catalogue.sources.tex.symbols import HATS, in_script


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a formula and how it stands: ord, num, func, frac, bin, rel, big, open, close, punct or space.

    ``named`` tells a macro, whose spaces are TeX's to give, from a sign, whose spaces are the author's.
    """

    text: str
    kind: str = "ord"
    named: bool = False


SPACE = Atom(" ", "space")
MINUS = Atom("−", "bin")


def _length(text: str) -> int:
    """In letters with their accents."""
    return sum(not unicodedata.combining(char) for char in text)


def _is_enclosed(text: str) -> bool:
    """Whether one pair of brackets holds all of it."""
    if len(text) < 2 or text[0] + text[-1] not in ("()", "[]", "{}"):
        return False
    depth = 0
    for number, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return number == len(text) - 1
    return False


def scripted(base: list[Atom], mark: str, inner: str, *, tight: bool) -> list[Atom]:
    """A base with a raised or lowered part. ``tight``: what follows would be taken for a part of it."""
    last = base[-1] if base else Atom("")
    text = f"({last.text})" if last.kind == "frac" else last.text
    compact = inner.replace(" ", "")
    script = in_script(mark, compact)
    if not script:
        is_short = (
            _length(inner) == 1
            or (mark == "_" and inner.isascii() and inner.isalnum() and not tight)
            or _is_enclosed(inner)
        )
        script = mark + (inner if is_short and not (tight and _length(inner) == 1 and mark in inner) else f"({inner})")
    how = "ord" if last.kind in ("frac", "num", "open") else last.kind
    return [*base[:-1], Atom(text + script, how, last.named)]


def operands(atoms: list[Atom]) -> list[Atom]:
    return [atom for atom in atoms if atom.kind != "space"]


def bracketed(atoms: list[Atom]) -> str:
    """A row as one operand: in brackets unless it is a single letter, number or bracket."""
    text = joined(atoms).strip()
    parts = operands(atoms)
    single = len(parts) == 1 and parts[0].kind in ("ord", "num", "close") and " " not in text
    return text if single or _is_enclosed(text) else f"({text})"


def fraction(above: list[Atom], below: list[Atom]) -> Atom:
    parts = operands(above)
    sums = any(atom.kind in ("bin", "rel", "punct", "frac", "colon") for atom in parts[1:]) or (
        len(parts) == 1 and parts[0].kind == "frac"
    )
    text = joined(above).strip()
    over = f"({text})" if (sums or not parts or " " in text) and not _is_enclosed(text) else text
    divisor = operands(below)
    is_differential = len(divisor) == 2 and divisor[0].text in ("∂", "d")
    under = joined(below).strip() if is_differential else bracketed(below)
    return Atom(f"{over}/{under}", "frac")


def choose(above: list[Atom], below: list[Atom]) -> Atom:
    return Atom(f"C({joined(above).strip()},{joined(below).strip()})")


def hatted(name: str, text: str) -> Atom:
    """An accent over one letter; over more, its name with brackets."""
    mark = HATS[name]
    if _length(text) == 1 or (name == "overline" and text.isalnum() and len(text) <= 3):
        marked = "".join(char + mark for char in text) if name == "overline" else text + mark
        return Atom(unicodedata.normalize("NFC", marked))
    return (
        Atom(f"{name.lower().removeprefix('wide')}{text if _is_enclosed(text) else f'({text})'}") if text else Atom("")
    )


def _without_edges(atoms: list[Atom]) -> list[Atom]:
    """Without the spaces just inside brackets."""
    kept: list[Atom] = []
    for atom in atoms:
        if atom.kind == "space" and kept and kept[-1].kind == "open":
            continue
        while atom.kind in ("close", "colon") and kept and kept[-1].kind == "space":
            kept.pop()
        kept.append(atom)
    return kept


_OPERAND = ("ord", "num", "frac", "func", "big")


def joined(atoms: list[Atom]) -> str:
    """The atoms as a line, with the spaces and brackets that tell them apart."""
    parts = _without_edges([atom for atom in atoms if atom.text])
    pieces: list[str] = []
    for number, atom in enumerate(parts):
        before = next((one for one in reversed(parts[:number][-3:]) if one.kind != "space"), None)
        after = next((one for one in parts[number + 1 : number + 4] if one.kind != "space"), None)
        text = atom.text
        if atom.kind == "frac" and _is_touched(before, after):
            text = f"({text})"
        elif atom.kind == "rel" and atom.named and before is not None:
            text = f"{'' if before.kind == 'open' else ' '}{text} "
        elif atom.kind == "colon":
            text = f"{text} "
        if pieces and _needs_space(pieces[-1], atom, parts[number - 1]):
            pieces.append(" ")
        pieces.append(text)
    return re.sub(r" {2,}", " ", "".join(pieces))


def _is_touched(before: Atom | None, after: Atom | None) -> bool:
    """Whether a fraction stands beside something that would be taken for a part of it."""
    return (before is not None and (before.kind in (*_OPERAND, "close") or before.text == "/")) or (
        after is not None and (after.kind in (*_OPERAND, "open") or after.text == "/")
    )


def _needs_space(shown: str, atom: Atom, before: Atom) -> bool:
    """Names of functions stand apart from letters and numbers."""
    if not shown or not (shown[-1].isalnum() or unicodedata.combining(shown[-1])):
        return False
    if atom.kind == "func" and atom.text[0].isalpha():
        return before.kind in ("ord", "num", "func", "close")
    return (
        before.kind == "func"
        and before.named
        and before.text[0].isalpha()
        and (atom.text[0].isalnum() or atom.kind in ("big", "func", "frac"))
    )
