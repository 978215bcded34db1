"""Where a paper was accepted, read from its authors' comment. Pure: text in, text out."""

import re
from functools import lru_cache

# A comment says it early, if at all.
LOOKED_AT = 600
LONGEST = 90
# What journals' names are cut short to: these full stops end no sentence. "Phys. Rev. Lett."
_SHORT_FOR = "Proc|Conf|Trans|Int|Intl|Symp|Lett|Rev|Phys|Math|Appl|Comput|Sci|Eng|Mech|Chem|Stat|Astron|Astrophys|Ann"
_NO_END = "".join(rf"(?<!\b{word}\.)" for word in _SHORT_FOR.split("|"))
_SENTENCES = re.compile(rf"\.(?<=[a-z0-9)\]]\.)(?=\s){_NO_END}\s+|;|\.$")
_NOT_YET = re.compile(
    r"\b(?:submitted|under (?:\w+ )?(?:review|revision)|reject|withdrawn|not accepted)", re.IGNORECASE
)
_ACCEPTED = re.compile(
    r"\b(?:(?:early[- ])?accept(?:ed|ance)?|(?:to )?appear\w*|(?:to be )?(?:published|presented)|forthcoming)\b"
    r"(?: (?:and|as) (?:published|presented|an? \w+|oral|poster|spotlight|full paper|short paper))*"
    r"(?: for (?:publication|presentation|oral presentation))?(?: as (?:an? )?[\w-]+(?: (?:paper|presentation))?)?"
    r" (?:at|to|by|in|for|with) (?P<venue>.+)",
    re.IGNORECASE,
)
_FILLERS = re.compile(
    r"^(?:(?:the|proceedings of|proc\.? of|main (?:conference|track) (?:of|at)|be published in"
    r"|findings of(?= the))\s+)+",
    re.IGNORECASE,
)
# What goes on about something else.
_ENDS = re.compile(
    r",(?!\s*(?:20\d\d\b|and\b))|\s[-–—|]\s|:\s|[\[{(]|"
    rf"\.(?=\s|$){_NO_END}|https?:"
    r"|\b(?:project page|code|with (?!applications)|pages?\b|camera|as an? |this is|in conjunction|co-located)",
    re.IGNORECASE,
)
_NAMES = (
    "NeurIPS|ICML|ICLR|CVPR|ICCV|ECCV|ACCV|WACV|BMVC|ACL|EMNLP|NAACL|EACL|AACL|COLING|CoNLL|COLM|LREC|AAAI|IJCAI|ECAI"
    "|AAMAS|UAI|AISTATS|COLT|ALT|KDD|WWW|SIGIR|ECIR|WSDM|CIKM|RecSys|ICDM|ICDE|VLDB|SIGMOD|MICCAI|ISBI|MIDL|ICASSP"
    "|INTERSPEECH|Interspeech|ISMIR|CHI|UIST|CSCW|SIGGRAPH Asia|SIGGRAPH|Eurographics|ICRA|IROS|RSS|CoRL|ICPR|IJCNN"
    "|STOC|FOCS|SODA|ICALP|LICS|POPL|PLDI|OOPSLA|ICSE|FSE|ASE|ISSTA|OSDI|SOSP|NSDI|ASPLOS|ISCA|MICRO|HPCA|DAC"
    "|CCS|NDSS|USENIX Security|INFOCOM|SIGCOMM|FAccT|AIES|ISIT|TMLR|JMLR|TPAMI|IGARSS|ICME|ACM MM|ACM Multimedia"
)
_YEAR = r"[ ,'’-]{0,2}(?P<year>(?:20)?[12]\d)(?!\d)"
_KNOWN = re.compile(rf"(?<![A-Za-z])(?P<name>{_NAMES}){_YEAR}")
# A long name with its short one in brackets.
_SHORT = re.compile(r"\((?P<short>[A-Z][\w&@+-]*(?: [A-Z][\w&-]*)?[ '’-]?(?:20)?[12]\d)(?:[ ,][^)]{0,30})?\)")
_SHORT_BEFORE_YEAR = re.compile(r"\((?P<short>[A-Z][A-Za-z&-]{1,11})\)(?: [A-Z]\w+)?,? (?P<year>20[12]\d)")
_HONOUR = re.compile(r"\b(?P<honour>oral|spotlight|highlight|findings|workshop)s?\b", re.IGNORECASE)


@lru_cache(maxsize=2000)
def venue(comment: str) -> str:
    """Such as "NeurIPS 2026" or "ICLR 2026 workshop"; "" where the comment names none, or says that it was sent in."""
    for sentence in _SENTENCES.split(" ".join(comment[:LOOKED_AT].split())):
        if sentence and not _NOT_YET.search(sentence) and (found := _of_sentence(sentence)):
            return found
    return ""


def _of_sentence(sentence: str) -> str:
    accepted = _ACCEPTED.search(sentence)
    said = accepted["venue"] if accepted else sentence
    if known := _KNOWN.search(said):
        year = known["year"] if len(known["year"]) == 4 else f"20{known['year']}"
        return f"{known['name']} {year}{_honour(sentence)}"
    if accepted is None:
        return ""
    if short := _SHORT.search(said):
        return f"{short['short']}{_honour(sentence)}"
    if short := _SHORT_BEFORE_YEAR.search(said):
        return f"{short['short']} {short['year']}{_honour(sentence)}"
    named = _FILLERS.sub("", said)
    name = _ENDS.split(named, maxsplit=1)[0].strip(" \"'“”.,:-")
    name += "." * (name.rpartition(" ")[2] in _SHORT_FOR.split("|") and " " in name)
    # Without a capital it is no name: "accepted by the journal".
    return name if 2 <= len(name) <= LONGEST and any(char.isupper() for char in name) else ""


def _honour(sentence: str) -> str:
    found = _HONOUR.search(sentence)
    return f" {found['honour'].lower()}" if found else ""
