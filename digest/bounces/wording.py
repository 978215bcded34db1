"""What mail servers say, as a table: whose fault a refusal is, by its words.

    about us    our address, name, network, reputation, or the mail itself
    passing     a full mailbox, a busy or broken server, an account that is held
    gone        there is no such recipient, no such domain, or it takes no mail at all

Servers agree on no wording, so each line holds one habit, from what they were seen to say or from
the source or manual of the program. Words are looked for in a text from which ``plain`` has taken
addresses and links, whose words are not the server's. No pattern has a gap without a bound: time
grows with the text and no faster.
"""

import re

from digest.bounces.gone import GONE, GONE_SURELY, LATE, Family

__all__ = [
    "ABOUT_MAIL",
    "ABOUT_SENDER",
    "GONE",
    "GONE_SURELY",
    "LATE",
    "PASSING",
    "RESTING",
    "UNAVAILABLE",
    "UNWELCOME",
    "has",
    "plain",
    "without",
]

LENGTH = 8_000
"""Characters of one server's words that are looked at."""

ABOUT_SENDER: Family = {
    "Postfix, Exim: sender address rejected, sender verify failed": (r"\bsenders?\b(?!'s mailbox)",),
    "the address of bounces": (
        r"envelope[ -](?:from|sender)",
        r"return[ -]path",
        r"reverse[ -]path",
        r"\bmail[ -]?from\b",
    ),
    "the address that people see": (
        r"\bfrom[ -](?:address|domain|header|field)\b",
        r"\bfrom: header",
    ),
    "Postfix: the name we greet with": (
        r"\b(?:helo|ehlo)\b",
        r"host ?name (?:rejected|invalid)",
        r"client host",
    ),
    "many": (r"\byour (?:domain|ip|host|server|network|isp|reputation|mail ?server|organi[sz]ation|dns)\b",),
    "our name": (
        r"\bptr\b",
        r"\bf?c?r-?dns\b",
        r"reverse (?:dns|lookup|mapping|host|record|address)",
        r"resolves? (?:back )?to",
    ),
    "Gmail, Yahoo, Microsoft: unsigned mail": (
        r"\bspf\b",
        r"\bdkim\b",
        r"\bdmarc\b",
        r"\bdomainkeys\b",
        r"\bbimi\b",
        r"authenticat",
    ),
    "sender": (
        r"absender",
        r"exp[ée]diteur",
        r"remitente",
        r"mittente",
        r"remetente",
        r"afzender",
        r"nadawc",
        r"отправител",
        r"発信者",
        r"送信者",
        r"发件人",
        r"寄件",
    ),
}

RESTING: Family = {
    "all: no room": (
        r"mail ?(?:box|folder|drop)?\b[^.]{0,30}\bfull\b",
        r"\bquota",
        r"over limit",
        r"overquota",
    ),
    "IMail": (
        r"(?:mail ?box|account|storage|user)[^.]{0,30}exceed",
        r"exceed[^.]{0,40}(?:storage|mail ?box|space|allow)",
    ),
    "disk": (
        r"insufficient",
        r"out of (?:disk|storage|space|memory)",
        r"no (?:more )?(?:disk )?space",
        r"disk (?:full|space)",
        r"storage",
    ),
    "held": (
        r"suspend",
        r"disabled",
        r"deactivat",
        r"on[ -]hold",
        r"frozen",
        r"\blocked\b",
        r"blocked by user",
        r"not active",
        r"restricted",
        r"archived",
    ),
    "lists": (
        r"group[^.]{0,80}(?:may|might) not",
        r"may not have permission",
        r"not a? ?member",
        r"moderat",
        r"可能",
        r"membership",
    ),
    "German": (
        r"postfach[^.]{0,20}voll",
        r"voll(?:es)? postfach",
        r"speicherplatz",
        r"zu einem späteren",
        r"vorübergehend",
    ),
    "French": (
        r"bo[iî]te[^.]{0,40}pleine",
        r"satur[ée]e",
        r"ult[ée]rieurement",
        r"temporaire",
        r"archiv[ée]e",
    ),
    "Romance": (
        r"buz[oó]n[^.]{0,20}lleno",
        r"casella[^.]{0,20}piena",
        r"caixa[^.]{0,20}cheia",
        r"cuota",
        r"più tardi",
        r"m[aá]s tarde",
    ),
    "Slavic": (
        r"переполнен",
        r"превыш",
        r"квот",
        r"позже",
        r"временно",
        r"overvol",
        r"postvak[^.]{0,20}vol\b",
        r"przepełnion",
        r"skrzynka pełna",
    ),
    "Japanese, Chinese, Korean": (
        r"容量",
        r"一杯",
        r"いっぱい",
        r"満杯",
        r"しばらく",
        r"停止",
        r"已满",
        r"已滿",
        r"稍后",
        r"稍後",
        r"가득",
        r"용량",
        r"나중에",
    ),
}
"""The recipient is there, and takes no mail now: no room, held, a list with a will of its own."""

