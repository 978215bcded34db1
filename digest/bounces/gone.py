"""What servers say where there is no such recipient: a small grammar for each tongue, and the words of single programs.

A server says it with a noun for who the mail is for and a word for the state of that, in either order: "unknown user",
"user unknown", "the address that you wrote to could not be found". ``tongue`` makes the patterns of these two lists, so
that a sentence nobody has seen yet is read like its neighbours.
"""

from collections.abc import Sequence

Family = dict[str, tuple[str, ...]]
"""Patterns by whose habit or subject they are. What stands between noun and state is a group: it may speak of more."""

GAP = r"((?:[^.:;。]|\.(?=\S)){0,60}?)"
"""Within a sentence, dots of names aside; addresses are taken out before, so it is seldom long."""


def either(words: Sequence[str]) -> str:
    return rf"(?:{'|'.join(words)})"


def tongue(nouns: Sequence[str], states: Sequence[str], before: Sequence[str] = (), gap: str = GAP) -> tuple[str, ...]:
    """The noun and then its state; the state and at once, or but for a few small words, its noun."""
    patterns = [either(nouns) + gap + either(states)]
    if before:
        patterns.append(either(before) + either(nouns))
    return tuple(patterns)


WHO = (
    r"\busers?\b", r"\busername", r"\buserid", r"\brecipients?\b", r"mail ?box(?:es)?\b", r"\baccounts?\b",
    r"\baddress(?:ee|ees|es)?\b", r"\bsubscriber", r"\blocal[ -]?part", r"\binbox", r"\bcustomer", r"\bpersons?\b",
    r"\bmail-?drop", r"\balias(?:es)?\b", r"\bdestination\b", r"\blogin\b", r"\bmembers?\b", r"\bemployees?\b",
    r"\bperson\b",
)  # fmt: skip
# "Unknown error for user" is about no user: between a bare adjective and its noun stand only such words.
_SMALL = (
    r"(?:[ :/]{1,2}(?:or|and|illegal|invalid|unknown|bad|local|virtual|mail|e-?mail|delivery|recipient|destination"
    r"|final|system|domain|remote|internet|the|this|that|such|any|an?|your|user|user's|known|valid|existing|active))"
    r"{0,4}[ :/]{1,2}"
)
_NOT = r"(?:does|do|did|is|are|was|were|has|have|had|could|can|will)(?: ?not|n.?t)\b"

ENGLISH = tongue(
    WHO,
    (
        r"\bun-?known\b(?! (?:error|reason|problem|fail))(?: in \w{1,10} (?:\w{1,10} ){0,2}table)?",
        r"\bnot known\b", r"\bnon-?exist", r"\binexist",
        r"\bnot? (?:currently |longer )?exist", rf"{_NOT} (?:seem to |currently |longer )?exist",
        r"(?:not|n.t|never)(?: be| been)? (?:found|located|recogni[sz]ed|listed|registered|defined|identified)\b",
        r"\bno longer (?:a |an )?(?:exist|valid|in use|active|available|on |here|with|used|works?\b|employ|accept|at )",
        r"(?:has been |have been |was |is |been )(?:closed|deleted|terminated|removed|cancell?ed|retired|discontinued"
        r"|decommissioned|abandoned)\b",
        r"\b(?:is |are |was |be |seems |appears )?(?:invalid|incorrect|not valid|not correct|un-?deliverable"
        r"|unrout(?:e?able)|obsolete|defunct|bogus|undefined|mis-?typed|misspel)",
        r"\bhas (?:moved|left)\b", r"\bnot (?:a )?local\b", r"\bnot (?:present )?here\b",
        r"\bnot (?:on|at|in|hosted on|hosted at|for) (?:this|our|the) (?:server|system|host|site|machine|directory)\b",
        r"(?:is|are|was|were|being)(?: ?not|n.t) (?:an? |any |one of |our |the )",
    ),
    (
        rf"(?:\bun-?known|\binvalid|\bnon-?exist\w{{0,6}}|\binexistent|\billegal|\bbogus|\bundefined|\bbad|\bwrong"
        rf"|\bincorrect|\bobsolete|\bunrecogni[sz]ed|\bunregistered|\bunrout(?:e?able)){_SMALL}",
        r"\b(?:no|any) such (?:\w{1,20} ){0,3}", r"\bno valid (?:\w{1,20} ){0,2}",
        r"\bnot (?:an? |one of |our |the |any )(?:(?:valid|known|existing|active|registered|deliverable|legal|local"
        r"|current|legitimate) )?(?:e-?mail |mail )?",
        r"n.t (?:an? |any |our |have an? )(?:(?:valid|known|existing|active) )?(?:[\w.-]{1,40} )?",
        r"\bnot have an? (?:[\w.-]{1,40} ){0,2}",
        r"\b(?:not|unable to|cannot|can.t|couldn.t|failed to) (?:find|locate|resolve|look ?up|identify|recogni[sz]e)"
        r" (?:the |this |that |any |an? |your |such )?(?:e-?mail |mail |specified |recipient |intended ){0,2}",
    ),
)  # fmt: skip

