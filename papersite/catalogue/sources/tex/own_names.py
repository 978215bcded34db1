"""What stands in the place of a macro of the author's own, whose text nobody sees but they. Pure.

Its name mostly says which thing is meant: ``\\deepnet`` is DeepNet where a title or an abstract says so, and ``\\ours``
is what the title begins with. Else a plain noun fills the sentence, which would have a hole.
"""

import re
from functools import lru_cache

# No author types a longer name again and again; patterns need not look at it.
LONGEST = 30
_WORD = re.compile(r"[A-Za-z0-9][\w.+-]*")
_LEAD = re.compile(r"\s*([A-Z][\w.+^-]*[A-Za-z0-9²³⁺])\s?:\s")
_NO_NAMES = frozenset({
    "position", "survey", "review", "report", "erratum", "correction", "tutorial", "perspective", "opinion",
    "technical", "comment", "reply", "editorial", "proceedings",
})  # fmt: skip
_NOUNS = {
    "bench": "benchmark", "data": "dataset", "corpus": "dataset", "model": "model", "net": "model", "llm": "model",
    "sys": "system", "framework": "framework", "approach": "approach", "algo": "algorithm", "tool": "tool",
    "agent": "agent",
}  # fmt: skip
_COLLECTIONS = frozenset({"benchmark", "dataset"})
# What authors call their own macros, whatever the thing is called.
_WHAT = (
    "ours?|methods?|models?|name|sys|system|approach|framework|algo|algorithm|tool|bench|benchmark|data|dataset"
    "|corpus|alg|net|pipeline|agent|project|variable"
)
_ANY = re.compile(
    rf"(?:the|this|my|nick|title|full|short|{_WHAT})*(?:{_WHAT})(?:name|full|short|abbr|variable|space|s)*",
    re.IGNORECASE,
)
# Those that stand for a figure, which nobody can know.
_COUNTS = re.compile(r"num|count|total|size|hours|percent|rate$|acc(?:uracy)?$", re.IGNORECASE)
_DETERMINED = re.compile(r"\b(?:our|the|a|an|this|these|proposed|novel|new)\s*$", re.IGNORECASE)
# What an author's name stands before: "the Lark framework".
_THING = re.compile(
    r"[~\s]*(?:framework|method|methodology|model|system|data|dataset|corpus|benchmark|approach|algorithm|network|net"
    r"|architecture|pipeline|agent|strategy|module|technique|tool|library|suite|task|loss|metric|score)s?\b"
)
_BEGINS = re.compile(r"(?:^|[.!?…])\s*$")


def name_of(macro: str, title: str, text: str, others: frozenset[str] = frozenset()) -> str:
    """How a title or a text calls what a macro stands for; "" where neither tells. ``others`` are the text's macros."""
    wanted = macro.lower()
    if len(wanted) > LONGEST:
        return ""
    if len(wanted) > 2 and (word := _written(f"{title} {text}").get(wanted)):
        return word
    lead = _LEAD.match(title)
    if lead is None or lead[1].lower() in _NO_NAMES:
        return ""
    if _ANY.fullmatch(macro):
        # Of a method and a benchmark the title names the first.
        is_second = noun_of(macro) in _COLLECTIONS and any(
            _ANY.fullmatch(one) and noun_of(one) not in _COLLECTIONS for one in others
        )
        return "" if is_second else lead[1]
    return lead[1] if len(wanted) > 3 and _is_part(wanted, _letters(lead[1])) else ""


@lru_cache(maxsize=8)
def _written(text: str) -> dict[str, str]:
    """The first word of each spelling with a capital within, by its letters. A text is asked for all its macros."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        word = match[0].rstrip(".+-")
        if word[1:] != word[1:].lower():
            found.setdefault(_letters(word), word)
    return found


def noun_of(macro: str) -> str:
    """What kind of thing a macro stands for."""
    return next((noun for sign, noun in _NOUNS.items() if sign in macro.lower()), "method")


def filled(macro: str, before: str, after: str, *, is_read: bool = False) -> str:
    """A noun where a sentence would have a hole without the macro; else "". ``before`` and ``after`` stand around it;
    ``is_read`` says that it is no order of TeX."""
    follows = after.lstrip("~ \n")[:1]
    is_determined, begins = _DETERMINED.search(before) is not None, _BEGINS.search(before) is not None
    if not before.strip() and not follows.isalnum():
        # Nothing but a name and its colon, or all there is.
        return ""
    if follows.isalnum() and not is_read and not _ANY.fullmatch(macro):
        is_read = (begins and follows.islower()) or before.rstrip().endswith(" that")
        if not is_read:
            return ""
    if is_determined and _THING.match(after):
        return ""
    if _COUNTS.search(macro):
        return ""
    noun = noun_of(macro)
    return noun if is_determined else f"Our {noun}" if begins else f"our {noun}"


def _letters(word: str) -> str:
    return "".join(char for char in word.lower() if "a" <= char <= "z")


def _is_part(shorter: str, longer: str) -> bool:
    """Whether all letters of one stand in the other, in their order, and are most of it."""
    rest = iter(longer)
    return all(char in rest for char in shorter) and 2 * len(shorter) > len(longer)