PASSING: Family = {
    **RESTING,
    "come again": (
        r"\btry (?:again|later|back)",
        r"again later",
        r"later date",
        r"\bretry",
        r"re-?send",
        r"will be retried",
    ),
    "wait": (
        r"temporar",
        r"transient",
        r"time[ds]?[ -]?out",
        r"timeout",
        r"delay",
        r"(?<!permanently )deferr",
        r"gr[ea]y[ -]?list",
        r"\bbusy\b",
        r"too long",
        r"expired",
    ),
    "way": (
        r"connection",
        r"connect to",
        r"not connect",
        r"unreachable",
        r"no route",
        r"network",
        r"dns query",
        r"server failure",
    ),
    "too much": (
        r"\bloop",
        r"hop count",
        r"too many (?:hops|received|connections|messages|recipients)",
        r"\brates?\b",
        r"throttl",
        r"(?:rate|connection|session|hourly|daily|sending|receive) limit",
    ),
    "broken": (
        r"system (?:error|problem|failure)",
        r"internal",
        r"config",
        r"unavailable(?! mailbox)",
        r"local error",
        r"i/o error",
    ),
}

UNWELCOME: Family = {
    "a list of theirs": (
        r"polic(?:y|ies)",
        r"reputation",
        r"\bblock",
        r"black[ -]?list",
        r"(?:deny|stop|bad)[ -]?list",
        r"white[ -]?list",
    ),
    "lists of others": (
        r"dnsbl",
        r"\brbl\b",
        r"spamhaus",
        r"spamcop",
        r"barracuda",
        r"sorbs",
        r"proofpoint",
        r"ironport",
        r"mimecast",
    ),
    "spam": (
        r"spam",
        r"unsolicited",
        r"\bjunk",
        r"phish",
        r"malware",
        r"virus",
        r"infect",
        r"suspicious",
        r"\bbulk\b",
        r"unwanted",
        r"complain",
        r"\babus",
        r"\b(?:dt|hl|mi|rp):[a-z]{3}\b",
    ),
}
"""We are on a list, or taken for spammers."""

ABOUT_MAIL: Family = {
    **UNWELCOME,
    "what it holds": (
        r"\bcontent\b",
        r"attachment",
        r"\bheaders?\b",
        r"\bmime\b",
        r"rfc ?\d",
        r"complian",
        r"malformed",
        r"duplicate",
        r"\bscan",
    ),
    "its size": (
        r"too (?:large|big)",
        r"(?:message|mail) size",
        r"size (?:limit|exceed)",
        r"maximum size",
        r"exceed",
    ),
    "a server that is not the reader's": (
        r"\brelay",
        r"rcpthosts",
        r"not (?:configured|open) (?:to|for)",
        r"gateway",
    ),
    "rules": (
        r"prohibit",
        r"forbid",
        r"banned",
        r"permission",
        r"permitted",
        r"not (?:allowed|accepted from)",
        r"authori[sz]",
        r"denied by",
        r"privile",
    ),
    "rules of a machine": (
        r"filter",
        r"reject(?:ed|s) by",
        r"protocol",
        r"security (?:reason|polic|issue|check|viol|risk)",
        r"\btls\b",
        r"encrypt",
        r"certificate",
        r"violat",
        r"administrativ",
    ),
    "our network": (
        r"\bip\b",
        r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}[^.]{0,30}(?:listed|refused|reject)",
    ),
}

# RFC 5321 gives these words for a mailbox that is not there and for one that may not be written to: they count
# where all else, the code and the moment, says the former.
UNAVAILABLE: Family = {
    "RFC 5321, IronPort, Microsoft, Apple, GMX": (
        r"(?:mail ?box|account|address|recipient|user)\b(?: is| was|'s)?(?: currently)? (?:unavai?l?able|not available"
        r"|inactive|not active|rejected|refused|not accepted|declined|disallowed)",
        r"(?:inactive|rejected|refused|unavailable) (?:user|account|e-?mail|mail ?box|recipient|address)",
        r"access denied",
    ),
}

PATTERNS = {
    id(family): re.compile("|".join(one for habit in family.values() for one in habit))
    for family in (ABOUT_SENDER, PASSING, RESTING, UNWELCOME, ABOUT_MAIL, GONE, GONE_SURELY, LATE, UNAVAILABLE)
}
_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]]{1,80}@[^\s<>\"',;:()\[\]]{1,255}")
_LINK = re.compile(r"\bhttps?://[^\s<>]{1,500}|\bwww\.[^\s<>]{1,500}|\b(?:relay|client|mta|server)=\S{1,100}")


def plain(said: str) -> str:
    """A server's words in lower case on one line, without addresses and links."""
    said = _LINK.sub(" ", said[:LENGTH].lower())
    return " ".join(_ADDRESS.sub(" ", said).replace("’", "'").split())


def has(family: Family, words: str) -> bool:
    """Whether plain words hold a habit of that family."""
    return PATTERNS[id(family)].search(words) is not None


def begins(family: Family, words: str) -> bool:
    """Whether plain words begin with a habit of that family."""
    return PATTERNS[id(family)].match(words.lstrip("*-<([ ")) is not None


def without(family: Family, words: str) -> str:
    """The words beside those of that family; what stands in a gap of theirs stays, since it may speak of more."""
    return PATTERNS[id(family)].sub(lambda found: f" {' '.join(gap for gap in found.groups() if gap)} ", words)
