"""Words of a sentence that point at one which is not shown: "To address this gap, we …". Pure.

Most open it; what a thing is made for may stand behind it: "a net to address these gaps".
"""

import re

# Neither formulas nor marks of emphasis, which are letters of private use, nor brackets go with an opener.
_REST = "(?: [^\\s,.;:!?()\ue000-\uf8ff]{1,30}){0,3}"
_POINTED = r"(?:this|these|that|those|such|the above|the aforementioned)\b" + _REST
# Of a verb that may also take a whole sentence: no "that", as in "To show that larks sing, …".
_HERE = (
    rf"(?:(?:this|these|those|such|its?|them|the above|the aforementioned)\b{_REST}"
    r"|(?:the|that) (?:gap|issue|problem|challenge|limitation|shortcoming)s?)"
)
_FOUND = "(?:the|our|an) (?:analys[ie]s|findings?|observations?|insights?|results?)"
_NO_OBJECT = r"(?!(?:the|our|an?|that|how|whether|which|what|if|when|why)\b)"
_OPENER = re.compile(
    r"(?:"
    rf"(?:In order to|To) (?:{_NO_OBJECT}[a-z]+ ){{1,4}}{_HERE}"
    rf"|(?:Using|Combining|By [a-z]+ing|For|As a response to|Beyond|On|With) {_HERE}"
    r"|To (?:this|that|these) ends?|To do so|Towards? this (?:end|goal)|With this in mind|For this (?:purpose|reason)"
    rf"|(?:Motivated|Inspired|Driven|Guided|Encouraged|Prompted|Informed) by {_POINTED}"
    rf"|(?:Building|Based|Built|Drawing|Grounded) (?:up)?on (?:{_POINTED}|{_FOUND})"
    rf"|(?:Address|Tackl|Overcom|Bridg|Fill|Recogni[sz]|Acknowledg|Observ|Leverag|Exploit|Follow)ing {_POINTED}"
    rf"|In (?:light|view|response|contrast) (?:of|to) {_POINTED}|Given {_POINTED}|Against this background|In response"
    r"|Therefore|Thus|Hence|Consequently|Accordingly|As a result|Specifically|In particular|Moreover|Furthermore"
    r"|Secondly|Second|Thirdly|Third|Fourth|Finally|Lastly|Next|Also|Besides|Additionally|In addition|Further"
    r"|Then|After that|Subsequently|Afterwards|Meanwhile|Simultaneously|Similarly|Likewise|Together|Collectively"
    r"|More specifically|Particularly|Concretely|Importantly|More importantly|Notably"
    r"|In contrast|By contrast|Conversely|On the other hand|Instead|Nevertheless|Nonetheless|Still|As such"
    r"|In this (?:way|context|regard|light|direction|setting|vein)"
    r"|However(?=, (?:in this|we|our)\b)|Yet(?=, (?:we|our)\b)"
    r"), (?=(?:we|i|our|the|a|an|this|in this|it|there|here|since|by|to)\b|[A-Z\ue010-\ue017\ue100-\uf8ff])"
)
_WANTING = (
    "(?:gap|issue|problem|challenge|limitation|shortcoming|question|barrier|need|weakness|drawback|obstacle|concern"
    "|bottleneck|deficienc|difficult|vulnerabilit)(?:s|es|y|ies)?"
)
# The same without its comma, and the first half of two: "To address this gap and count larks, we …".
_BARE = re.compile(
    rf"To (?:[a-z]+ly )?[a-z]+ (?:this|these|those|such) (?:[a-z-]+ )?{_WANTING}"
    r"(?: (?=(?:we|(?:in )?this (?:paper|work|study)) )"
    r"|( and (?:to )?)(?!(?:inspired|motivated|driven|guided|encouraged|informed|by|in|to)\b)"
    r"(?=[a-z]+ (?!this|these|it)))"
)
_FIRST = re.compile(r"First(?:ly)?, (?=(?:we|i|our|the|a|an)\b)")
# Behind what is made: "a net designed to address these gaps", "a net that addresses this gap by counting".
_MEND = "address|tackle|overcome|bridge|fill|resolve|mitigate|solve|close|handle|alleviate"
_MENDING = re.sub(r"e\b", "", _MEND)
_PURPOSE = re.compile(
    r" (?:(?:(?:(?:specifically |explicitly )?(?:designed|developed|intended|built|aimed) (?:specifically )?"
    rf"|in order )?to|that|which) (?:[a-z]{{5,12}}ly )?(?:{_MEND})(?:es|s)?|(?:{_MENDING})ing)"
    r" (?:this|these|those|such|the above|the aforementioned)(?: [a-z-]{3,20}){0,2}"
    rf" {_WANTING}(?:(?=\.(?: |$))| by(?= [a-z]{{4,14}}ing\b))"
)
_MENDS = frozenset(
    [f"{verb}{ending}" for verb in _MEND.split("|") for ending in ("", "s", "es")]
    + [f"{verb}ing" for verb in _MENDING.split("|")]
)
# Words that need what follows: "is designed to", "a way to".
_NEEDS = frozenset({
    "is", "are", "was", "were", "be", "been", "being", "it", "we", "us", "them", "and", "or", "but", "how", "what",
    "aim", "aims", "aimed", "seek", "seeks", "try", "tries", "attempt", "attempts", "need", "needs", "needed", "want",
    "able", "ability", "capable", "capability", "capacity", "capacities", "required", "necessary", "used", "useful",
    "possible", "potential", "effort", "efforts", "help", "helps", "way", "ways", "step", "steps", "order", "work",
    "works", "strive", "strives", "continue", "fail", "fails", "propose", "proposes", "proposed", "introduced",
    "presented", "designed", "developed", "intended", "built", "crucial", "essential", "important", "critical",
    "contributions", "only", "also", "not", "so", "have", "has", "opportunity", "all", "in", "at", "to", "for", "of",
    "by", "on", "with", "towards", "toward", "from", "through", "while", "when", "effectively", "directly",
})  # fmt: skip
_GAP = " … "
# A line that was a comment of TeX.
_COMMENT = re.compile(r"%(?<![^\s]%)(?<![^.!?…]\s%) (?=[A-Z])")
_NUMBER = re.compile(r"\(?(?:[1-9]|iv|v|i{1,3})[).] (?=[A-Z])")
# How most sentences begin, which is no opener.
_BEGINNINGS = ("We ", "This ", "Our ", "The ", "In this paper", "In this work", "Experiment", "Extensive ")