GONE: Family = {
    "English": tuple(f"{one}(?! (?:format|syntax|list|error))" for one in ENGLISH),
    "English, without a noun of its own": (
        r"\bno (?:local )?(?:user|mailbox|account|recipient|address|member|alias)s?"
        r"(?: (?:here|by|with|named|called|found|for|at|of|on)\b|$|[.,;])",
        r"\bno ?(?:one|body) (?:at|by|with|here|of) ", r"\bnot our (?:user|customer)", r"\bnot known (?:here|at this)",
        r"\bunknown (?:to|at|in) (?:this|our|virtual|relay|local|address)", r"\bno longer (?:works|employed)",
        r"\bnot (?:present )?in (?:the |our |my )?(?:\w{1,20} )?directory",
        r"\bnot (?:present )?in (?:the |our |my )?(?:\w{1,20} )?(?:user|recipient) (?:list|database|table|map)",
        r"\bnot an? (?:known|valid|existing) (?:e-?mail )?(?:user|account|address|mailbox|recipient)",
        r"badrcptto", r"validrcptto", r"mailbox-not-found", r"bad destination mailbox",
    ),
    "German": tongue(
        ("benutzer", "nutzer", "empfänger", "empfaenger", "e-?mail-?adresse", "adresse", "postfach", "konto",
         "teilnehmer", "mailbox", "anwender"),
        ("unbekannt", "nicht bekannt", "nicht gefunden", "nicht finden", "existiert nicht", "nicht existier",
         "existiert hier nicht", "nicht vorhanden", "ungültig", "ungueltig", "gibt es nicht", "gibt es hier nicht",
         "nicht ermittelt", "gelöscht", "existiert leider nicht", "nicht mehr"),
        ("unbekannte[rsn]? ", "ungültige[rsn]? ", "kein (?:solcher |gültiger )?", "keine (?:solche |gültige )?"),
    ),
    "French": tongue(
        ("utilisateur", "destinataire", "adresse", "compte", "bo[iî]te", "abonné", "usager"),
        ("inconnu", "invalide", "inexistant", "introuvable", "n.existe", "pas (?:été )?trouv", "n.est pas valide",
         "n.est plus valide", "n.a pu être trouv", "supprimée?", "incorrecte?"),
        ("aucune? (?:tel(?:le)? )?", "pas de (?:tel(?:le)? )?"),
    ),
    "Spanish": tongue(
        ("usuario", "destinatario", "buz[oó]n", "cuenta", "direcci[oó]n", "casilla", "correo"),
        ("desconocid", "no existe", "inexistente", "inv[aá]lid", "no (?:es|era) v[aá]lid", "no v[aá]lid",
         "no (?:se )?(?:ha |pudo |ha podido )?(?:sido )?enc[ou]", "no encontrad", "eliminad", "incorrect"),
        (r"no existe (?:\w{1,20} ){0,2}", r"no se (?:encontr[oó]|encuentra|ha encontrado) (?:\w{1,20} ){0,2}"),
    ),
    "Portuguese": tongue(
        ("usu[aá]rio", "utilizador", "destinat[aá]rio", "caixa", "conta", "endere[çc]o", "correio"),
        ("desconhecid", "n[aã]o exist", "inexistente", "inv[aá]lid", "n[aã]o (?:foi )?encontrad", "n[aã]o (?:é|e) v",
         "n[aã]o p[oô]de ser encontrad", "removid", "exclu[ií]d"),
    ),
    "Italian": tongue(
        ("utente", "destinatario", "casella", "indirizzo", "account"),
        ("sconosciut", "inesistente", "non (?:\\w{1,12} )?esist", "non (?:è |e' )?(?:stat[oa] )?(?:trovat|valid)",
         "non valid", "non corrett", "errat[oa]", "rimoss"),
        ("nessun[ao]? ", "utente ?sconosciuto, "),
    ),
    "Dutch": tongue(
        ("gebruiker", "ontvanger", "e-?mailadres", "adres", "postvak", "mailbox", "postbus"),
        ("onbekend", "bestaat niet", "niet bestaa", "ongeldig", "niet gevonden", "niet vinden", "bestaat hier niet",
         "niet bekend", "verwijderd"),
        ("onbekende? ", "ongeldige? ", "geen (?:geldige? )?"),
    ),
    "Scandinavian": tongue(
        (r"användar\w{0,9}", r"mottagar\w{0,9}", r"mottaker\w{0,9}", r"modtager\w{0,9}", r"bruger\w{0,9}",
         r"bruker\w{0,9}", r"adress\w{0,9}", "brevlåda", "postkasse"),
        ("okänd", "ukendt", "ukjent", "finns inte", "findes ikke", "finnes ikke", "existerar inte", "eksisterer ikke",
         "hittades inte", "ikke fundet", "ikke funnet", "ogiltig", "ugyldig"),
        ("okänd ", "ukendt ", "ukjent ", "ogiltig ", "ugyldig "),
    ),
    "Finnish": tongue(
        ("käyttäjä", "vastaanottaja", "osoite", "postilaatikko"),
        ("tuntematon", "ei löydy", "ei ole olemassa", "ei löytynyt", "virheellinen"),
        ("tuntematon ", "virheellinen "),
    ),
    "Polish": tongue(
        (r"u[żz]ytkownik\w{0,3}", r"adres\w{0,3}", r"odbiorc\w{0,3}", r"kont[oa]", r"skrzynk[ai]"),
        ("nieznan", "nie istnieje", "nieprawidłow", "nie znalezion", "nie został znalezion", "niepoprawn"),
        ("nieznan[yae] ", "nie ma takiego ", "brak ", "nie znaleziono ", "nieprawidłowy "),
    ),
    "Czech, Slovak": tongue(
        (r"uživatel", r"příjemce", r"adres[aáy]t?", "schránka", r"používateľ", "účet"),
        ("neznám", "neexistuje", "nebyl[aoi]? nalezen", "nenalezen", "neplatn"),
        (r"neznám\w ", r"neplatn\w "),
    ),
    "Hungarian": tongue(
        ("felhasználó", "címzett", "postafiók", "cím"),
        ("ismeretlen", "nem létezik", "nem található", "érvénytelen"),
        ("ismeretlen ", "érvénytelen ", "nincs ilyen "),
    ),
    "Turkish": tongue(
        (r"kullanıcı", r"alıcı", r"adres\w{0,4}", "hesap", "posta kutusu"),
        ("bulunamadı", "mevcut değil", "geçersiz", "bilinmiyor", "tanınmıyor"),
        ("geçersiz ", "bilinmeyen "),
    ),
    "Russian, Ukrainian": tongue(
        (r"пользовател\w{0,3}", r"получател\w{0,3}", r"адрес\w{0,4}", r"ящик\w{0,2}", r"абонент\w{0,2}",
         r"учетн\w{2,3} запис\w{1,2}", "аккаунт", r"користувач\w{0,2}", r"скриньк\w{1,2}"),
        ("не найден", "не существует", "неизвест", "отсутств", "не зарег", "недействител", "удал[её]н", "не обнаружен",
         "не знайден", "не існує", "невідом"),
        (r"неизвестн\w{2,3} ", r"нет тако\w{1,3} ", r"несуществующ\w{2,3} ", r"неверн\w{2,3} ", r"не найден\w{0,2} ",
         r"недействительн\w{2,3} "),
    ),
    "Greek": tongue(
        ("χρήστης", "παραλήπτης", "διεύθυνση", "γραμματοκιβώτιο"),
        ("άγνωστ", "δεν υπάρχει", "δεν βρέθηκε", "δεν είναι έγκυρ"),
        (r"άγνωστ\w{1,2} ",),
    ),
    "Japanese": tongue(
        ("宛先", "あて先", "宛て先", "アドレス", "ユーザー?", "受信者", "アカウント", "メールボックス", "利用者"),
        ("存在しません", "存在しない", "存在しており?ません", "見つかりません", "見つけられません", "不明",
         "ありません", "登録されて(?:いません|おりません)", "無効", "間違って",
         "使われて(?:いません|おりません)", "正しくありません"),
        gap=r"([^。:;]{0,40}?)",
    ),
    "Chinese": tongue(
        ("用户", "用戶", "使用者", "收件人", "收信人", "邮箱", "郵箱", "信箱", "帐号", "账号", "帳號",
         "帐户", "账户", "地址"),
        ("不存在", "未找到", "找不到", "无效", "無效", "无法找到", "無法找到", "错误", "不正确", "已注销", "未注册"),
        ("没有(?:该|此|这个)?", "查无(?:此)?", "查無(?:此)?", "无此", "無此", "未知的?", "找不到(?:该|此)?",
         "不存在的?", "无效的?", "無效的?"),
        gap=r"([^。:;，,]{0,20}?)(?<!可能)",
    ),
    "Korean": tongue(
        ("사용자", "수신자", "받는 사람", "주소", "계정", "메일함"),
        ("존재하지 않", "없는", "없습니다", "찾을 수 없", "알 수 없", "유효하지 않", "잘못"),
        ("없는 ", "알 수 없는 ", "잘못된 ", "존재하지 않는 "),
    ),
}  # fmt: skip
"""Said by servers of every kind. They count where the report gives them as the answer to this very recipient: beside
a code, to RCPT TO, or in the field that is made for them."""

