"""What TeX calls by a name: letters, signs, accents and alphabets, in Unicode.

The names of signs, and whether they stand between two things, are those of latex2mathml's table
(Günter Milde's unimathsymbols).
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from latex2mathml import symbols_parser

# Letters of text; each eats the spaces after its name.
LETTERS = {
    "AA": "Å", "aa": "å", "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "DJ": "Đ", "dj": "đ", "NG": "Ŋ", "ng": "ŋ",
    "TH": "Þ", "th": "þ", "DH": "Ð", "dh": "ð", "SS": "ẞ", "ss": "ß", "L": "Ł", "l": "ł", "O": "Ø", "o": "ø",
    "i": "ı", "j": "ȷ",
}  # fmt: skip
# Accents of text, as marks that combine with the letter before them.
ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
# Accents of maths.
HATS = {
    "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "acute": "\u0301", "grave": "\u0300", "check": "\u030c", "breve": "\u0306", "mathring": "\u030a",
    "widehat": "\u0302", "widetilde": "\u0303", "overline": "\u0305", "overrightarrow": "\u20d7", "Bar": "\u0304",
    "Hat": "\u0302", "Tilde": "\u0303", "Vec": "\u20d7", "Dot": "\u0307", "dddot": "\u20db",
}  # fmt: skip
FUNCTIONS = frozenset({
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd",
    "hom", "inf", "ker", "lg", "lim", "ln", "log", "max", "min", "Pr", "sec", "sin", "sinh", "sup", "tan", "tanh",
    "argmax", "argmin", "liminf", "limsup", "softmax", "sign", "sgn", "tr", "Tr", "rank", "diag", "span", "poly"
})  # fmt: skip
_NAMED = {"liminf": "lim inf", "limsup": "lim sup", "argmax": "arg max", "argmin": "arg min"}
# What the table says otherwise, or not at all.
_OWN = {
    "sim": "∼", "setminus": "∖", "backslash": "∖", "smallsetminus": "∖", "colon": ":", "vert": "|", "mid": "|",
    "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖", "lbrace": "{", "rbrace": "}", "lbrack": "[",
    "rbrack": "]", "R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "E": "𝔼", "Real": "ℜ", "degree": "°",
    "deg": "deg", "textdegree": "°", "S": "§", "P": "¶", "ldots": "…", "dots": "…", "dotsc": "…", "cdots": "⋯",
    "dotsb": "⋯", "textellipsis": "…", "textemdash": "—", "textendash": "–", "textregistered": "®", "copyright": "©",
    "textcopyright": "©", "texttrademark": "™", "textbullet": "•", "textperthousand": "‰", "pounds": "£",
    "textpertenthousand": "‱", "texteuro": "€", "euro": "€", "textmu": "µ", "upmu": "μ", "checkmark": "✓",
    "cmark": "✓", "xmark": "✗", "varnothing": "∅", "emptyset": "∅", "square": "□", "Box": "□", "ast": "*",
    "lt": "<", "gt": ">", "slash": "/", "textless": "<", "textgreater": ">", "textbar": "|", "textbackslash": "∖",
    "textquotesingle": "'",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "dag": "†",
    "ddag": "‡", "nmid": "∤", "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "_": "_",
    "bmod": "mod", "mod": "mod", "textperiodcentered": "·", "textdollar": "$", "longrightarrow": "⟶", "hbar": "ℏ",
    "implies": "⟹", "iff": "⟺", "gets": "←", "lnot": "¬", "neg": "¬", "And": "&", "coloneqq": "≔", "land": "∧",
    "lor": "∨", "texttimes": "×", "textpm": "±", "textcent": "¢", "textyen": "¥",
    "textsterling": "£", "textohm": "Ω", "textonehalf": "½", "textsection": "§", "varGamma": "Γ", "prime": "′",
}  # fmt: skip
_RELATIONS = frozenset(["∼", "→", "⟶", "≔", "⟹", "⟺", "←", "|", "mod"])
ALPHABETS = {
    "mathbb": "DOUBLE-STRUCK", "mathds": "DOUBLE-STRUCK", "mathbbm": "DOUBLE-STRUCK", "mathcal": "SCRIPT",
    "mathscr": "SCRIPT", "cal": "SCRIPT", "mathfrak": "FRAKTUR", "frak": "FRAKTUR",
}  # fmt: skip
_RAISED = dict(
    zip("0123456789+-−=()niabcdefghjklmoprstuvwxyzABDEGHIJKLMNOPRTUVW'′*†‡°",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ′′*†‡°", strict=True)
)  # fmt: skip
_LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))


@cache
def _classes() -> dict[str, str]:
    """The class of each sign, such as ``mathrel``; the line of a sign is split by ``^``."""
    found = {}
    for line in Path(symbols_parser.SYMBOLS_FILE).read_text(encoding="utf-8").splitlines():
        columns = line.split("^")
        if not line.startswith("#") and len(columns) > 5 and columns[0]:
            found[columns[0]] = columns[5]
    return found


@lru_cache(maxsize=5000)
def sign(name: str) -> str:
    """The sign that a name, without its backslash, stands for, or ""."""
    if name in _OWN:
        return _OWN[name]
    if name in FUNCTIONS:
        return _NAMED.get(name, name)
    code = symbols_parser.convert_symbol(f"\\{name}")
    return "".join(chr(int(one, 16)) for one in code.split("-")) if code else ""


@lru_cache(maxsize=5000)
def kind(shown: str) -> str:
    """How a sign stands among others: rel, bin, big, open, close, punct or ord."""
    if shown in _RELATIONS:
        return "rel"
    found = _classes().get(f"{ord(shown):05X}", "") if len(shown) == 1 else ""
    return {"mathrel": "rel", "mathbin": "bin", "mathop": "big", "mathopen": "open", "mathclose": "close",
            "mathpunct": "punct"}.get(found, "ord")  # fmt: skip


@lru_cache(maxsize=2000)
def in_alphabet(name: str, text: str) -> str:
    """A text in one of the alphabets of maths; what an alphabet lacks stays."""
    return "".join(_letter(ALPHABETS[name], char) for char in text)


def _letter(alphabet: str, char: str) -> str:
    if not ("a" <= char.lower() <= "z" or (alphabet == "DOUBLE-STRUCK" and char.isdigit())):
        return char
    case = "DIGIT" if char.isdigit() else "CAPITAL" if char.isupper() else "SMALL"
    letter = unicodedata.name(char).rpartition(" ")[2]
    old = "BLACK-LETTER" if alphabet == "FRAKTUR" else alphabet
    # The old letters came first; of these, the script P is Weierstrass's function.
    names = (f"{old} {case} {letter}", f"MATHEMATICAL {alphabet} {case} {letter}")
    for name in names[1:] if char == "P" and alphabet == "SCRIPT" else names:
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return char


def in_script(mark: str, text: str) -> str:
    """A text raised ("^") or lowered ("_") by Unicode's own letters, or "" where it lacks one."""
    letters = _RAISED if mark == "^" else _LOWERED
    if mark == "^" and text in ("∘", "°"):
        return "°"
    if mark == "^" and text in ("®", "™", "©"):
        return text
    return "".join(letters[char] for char in text) if text and all(char in letters for char in text) else ""
