"""The two or three sentences of an abstract that say what a paper does and finds. Pure: text in, text out.

A sentence counts by its words: "we propose" says what is done, numbers and "outperforms" what was
found. Whole sentences only, in their order, with "…" where others stand between.
"""

import re
from collections.abc import Callable, Sequence, Set
from functools import lru_cache
from itertools import pairwise

MOST_SENTENCES = 3
MOST_WORDS = 75
# A sentence of fewer words hardly tells enough alone.
_SHORT = 30
# A text that long holds no more sentences worth looking at.
LOOKED_AT = 6000
LONGEST = 900
_CLOSES = r"[\"”’')\]」』）\ue011\ue013\ue015\ue017]*"
# A long word, a full stop, a capital: most sentences end so, and nothing else does (group 1). Else a sign that may end
# one; those of Chinese and Japanese always do.
_END = re.compile(
    r"[.!?。！？](?:(?<=[a-z]{5}\.)(?<!pprox\.)()(?= [A-Z])"
    rf"|(?<=[。！？])[.!?。！？]*{_CLOSES}|[.!?。！？]*{_CLOSES}(?![a-z0-9,;]))"
)
# After these a full stop ends no sentence, whatever follows.
_ABBREVIATIONS = re.compile(
    r"(?:^|[\s(\[“\"'])(?:e\.g|i\.e|et al|vs|cf|viz|resp|approx|ca|Figs?|Eqs?|Secs?|Tabs?|Refs?|Nos?|Vol|pp?|Ch|App"
    r"|Thm|Lem|Prop"
    r"|Def|Alg|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|[A-Z]|w\.r\.t|a\.k\.a|s\.t|i\.i\.d|incl|est|dept|univ|ver|v)\.$"
)
# After these it may, where a capital follows.
_OFTEN_LAST = re.compile(r"(?:\b(?:etc|Inc|Ltd|Co|U\.S|U\.K|E\.U|a\.m|p\.m)|\bi\.i\.d)\.$")
# What follows a full stop with no space between, and yet begins a sentence: "…at once.This is"; after a name or a
# bracket only what hardly anything else begins with.
_OPENS = re.compile(r"[A-Z](?:[a-z]*|[a-z]{2,}[A-Z][A-Za-z0-9-]*)\s")
_OFTEN_OPENS = re.compile(
    r"(?:We|To|In|The|This|These|Our|However|Instead|Experiments?|It|For|Based|By|As|While|Extensive|Additionally"
    r"|Moreover|Furthermore|Finally|Specifically|Results) [a-z]"
)
# Words that point at another sentence, or promise what does not follow: alone they tell nobody anything. With each,
# the one of its words that is rarest.
_ELSEWHERE = {
    "that this ": "that", "that these ": "these", "that such ": "such", "whether this ": "whether", "how this ": "",
    "why this ": "why", "argue they ": "they", "argue that they ": "they", "under this ": "under",
    "this phenomenon": "this", "from these data": "these", "causes for this": "causes", "key results.": "results.",
    "main results.": "results.", "key findings.": "findings.", "main findings.": "findings.",
    "key insights.": "insights.", "main causes.": "causes.",
}  # fmt: skip
# A sentence that says first that it answers the one before: "We address this gap by …".
_ANSWERS = re.compile(
    r"(?:in this (?:paper|work|study|article),? )?(?:here,? )?(?:we|(?:our|this) (?:paper|work|study|article)) "
    r"(?:(?:[a-z]{2,10}ly|aims? to|proposes? to|seeks? to|strives? to|tr(?:y|ies) to|attempts? to) ){0,2}"
    r"(?:address|tackle|overcome|bridge|fill|resolve|mitigate|solve|close|answer|approach)(?:es|ed|s|d)? "
    r"(?:this|these|those|such) (?:[a-z-]+ ){0,2}"
    r"(?:gap|issue|problem|challenge|limitation|shortcoming|question|need|trade-off)"
)
_OURSELVES = frozenset({"we", "i"})
_PROPOSES = frozenset({
    "propose", "present", "introduce", "develop", "prove", "show", "design", "release", "build",
    "proposed", "presented", "introduced", "developed", "proved", "designed", "built",
})  # fmt: skip
_DOES = _PROPOSES | frozenset({
    "describe", "demonstrate", "establish", "study", "investigate", "analyze", "analyse", "examine", "explore",
    "address",
    "construct", "formalise", "formalize", "formulate", "derive", "provide", "offer", "create", "devise", "conduct",
    "perform", "evaluate", "benchmark", "compare", "argue", "ask", "characterise", "characterize", "revisit", "extend",
    "adapt", "unify", "identify", "report", "contribute", "survey", "review", "tackle", "aim", "curate", "train",
    "implement", "outline", "define", "explain", "quantify", "measure", "systematise", "systematize", "consider", "use",
    "apply", "leverage", "collect", "find", "give", "discover", "solve", "test", "assess", "improve", "obtain",
    "combine",
    "generalise", "generalize", "design", "observe", "determine", "discuss", "bridge", "integrate", "employ",
    "investigated", "studied", "examined", "explored", "analyzed", "analysed", "compared", "evaluated", "conducted",
    "trained", "collected", "curated", "implemented", "created", "constructed", "derived", "surveyed", "reviewed",
    "tested",
})  # fmt: skip
_PAPER = frozenset(
    {"paper", "work", "study", "article", "survey", "thesis", "report", "letter", "review", "tutorial", "note"}
)
_OURS = frozenset(
    {"contribution", "contributions", "approach", "method", "framework", "model", "system", "algorithm", "goal"}
)
_POINTS = frozenset({"this", "our", "the", "present"})
_MADE = frozenset({"proposed", "presented", "introduced", "developed"})
# The first six letters of what is said of results.
_FINDS = frozenset({
    "outper", "achiev", "improv", "reduce", "reduci", "result", "experi", "findin", "reveal", "demons", "surpas",
    "exceed",
    "faster", "compet", "gains", "signif", "outcom", "confir", "sugges", "evalua", "yields", "yieldi", "superi",
    "effect",
    "speedu", "speed-", "guaran", "indica", "valida", "state-", "find", "found", "show", "shows", "proves", "prove",
    "observ", "gain", "sota", "outsco", "attain", "reache", "enable",
})  # fmt: skip
# What stands beside the paper: its code, its hopes. As above; what may stand within a word has none.
_BESIDE = {
    "http": "", "github": "", "available at": "available", "available on": "available",
    "publicly available": "publicly", "publicly release": "publicly", "we hope": "we", "we believe": "we",
    "future work": "future",
    "will be released": "be", "open-source our": "open-source", "code is": "code", "code and": "code",
    "project page": "project", "we conclude": "we", "we discuss": "we", "warning:": "warning:",
}  # fmt: skip
_BEFORE = frozenset({
    "however", "recent", "recently", "existing", "traditional", "despite", "although", "while", "current", "previous",
    "prior", "conventional", "yet", "but", "many", "most", "unlike", "conversely", "moreover", "typically",
})  # fmt: skip
# With these a sentence begins that goes on from the one before: "This flaw …", unless it is "This paper …".
_GOES_ON = frozenset({"this", "these", "such", "those", "they"})
# "Using this framework, we find …" goes on as well.
_WITH = frozenset({"using", "with", "from", "through", "under", "across"})
_OWN = _PAPER | _OURS
# The first of a list that is told over several sentences: "… three innovations: (1) Routing, which …".
_LIST = re.compile(r": \((?:1|i|a|[A-Z]1)\) ")
_NEXT = re.compile(r"\((?:2|ii|b|[A-Z]2)\)")
_CUES = _OURSELVES | _POINTS | _MADE
_THE = {"the"}
_MEASURE, _MOST_KEPT = "0", 50_000
_NUMERIC = frozenset("0123456789+-−~∼<>≥≤$\ue100")
_PUNCTUATION = ".,;:!?()[]\"'“”‘’—–"


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order. Nothing of it is lost but the white space between them."""
    cuts = [0]
    for found in _END.finditer(text):
        end = found.end()
        if (
            found.lastindex
            or text[found.start()] in "。！？"
            or (
                text[end : end + 1].isspace()
                and _is_end(found[0], text[max(0, end - 14) : end], text[end : end + 3].strip()[:1])
            )
            or (text[end : end + 1].isupper() and _is_glued(text, found.start(), end))
        ):
            cuts.append(end)
    cuts.append(len(text))
    parts = [text[start:end].strip() for start, end in pairwise(cuts)]
    return [part for part in parts if part]


def _is_end(sign: str, before: str, follows: str) -> bool:
    """Whether a sign, the last of ``before``, ends a sentence where ``follows`` begins the next word."""
    if not follows or follows.islower() or follows in ",;:)":
        return False
    if sign != ".":
        return True
    if _OFTEN_LAST.search(before) and follows.isupper():
        return True
    return not _ABBREVIATIONS.search(before)


def _is_glued(text: str, sign: int, end: int) -> bool:
    """Whether a sentence ends at a sign though no space follows it: a plain word before, a whole one behind."""
    # No plain word is longer; a text without spaces would be read from its beginning each time.
    before = text[max(0, sign - 40) : sign].rpartition(" ")[2]
    if len(before) < 3:
        return False
    if before.isalpha() and before.islower():
        return _OPENS.match(text, end) is not None
    return (before[-1] == ")" or before.isalnum()) and _OFTEN_OPENS.match(text, end) is not None


def chosen(text: str, most_words: int = MOST_WORDS) -> str:
    """The sentences that say most of what a paper does and finds, as they stand in its abstract."""
    found = sentences(text[:LOOKED_AT])
    if not found:
        return ""
    whole = text[:LOOKED_AT].lower()
    lowered = [sentence.lower() for sentence in found]
    words = [sentence.replace(",", "").split() for sentence in lowered]
    lengths = [len(each) for each in words]
    if len(found) <= MOST_SENTENCES and sum(lengths) <= most_words:
        return " ".join(found)
    held = frozenset().union(*words)
    beside, elsewhere = (_with_any(signs, whole, held, lowered) for signs in (_BESIDE, _ELSEWHERE))
    less = [4.0 * beside[n] + 2.5 * elsewhere[n] + _is_cut(lowered[n], lengths[n]) for n in range(len(found))]
    for number in _hanging(words, found, text):
        less[number] += 2.5
    does = [_says_what(each, number / len(found)) - less[number] for number, each in enumerate(words)]
    finds = [_says_found(each) - less[number] for number, each in enumerate(words)]
    first = does.index(max(does))
    # What stands before that is why it was done.
    finds = [score - 2 * (number < first and does[number] <= 0) for number, score in enumerate(finds)]
    order = [first, *(n for n in sorted(range(len(found)), key=finds.__getitem__, reverse=True) if n != first)]
    picked = _within(order, lengths, most_words, [finds[n] + does[n] for n in range(len(found))])
    if _ANSWERS.match(lowered[first]):
        picked = _asked(first, picked, lengths, most_words, finds)
    if len(picked) == 1:
        picked = _explained(picked[0], lengths, most_words, does, less)
    pieces = [found[picked[0]]]
    for before, number in pairwise(picked):
        if number == before + 1:
            pieces.append(found[number])
        else:
            pieces[-1] = _without_half_a_list(pieces[-1])
            pieces.append(f"… {found[number]}")
    if picked[-1] + 1 < len(found):
        pieces[-1] = _without_half_a_list(pieces[-1])
    return " ".join(pieces)


def _without_half_a_list(sentence: str) -> str:
    """What a sentence says before the first of several things, where the others stand in sentences that do not come."""
    begun = _half_a_list(sentence)
    return f"{sentence[: begun.start()]}." if begun else sentence


def _half_a_list(sentence: str) -> re.Match[str] | None:
    """Where a list begins of which a sentence tells the first alone."""
    begun = _LIST.search(sentence) if ": (" in sentence else None
    return begun if begun and not _NEXT.search(sentence, begun.start()) else None


def leading(text: str, most_words: int = MOST_WORDS) -> str:
    """The first sentences of a text that is short already, such as a summary."""
    found = sentences(text[:LOOKED_AT])
    lengths = [len(sentence.split()) for sentence in found]
    count = 1
    while count < len(found) and sum(lengths[: count + 1]) <= most_words:
        count += 1
    return " ".join(found[:count])


@lru_cache(maxsize=2000)
def contribution(text: str) -> str:
    """The one sentence of an excerpt that says most of what a paper does; the first where none says it."""
    found = [sentence.removeprefix("… ") for sentence in sentences(text[:LOOKED_AT])]
    if len(found) < 2:
        return text
    scores = [_says_what(sentence.lower().replace(",", "").split(), 0) for sentence in found]
    return found[max(range(len(found)), key=lambda number: (scores[number], -number))]


def _within(order: list[int], lengths: list[int], most_words: int, scores: list[float]) -> list[int]:
    """As many sentences as there is room for: the first of the order always."""
    picked = order[:1]
    room = most_words - lengths[order[0]]
    for number in order[1:]:
        if len(picked) == MOST_SENTENCES:
            break
        if lengths[number] <= room and scores[number] > 0:
            picked.append(number)
            room -= lengths[number]
    if len(picked) == 1 and scores[order[0]] <= 0:
        # Nothing says "we": the beginning explains itself.
        picked = [0]
        while len(picked) < min(MOST_SENTENCES, len(lengths)) and sum(lengths[: len(picked) + 1]) <= most_words:
            picked.append(len(picked))
    return sorted(picked)


def _asked(first: int, picked: list[int], lengths: list[int], most_words: int, finds: Sequence[float]) -> list[int]:
    """With the sentence before one that answers it, where there is room, be it instead of a third one."""
    before = first - 1
    if before < 0 or before in picked:
        return picked
    kept = sorted(picked, key=lambda n: (n != first, -finds[n]))[: MOST_SENTENCES - 1]
    together = sorted([before, *kept])
    return together if sum(lengths[n] for n in together) <= most_words else picked


def _explained(
    first: int, lengths: list[int], most_words: int, does: Sequence[float], less: Sequence[float]
) -> list[int]:
    """A short sentence of what is done with the next one, which mostly says how; a long one says so itself."""
    after = first + 1
    if (
        lengths[first] < _SHORT
        and after < len(lengths)
        and less[after] <= 0
        and does[after] >= -1
        and lengths[after] <= most_words - lengths[first]
    ):
        return [first, after]
    return [first]


def _says_what(words: list[str], place: float) -> float:
    """How much a sentence says of what is done; ``place`` is where it stands in the text, from 0 to 1."""
    score = 0.0
    # Most sentences hold none of these words, or only a "the" with no paper after it.
    held = _CUES.intersection(words)
    if held == _THE and _PAPER.isdisjoint(words):
        held = frozenset()
    for number, word in enumerate(words) if held else ():
        if word not in held:
            continue
        after = words[number + 1 : number + 3]
        if word in _OURSELVES and not _DOES.isdisjoint(after):
            score = max(score, 2.0 if _PROPOSES.isdisjoint(after) else 4.0)
        elif word in _OURSELVES and score < 3 and "and" in words and _goes_on_to_propose(words, number):
            score = 3.0
        elif word in _POINTS and after and (after[0] in _PAPER or (word == "our" and after[0] in _OURS)):
            score = max(score, 4.0 if word == "this" else 2.0)
        elif word in _MADE and number and words[number - 1] in ("is", "are"):
            score = max(score, 2.0)
    # What is done is said in the first two thirds.
    return score - 1.0 * (place > 2 / 3) - 1.5 * (words[0] in _BEFORE if words else False)


def _goes_on_to_propose(words: list[str], place: int) -> bool:
    """Whether what is done comes second: "we frame both as one and introduce …"."""
    return (
        not _PROPOSES.isdisjoint(words)
        and ("and" in words[place:])
        and any(before == "and" and word in _PROPOSES for before, word in pairwise(words[place:]))
    )


def _with_any(signs: dict[str, str], whole: str, words: Set[str], lowered: Sequence[str]) -> list[bool]:
    """Which sentences of a whole text have one of these. A word of the sign is asked for first: most texts lack it."""
    held = [sign for sign, word in signs.items() if (not word or word in words) and sign in whole]
    return [any(sign in sentence for sign in held) for sentence in lowered] if held else [False] * len(lowered)


def _is_cut(sentence: str, length: int) -> float:
    """How much less it says for being hardly a sentence, or one that is cut off."""
    return 1.5 * (length < 6) + 4.0 * sentence.endswith(("...", "…"))


def _hanging(words: list[list[str]], found: list[str], text: str) -> list[int]:
    """Which sentences are done with what the one before names, or begin a list that others end."""
    has_list = ": (" in text
    return [
        number
        for number, each in enumerate(words)
        if (each and each[0] in _WITH and each[1:2] and each[1] in _GOES_ON)
        or (has_list and _half_a_list(found[number]))
    ]


def _says_found(words: list[str]) -> float:
    """How much a sentence says of what was found."""
    said = [*filter(None, map(_findings.__getitem__, words))]
    numbers = said.count(_MEASURE)
    cues = len({*said}) - (numbers > 0)
    first = words[0] if words else ""
    goes_on = first in _GOES_ON and _OWN.isdisjoint(words[1:2])
    return 1.0 * min(cues, 3) + 1.0 * min(numbers, 2) - 2.0 * (first in _BEFORE) - 1.5 * goes_on


class _Findings(dict[str, str]):
    """What each word says of results: its stem, that it is a number that measures something, or nothing.

    Words come again and again; a plain dictionary answers for those met before faster than any function.
    """

    def __missing__(self, word: str) -> str:
        found = self._read(word)
        # Those that come first are those that come often.
        if len(self) < _MOST_KEPT:
            self[word] = found
        return found

    @staticmethod
    def _read(word: str) -> str:
        if word[0] in _NUMERIC:
            # 94.6%, 3.2x, 1,200, a formula.
            return _MEASURE if len(word.strip(_PUNCTUATION)) > 1 or word[0] == "\ue100" else ""
        return word[:6] if word[:6] in _FINDS else ""


_findings = _Findings()


Fits = Callable[[str], bool]


def around(text: str, fits: Fits, most_words: int = MOST_WORDS) -> str | None:
    """Whole sentences from the first that fits on, with "…" where others stand before; None where none fits."""
    found = sentences(text)
    first = next((number for number, sentence in enumerate(found) if fits(sentence)), None)
    if first is None:
        return None
    last, room = first + 1, most_words - len(found[first].split())
    while last < len(found) and len(found[last].split()) <= room:
        room -= len(found[last].split())
        last += 1
    return f"{'… ' if first else ''}{' '.join(found[first:last])}{' …' if last < len(found) else ''}"
