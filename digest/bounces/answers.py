"""Finds in what a report tells people the words that decide: answers of servers, and what the program found by itself.

Reports from before there was a form for them wrap one sentence that matters in many that do not: greetings, hints,
who to ask. Judged as a whole, "our network" in a greeting outweighs "550 no such user".
"""

import re
from collections.abc import Iterator

_ANSWER = re.compile(
    r"(?<![\d.\w@-])([45]\d\d)(?=[ \t]{0,9}[-:#]?[ \t]{0,9}\S)"
    r"(?![ \t]{0,9}(?:bytes|seconds|lines|octets|kb|x)\b)"
)
# Said after the one that matters, once a transaction has gone wrong: bad sequence, bad command.
_IN_THE_WAKE = ("500", "501", "502", "503")
_LENGTH = 400
_WORD = re.compile(r"[^\W\d_]{3}")
ANSWERS = 20
_FINDING = re.compile(
    r"^[ \t]{0,8}(?:(?:error|reason|cause|problem|details?|because|fehler|grund|motivo|raison|errore|erro)\b[ \t]{0,2}"
    r"(?::|is:?|was:?)?[ \t]{1,4})?(?P<said>[^\n]{4,300})$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADED = re.compile(r"^\W{0,4}[^\s@]{1,64}@[^\s@]{1,255}")


def answers(text: str) -> Iterator[str]:
    """Each answer of a server that a text quotes: its code, and the words up to the next one or a blank line."""
    heads = list(_ANSWER.finditer(text))[:ANSWERS]
    ends = [*(head.start() for head in heads[1:]), len(text)]
    is_one_kind = len({head[1] for head in heads}) == 1
    for head, end in zip(heads, ends, strict=False):
        said = re.split(r"\n[ \t]*\n", text[head.start() : min(end, head.start() + _LENGTH)], maxsplit=1)[0]
        if _WORD.search(said) and (is_one_kind or head[1] not in _IN_THE_WAKE):
            yield said


def findings(text: str) -> Iterator[str]:
    """Lines that a program says of its own accord, beginning with what it found: no answer of others, and none that
    an address begins, after which some write the words of whoever it was.
    """
    for line in _FINDING.finditer(text):
        said = line["said"]
        if not _ANSWER.search(said) and not _HEADED.match(said):
            yield said


def paragraphs(text: str) -> list[str]:
    """What stands between blank lines."""
    return re.split(r"\n[ \t]*\n", text)[:ANSWERS]
