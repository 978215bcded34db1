"""Macros of well-known packages, written out in TeX's own: a state, a norm, a number with its unit. Pure."""

import re
from functools import lru_cache

# Longer ones are no formula that anybody reads.
LONGEST = 2000
_WRITTEN_OUT = {
    "ket": r"|{0}\rangle", "bra": r"\langle {0}|", "braket": r"\langle {0}\rangle", "norm": r"\|{0}\|", "abs": "|{0}|",
    "ceil": r"\lceil {0}\rceil", "floor": r"\lfloor {0}\rfloor", "ketbra": r"|{0}\rangle\langle {1}|",
    "Ket": r"|{0}\rangle", "Bra": r"\langle {0}|", "Braket": r"\langle {0}\rangle",
}  # fmt: skip
_TWO = {"braket": r"\langle {0}|{1}\rangle"}
_PLACE = re.compile(r"\{([01])\}")
_NAMES = "|".join(_WRITTEN_OUT)
# An argument stands in braces, or is one sign: \ket\psi, \ket0.
_SIGN = re.compile(
    r"\\(?:(?:var)?(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon"
    r"|phi|chi|psi|omega)|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega|ell|hbar|cdot|bullet|uparrow"
    r"|downarrow|pm|mp)(?![A-Za-z])|[A-Za-z0-9]"
)
_MACRO = re.compile(rf"\\({_NAMES})(?![A-Za-z])\*?\s*(?=\{{|{_SIGN.pattern})")
QUANTITY = re.compile(
    r"\\(?:(?:SI|qty)(?:\[[^\]]{0,100}\])?\{(?P<value>[^{}]{1,40})\}\{(?P<unit>[^{}]{1,80})\}"
    r"|(?:si|unit)\{(?P<alone>[^{}]{1,80})\}|num(?:\[[^\]]{0,100}\])?\{(?P<number>[^{}]{1,40})\})"
)
_POWER_OF_TEN = re.compile(r"(?P<base>[0-9.]*)[eE](?P<power>[+-]?[0-9]+)")
_PREFIXES = {
    "femto": "f", "pico": "p", "nano": "n", "micro": "µ", "milli": "m", "centi": "c", "deci": "d", "kilo": "k",
    "mega": "M", "giga": "G", "tera": "T", "peta": "P",
}  # fmt: skip
_UNITS = {
    "metre": "m", "meter": "m", "second": "s", "gram": "g", "kilogram": "kg", "ampere": "A", "kelvin": "K",
    "mole": "mol", "hertz": "Hz", "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "volt": "V", "ohm": "Ω",
    "tesla": "T", "coulomb": "C", "farad": "F", "lumen": "lm", "lux": "lx", "degree": "°", "degreeCelsius": "°C",
    "celsius": "°C", "percent": r"\%", "electronvolt": "eV", "eV": "eV", "GeV": "GeV", "MeV": "MeV", "keV": "keV",
    "TeV": "TeV", "minute": "min", "hour": "h", "day": "d", "litre": "L", "liter": "L", "bit": "bit", "byte": "B",
    "decibel": "dB", "angstrom": "Å", "radian": "rad", "bar": "bar", "year": "yr", "m": "m", "s": "s", "km": "km",
    "cm": "cm", "mm": "mm", "um": "µm", "nm": "nm", "ms": "ms", "us": "µs", "ns": "ns", "Hz": "Hz", "kHz": "kHz",
    "MHz": "MHz", "GHz": "GHz", "kg": "kg", "K": "K", "W": "W", "V": "V",
}  # fmt: skip
_POWERS = {"squared": "^2", "cubed": "^3"}
_PART = re.compile(r"\\([A-Za-z]+)|([A-Za-z°µΩ]+|\\?%|\^-?[0-9]|[0-9]|[/.~\s])")


@lru_cache(maxsize=5000)
def written_out(formula: str) -> str:
    """A formula without these macros; one whose unit nobody knows stays."""
    if "\\" not in formula or len(formula) > LONGEST:
        return formula
    formula = QUANTITY.sub(quantity, formula)
    end = 0
    # From the left; what is put in a macro's place may hold others.
    while found := _MACRO.search(formula, end):
        shown, rest = _shown(found[1], formula[found.end() :])
        formula, end = formula[: found.start()] + shown + rest, found.start() + (not shown)
    return formula


def quantity(found: re.Match[str]) -> str:
    """A number, a unit, or both, as a formula."""
    number = _POWER_OF_TEN.sub(_tenfold, found["number"] or found["value"] or "").strip()
    typed = found["unit"] or found["alone"] or ""
    unit = _unit(typed)
    if typed and not unit:
        return found[0]
    gap = r"\," if number and unit and unit[0] != "°" else ""
    return f"{number}{gap}\\mathrm{{{unit}}}" if unit else number


def _tenfold(found: re.Match[str]) -> str:
    times = rf"{found['base']}\times " if found["base"] else ""
    return f"{times}10^{{{found['power'].removeprefix('+')}}}"


def _unit(typed: str) -> str:
    """A unit in letters; "" where a part of it is not known."""
    shown, end = "", 0
    for part in _PART.finditer(typed):
        name = part[1]
        letters = {"per": "/", **_PREFIXES, **_UNITS, **_POWERS}.get(name) if name else part[2]
        if part.start() != end or letters is None:
            return ""
        is_beside = name in _UNITS or name in _PREFIXES
        apart = r"\," if is_beside and shown and shown[-1] not in "/," and not _is_prefixed(typed[:end]) else ""
        shown, end = shown + apart + letters, part.end()
    return shown if end == len(typed) else ""


def _is_prefixed(before: str) -> bool:
    return before.rpartition("\\")[2].strip() in _PREFIXES


def _shown(name: str, rest: str) -> tuple[str, str]:
    """What stands for a macro, and the text behind its arguments."""
    first, rest = _group(rest)
    if name == "ketbra" or (name in _TWO and rest.startswith("{")):
        second, rest = _group(rest)
        return _filled(_TWO.get(name, _WRITTEN_OUT[name]), first, second), rest
    return _filled(_WRITTEN_OUT[name], first), rest


def _filled(written: str, *arguments: str) -> str:
    """In one go: an argument that looks like a place for another must not take it in, time after time."""
    return _PLACE.sub(lambda found: arguments[int(found[1])], written)


def _group(text: str) -> tuple[str, str]:
    """The group that a text begins with, without its braces, or one sign; and the rest."""
    if sign := _SIGN.match(text):
        return sign[0], text[sign.end() :]
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return (text[1:place], text[place + 1 :]) if place else ("", text)
    return text[1:], ""