_HOST = (
    r"\bhosts?\b", r"\bdomains?\b", r"\bmail (?:server|exchanger)s?\b", r"\bmx\b(?: or srv)? records?", r"\bdns\b",
    r"\bname service\b", r"\bdomainname\b", r"\bhostname\b", r"\bdomain ?name\b",
)  # fmt: skip
GONE_SURELY: Family = {
    # Its router says so where DNS knows no place for the domain. Before the grammar, which would read half of it.
    "cPanel": (r"(?:mail server could not deliver mail to\W{1,3}the )?account or domain may not exist[^.]{0,120}",),
    "no such host, or one that takes no mail (RFC 7505)": (*tongue(
        _HOST,
        (
            r"\bun-?known\b(?! (?:error|reason|problem|fail))", r"\bnot found\b", r"\bnon-?exist", rf"{_NOT} exist",
            r"\bnot exist", r"\bno data known", r"n.t (?:be |been )?(?:found|exist|resolved)",
            r"\b(?:could ?not|cannot) be (?:found|resolved)", r"\bunresolvable",
            r"(?:does|do)(?: not|n.t) (?:ever )?(?:accept|take|receive) (?:any )?e?-?mail", r"\bis not (?:a )?valid",
            r"\bno smtp service", r"\bhard error", r"\binconnu", r"\bn.existe pas",
            r"\bno(?: valid)? (?:mx|a|dns|mail exchanger)s?(?: or (?:mx|a))? record",
            r"\bnot resolvable", r"\bunbekannt", r"\bnicht (?:gefunden|vorhanden)", r"\bexistiert nicht",
            r"\bno existe", r"\bdesconocid", r"\binesistente", r"\bnão existe", r"\bsconosciut", r"\bonbekend",
        ),
        (
            r"(?:\bun-?known|\bno such|\binvalid|\bnon-?exist\w{0,6}|\bbad|\billegal)"
            r"(?: destination| recipient| mail)? ",
            r"\b(?:couldn.t|could not|cannot|can.t|unable to) (?:find|resolve|locate) (?:any |the |a |an )?",
            r"\bno mail ?hosts? for ", r"\bno (?:mx|a|address|valid) records? (?:found )?for (?:the |that )?",
            r"\bnull ", r"\bno valid ",
        ),
        gap=r"([^;]{0,80}?)",
    ), r"name or service not known", r"\bnxdomain", r"null ?mx"),
    "Domino, Notes": (
        r"not listed in (?:the )?(?:domino|public|directory|address)", r"no match(?:es)? (?:was |were )?found in",
        r"no route found to domain(?: [^.]{1,80}\. check server, connection and domain documents)?",
    ),
    "IMail": (r"\binvalid final delivery userid", r"^\W{0,4}unknown user: ?$"),
    "Exchange": (
        r"recipient ?notfound", r"recipnotfound", r"resolver\.adr\.exrecip",
        r"(?:was|could)n.t (?:be )?found at the destination",
        r"does not exist at the organization", r"recipient name is not recogni[sz]ed",
        r"(?:unable|failed) to find a matching recipient", r"recipient not found by smtp address lookup",
        r"e-?mail address you entered couldn.t be found", r"wasn.t found at ",
    ),
    "X.400": (r"unrecogni[sz]ed[ -]o/?-?r[ -]name", r"mts-failure[^.]{0,80}\bno such recipient"),
    "mail.ru": (r"local mailbox is unavailable: user not found",),
    "InterScan: the address was refused for good": (r"\(and other recipients in the same domain\)",),
    "GroupWise": (r"undeliverable to the following:[^()]{0,80}\(user not found\)",),
    "Aliyun": (r"\binvalid rcptto\b",),
    "Exim": (
        r"unrout(?:e?able) (?:mail )?(?:address|domain)", r"lookups? failed permanently", r"mx records? point to non",
        r"unknown local[ -]part",
    ),
    "qmail, vpopmail": (
        r"\bno mailbox here by that name", r"couldn.t find any host (?:named|by that name)",
        r"couldn.t find a mail exchanger or ip address", r"this address no longer accepts mail",
    ),
    "sendmail, Courier": (r"bad destination system", r"unknown or illegal alias"),
    "Apple": (r"recipient no longer on server",),
    "PowerMTA": (r"\bbad-(?:mailbox|domain)\b", r"unable to route: no mail hosts"),
}  # fmt: skip
"""Said by one program only, and of its own mailboxes, or of names that it looked up itself: they count anywhere."""
LATE: Family = {
    "Yahoo": (
        r"delivery error: dd (?:this user doesn't have an? |not a valid recipient)",
        r"requested mail action aborted, mailbox not found",
    ),
    "QQ": (r"the recipient may contain a non-?existent account, please check the recipient address",),
    "Barracuda": (r"permanent failure for one or more recipients \([^()]{0,80}user unknown\)",),
}
"""Said by servers that look a recipient up once they have the whole mail."""