def without(excerpt: str) -> str:
    """An excerpt whose sentences begin with what they say, where the sentence before them is not shown.

    The rest is as it was, but for its first letter.
    """
    return _GAP.join(map(_without, excerpt.split(_GAP)))


def _without(text: str) -> str:
    if "% " in text:
        text = _COMMENT.sub("", text)
    if (number := _NUMBER.match(text)) and not _NUMBER.search(text, number.end()):
        text = text[number.end() :]
    if (first := _FIRST.match(text)) and "Second" not in text and "second" not in text:
        text = _begun(text[first.end() :])
    while text[:1].isupper() and not text.startswith(_BEGINNINGS) and (found := _OPENER.match(text)):
        text = _begun(text[found.end() :])
    if text.startswith("To ") and (found := _BARE.match(text)):
        text = f"To {text[found.end() :]}" if found[1] else _begun(text[found.end() :])
    return _without_purpose(text)


def _without_purpose(text: str) -> str:
    """The first sentence without what it is for, where that is said of another."""
    first = text[: text.find(". ") + 1] or text
    # Most have none of the verbs, and words are compared faster than a pattern.
    if _MENDS.isdisjoint(first.split()) or not (found := _PURPOSE.search(first)):
        return text
    before = text[: found.start()].rstrip(",")
    if before.endswith("ly") or before.rpartition(" ")[2] in _NEEDS:
        return text
    return before + text[found.end() :]


def _begun(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]
