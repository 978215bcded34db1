"""Reads what mail servers send back: reports of failure (RFC 3464, RFC 6522 and older habits) and complaints.

Pure: bytes come in, what they say goes out. What is no report says nothing, whatever it looks like. The time
is bounded by ``mime``, which cuts what is too much.
"""

import re
from dataclasses import dataclass, replace

from digest.bounces import complaints, mime, wording
from digest.bounces.answers import answers, findings, paragraphs
from digest.bounces.judging import Refusal, Stage, Verdict, judge, speaks_of, stage_of
from digest.bounces.mime import PARTS, Part

LIMIT = mime.BYTES
HARD, SOFT, OURS, COMPLAINT = Verdict.HARD.value, Verdict.SOFT.value, Verdict.OURS.value, "complaint"

_DAEMON = re.compile(
    r"mailer.?daemon|maildaemon|post.?master|mail.?delivery|delivery.?(?:sub)?system|(?:mail|system) ?administrator"
    r"|administrat\w{1,4} (?:syst[eè]m|de[l ])|microsoft ?exchange|mail.?(?:system|server|router|gateway)\b"
    r"|\bmdaemon|\bsmtp[ _.-]|bounces?@|^<>$|<>",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"undeliver|un-?able to deliver"
    r"|deliver\w{0,3} (?:status|report|fail|problem|incomplete|error|has failed|notification)"
    r"|fail\w{0,4} (?:notice|deliver|mail|permanent)|non.?deliver|return(?:ed|ing) (?:mail|message|to sender)"
    r"|(?:could|can) ?not be delivered|not delivered|wasn.t delivered|mail (?:error|system error|failure)|unzustellbar"
    r"|message status|error (?:delivering|while|has occurred|sending)|rejected a message"
    r"|(?:user|host) unknown|unknown user"
    r"|transcript of session|error message below|no such user"
    r"|(?:送信|配信|配達)できません|配信不能|не доставлен|недоставлен|невозможно доставить|退信|投递失败|반송|배달되지"
    r"|[无無]法(?:投[递遞]|发送|傳送|传递|傳遞|送达)|(?:konnte\w{0,2} nicht|kunde inte|kunne ikke|niet) \w{0,12} ?"
    r"(?:zugestellt|ausgeliefert|übermittelt|levereras|leveres|afleveres|bezorgd)|nicht zustellbar|zustellung fehl"
    r"|onbestelbaar|non (?:remis|d[ée]livr)|pas (?:pu|p[ûu]t) [eê]tre (?:d[ée]livr|remis|achemin)"
    r"|no (?:se ha podido|se pudo|pudo ser|ha podido) ?(?:ser )?entreg|imposible entregar"
    r"|n[aã]o (?:p[oô]de ser )?entreg"
    r"|n[aã]o foi poss[ií]vel entregar|(?:non [eè] stat\w|mancat\w|impossibile) (?:consegn|recapit)"
    r"|nie można dostarczyć|nie dostarczono|nedoručiteln|kézbesíthetetlen|teslim edilemedi|iletilemedi"
    r"|no se puede entreg|error de entrega|no (?:se )?entreg[aó]|recapit\w{0,2} non riuscit|non recapitabil"
    r"|n[aã]o é poss[ií]vel entreg|falha na entrega|mensagem devolvida|niet te bezorgen|går inte att leverera"
    r"|olevererba|ikke (?:kunne )?lever|niedostarczal|nie została dostarczon|не было доставлен|недоставл"
    r"|не ?удалось доставить|сбой доставки|échec de la remise|fehler bei der nachrichtenzustellung"
    r"|toimittaminen epäonnistui|nem kézbesíthető|δεν είναι δυνατή η παράδοση|未(?:传递|傳遞|送达|送達)|被退回|退件"
    r"|(?:配信|送信)(?:エラー|に失敗)|배달 못|e-?mail bounce|bounced (?:e-?mail|message)",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"warning message only|has been delayed|\(delay\)|delayed mail|not yet been delivered|still being", re.IGNORECASE
)
# Where the mail that comes back begins.
_RETURNED = re.compile(
    r"^[-=_* ]{2,20}.{0,60}(?:original|returned|copy|header|unsent|below|message text|undelivered).{0,60}$"
    r"|^(?:original|undelivered) message.{0,30}$|^message headers follow.{0,20}$"
    r"|^(?:below|included|here|this) is a copy.{0,40}$"
    r"|^(?:received|return-path|dkim-signature|x-[\w-]{1,40}): ",
    re.IGNORECASE | re.MULTILINE,
)
# Sentences for people that name no reason of this mail; each would be taken for one. What says "later" stays.
_ADVICE = re.compile(
    r"\b(?:please|if (?:you|the|it|your|this|that)|you (?:can|may|might|should)|it (?:might|may) be"
    r"|for (?:more|further|assistance))\b(?![^.\n]{0,80}(?:again|later))[^.\n]{0,300}(?:\.|\n|$)"
    r"|\btry (?:re-?typing|re-?sending|sending|the|one|to)\b[^.\n]{0,200}"
    r"|this (?:message|mail) was (?:created|generated) automatically[^.\n]{0,80}|(?:is|this is) a permanent error"
    r"|i.m not going to try again[^.\n]{0,80}|i.ve given up",
    re.IGNORECASE,
)
# The mail's own headers among the details.
_DETAIL = re.compile(
    r"^[ \t]{0,8}(?:mail from|rcpt to|from|subject|date|sent date|message-id|cc|reply-to)[ \t]{0,2}:.{0,500}$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[\w.+=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_FOLD = re.compile(r"\n[ \t]+(?=\S)")
# An address at the head of a line, with its colon, or after a reply code as sendmail has it.
_HEAD = re.compile(
    r"^[ \t]{0,8}(?:[45]\d\d )?[<\"]?[\w.+=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}[>\"]?", re.MULTILINE
)
_TYPED = re.compile(r"\s{0,20}[\w-]{1,40}\s{0,20};")
_WORD = re.compile(r"[^\W\d]{3}")
_RECIPIENT = {"final-recipient", "original-recipient"}
_FATE = {"action", "status", "diagnostic-code"}
_NO_FAILURE = ("delivered", "relayed", "expanded", "delayed", "deliverable")


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to one mail at one address."""

    kind: str
    recipient: str = ""
    status: str = ""
    said: str = ""


def read(raw: bytes, own_domains: tuple[str, ...] = ()) -> list[Report]:
    """What a mail reports; nothing where it is an ordinary mail, an answer of an absent reader, or damaged."""
    mail = mime.parse(raw)
    if found := complaints.complained(mail):
        return [Report(COMPLAINT, recipient) for recipient in found]
    if complaints.is_feedback(mail) or _is_answer(mail):
        return []
    mail = _unwrapped(mail)
    groups = _status_groups(mail)
    if groups:
        return [_of_group(mail, group, own_domains) for group in groups if _has_failed(group)]
    return _guessed(mail)


def classify(status: str, said: str) -> str:
    """Whether the address is gone for good, something may pass, or it is we who are refused."""
    return judge(Refusal(said, status)).value


def returned_headers(raw: bytes) -> str:
    """The headers of the mail that came back, as text, as far as they came along."""
    mail = mime.parse(raw)
    found = []
    for part in mail.walk():
        if part.kind in ("message/rfc822", "message/global"):
            found += [f"{name}: {value}" for inner in part.parts for name, value in inner.headers]
        elif part.kind.startswith("text/rfc822-header"):
            found.append(part.text())
    return "\n".join(found) or "\n".join(part.text() for part in mail.walk() if part.kind.startswith("text/"))


def _unwrapped(mail: Part) -> Part:
    """The report itself, where a filter on the way has put it into a mail of its own."""
    if not _is_daemon(mail) or _has_status_part(mail):
        return mail
    letters = [part for part in mail.own() if part.kind == "message/rfc822" for part in part.parts]
    return next((one for one in letters if one.kind == "multipart/report" and _has_status_part(one)), mail)


def _status_groups(mail: Part) -> list[dict[str, str]]:
    """The fields of each recipient, from the part made for them or from a text that holds them."""
    parts = [part for part in mail.own() if part.kind.endswith("delivery-status")]
    texts = [part.text() for part in parts] or [_human_text(mail, is_whole=True)]
    groups = [group for text in texts for group in mime.fields_of(text)]
    return [group for group in groups if _RECIPIENT & group.keys() and _FATE & group.keys()]


def _has_failed(group: dict[str, str]) -> bool:
    action = group.get("action", "").lower()
    is_success = group.get("status", "").startswith("2") and not action.startswith("fail")
    return not (action.startswith(_NO_FAILURE) or is_success)


def _of_group(mail: Part, group: dict[str, str], own_domains: tuple[str, ...]) -> Report:
    recipient = _address(group.get("original-recipient") or group.get("final-recipient", ""))
    said = group.get("diagnostic-code", "")
    status = group.get("status", "").partition("(")[0].strip()
    human = _reasons(_human_text(mail))
    is_bad_address = group.get("x-powermta-bouncecategory", "") in ("bad-mailbox", "bad-domain")
    stage = Stage.RECIPIENT if is_bad_address else stage_of(f"{said} {human}".lower())
    # A field without its type was not written by the rules, and who knows from where.
    refusal = Refusal(said or human, status, stage, recipient, is_answer=_TYPED.match(said) is not None)
    refusal = replace(refusal, own_domains=own_domains)
    kind = judge(refusal) if said else _of_text(refusal)
    if said and kind == Verdict.SOFT and not _WORD.search(said.partition(";")[2]):
        kind = judge(replace(refusal, said=human, is_answer=False))
    return Report(kind.value, recipient, status, said[:300])


def _guessed(mail: Part) -> list[Report]:
    """Reports from before there was a form for them."""
    text, subject = _human_text(mail), mail.header("subject")
    failed = mail.header("x-failed-recipients")
    tells_of_failure = _FAILURE.search(subject) or _FAILURE.search(text)
    if not failed and not (_is_daemon(mail) and tells_of_failure):
        return []
    if _DELAY.search(f"{subject}\n{text}"):
        return []
    reasons = _reasons(text)
    found = _by_recipient(reasons)
    if len(found) < 2:
        found = [(_address(failed) or _address(text), reasons)]
    refusals = [Refusal(said, stage=stage_of(said.lower()), recipient=to, is_answer=False) for to, said in found]
    return [Report(_of_text(refusal).value, refusal.recipient) for refusal in refusals]


def _of_text(refusal: Refusal) -> Verdict:
    """What a text for people comes to: as a whole, else by the answers that it quotes where they agree, else by what
    the program found itself.
    """
    text, whole = refusal.said, judge(refusal)
    is_known = whole == Verdict.HARD or refusal.stage in (Stage.GREETING, Stage.SENDER)
    if is_known or speaks_of(wording.RESTING, text):
        return whole
    quoted = {judge(replace(refusal, said=one)) for one in answers(text)}
    if quoted == {Verdict.HARD}:
        return Verdict.HARD
    if Verdict.OURS in quoted or speaks_of(wording.PASSING, text):
        return whole
    if whole == Verdict.SOFT and any(_is_found_gone(one, refusal) for one in findings(text)):
        return Verdict.HARD
    return Verdict.HARD if any(_is_surely_gone(one, refusal) for one in paragraphs(text)) else whole


def _is_surely_gone(said: str, refusal: Refusal) -> bool:
    words = wording.plain(said)
    return wording.has(wording.GONE_SURELY, words) and judge(replace(refusal, said=said)) == Verdict.HARD


def _is_found_gone(said: str, refusal: Refusal) -> bool:
    """Whether a program's own line begins with the words for a recipient that is not there."""
    return wording.begins(wording.GONE, wording.plain(said)) and (
        judge(replace(refusal, said=said, is_answer=True)) == Verdict.HARD
    )


def _by_recipient(text: str) -> list[tuple[str, str]]:
    """Each address that a line begins with, and what is said of it up to the next."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    found = [(_address(head[0]), text[head.start() : end]) for head, end in zip(heads, ends, strict=False)]
    return found[:PARTS] if len({address for address, _ in found}) > 1 else []


def _reasons(text: str) -> str:
    """What the text says happened, without its advice."""
    return _ADVICE.sub(" ", _FOLD.sub(" ", _DETAIL.sub(" ", text)))


def _is_answer(mail: Part) -> bool:
    """Of a person who is away, or of a list that wants something: not about the mail's fate (RFC 3834).

    Some servers call their reports answers, too, and answers go out without a sender as well.
    """
    is_daemon = _DAEMON.search(mail.header("from"))
    if _has_status_part(mail) or is_daemon or mail.values("x-failed-recipients"):
        return False
    markers = ("x-autoreply", "x-autorespond", "x-auto-response", "x-vacation")
    is_automatic = mail.header("auto-submitted").lower().startswith("auto-replied")
    return is_automatic or any(mail.values(one) for one in markers)


def _is_daemon(mail: Part) -> bool:
    return bool(_DAEMON.search(mail.header("from")) or _DAEMON.search(mail.header("return-path").strip()))


def _has_status_part(mail: Part) -> bool:
    return any(part.kind.endswith("delivery-status") for part in mail.own())


def _human_text(mail: Part, *, is_whole: bool = False) -> str:
    """What the report says to people, up to the mail that it returns."""
    for part in mail.own():
        if part.kind.startswith("text/") and not part.kind.startswith("text/rfc822"):
            text = part.text().replace("\r\n", "\n").strip()
            if not text:
                continue
            cut = None if is_whole else _RETURNED.search(text)
            return text[: cut.start()] if cut and cut.start() > 10 else text
    return ""


def _address(field: str) -> str:
    found = _ADDRESS.search(field)
    return found[0].lower() if found else ""
