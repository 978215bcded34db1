"""What servers say where there is no such recipient, no such domain, or a domain that takes no mail at all."""

Family = dict[str, tuple[str, ...]]
"""Patterns by whose habit or subject they are. ``<who>`` stands for any word for a recipient."""

# Who the mail is for, in the tongues that servers speak; endings are left open.
WHO = (
    r"(?:user|username|userid|recipients?|mailbox(?:es)?|(?:e-?mail )?account|(?:e-?mail |mail )?address(?:ee)?"
    r"|subscriber|local[ -]?part|inbox|customer|person|mail-?drop|alias|destination|login)"
)

# Said of recipients by servers of every kind. They count where the report gives them as the answer to this very
# recipient: beside a code, to RCPT TO, or in the field that is made for them.
GONE: Family = {
    "Postfix, sendmail": (r"<who>\W{0,4}(?:is |was |name )?(?:un-?known|not known|non-?exist|inexist|not exist)",),
    "sendmail, Exim, Courier, MailEnable": (
        r"(?:un-?known|invalid|non-?exist\w{0,6}|no such|illegal|bogus|undefined|bad|wrong)(?: or (?:illegal"
        r"|invalid|unknown))?(?:/\w+)?[ :]{1,2}(?:\w{1,20} ){0,2}<who>(?! (?:format|syntax|list))",
    ),
    "Gmail, cPanel, Exim": (r"<who>[^:;]{0,60}(?:does|do|did)(?: not|n.?t) (?:currently )?exist",),
    "Exchange": (r"<who>[^.:;]{0,60}(?:not|n.t)(?: be| been)? (?:found|located|recogni[sz]ed|listed|registered)",),
    "Exchange, GroupWise": (r"(?:not|unable to|cannot) (?:find|locate|resolve) (?:the |this |any )?<who>",),
    "Orange, Laposte": (r"<who>\b[^.:;]{0,30}(?:is |are )?(?:invalid|incorrect|not valid|undeliverable)",),
    "Courier, Zimbra": (r"<who>[^.:;]{0,40}no longer (?:exist|valid|in use|active|available|on |here|with|used)",),
    "providers": (r"<who>[^.:;]{0,40}(?:has been |was |is |been )(?:closed|deleted|terminated|removed|cancell?ed)",),
    "AOL, qmail": (
        r"(?:is|was) not an? (?:\w{1,20} ){0,2}<who>",
        r"n.t an? (?:valid|known) <who>",
        r"not our (?:user|customer)",
    ),
    "qmail, vpopmail": (
        r"(?:no|any) <who>(?: here| by that| with (?:that|this)| of that| for| at)",
        r"no one at this",
    ),
    "Yahoo": (r"(?:does(?:n.t| not)|did not|not) have an? .{0,60}account",),
    "Lotus Notes, MDaemon": (r"not (?:present )?in (?:the |our |my )?(?:directory|user (?:list|database))",),
    "Postfix": (
        r"\bunknown in (?:virtual|relay|local)",
        r"unknown to (?:address|this)",
        r"\bunknown address\b",
        r"recipient address rejected: (?:user|no such|unknown|invalid|undeliverable|does not)",
    ),
    "qmail, PowerMTA": (
        r"badrcptto",
        r"validrcptto",
        r"mailbox-not-found",
    ),
    "sendmail, RFC 3463": (
        r"recipient \W{0,3}(?:does not|doesn.t) exist",
        r"no valid recipients",
        r"bad destination mailbox",
    ),
    "moved": (
        r"(?:user|recipient|account|address|mailbox)[^.:;]{0,40}has (?:moved|left)",
        r"not our user",
        r"user not local",
    ),
    "German": (
        r"(?:benutzer|empfänger|adresse|postfach|konto|teilnehmer)[^.:;]{0,50}(?:unbekannt"
        r"|nicht gefunden|existiert nicht|nicht vorhanden|ungültig|gibt es nicht)",
        r"unbekannte[rs]? (?:benutzer|empfänger|adress)",
    ),
    "French": (
        r"(?:utilisateur|destinataire|adresse|compte|bo[iî]te)[^.:;]{0,50}(?:inconnu|invalide|inexistant"
        r"|introuvable|n.existe (?:pas|plus))",
    ),
    "Spanish, Portuguese": (
        r"(?:usuario|usuário|destinat[aá]rio|buz[oó]n|cuenta|conta|direcci[oó]n|endere[çc]o"
        r"|caixa)[^.:;]{0,50}(?:descono?[cç]id|desconhecid|(?:no|não|nao) existe|inexistente|inv[aá]lid"
        r"|n[oã]o? encontrad)",
        r"no existe (?:\w{1,20} ){0,2}(?:usuario|persona|buz[oó]n|cuenta|direcci[oó]n)",
    ),
    "Italian": (
        r"(?:utente|destinatario|casella|indirizzo)[^.:;]{0,50}(?:sconosciut|inesistente|non (?:esiste"
        r"|trovat|valid))",
        r"nessun utente",
    ),
    "Dutch": (
        r"(?:gebruiker|ontvanger|adres|postvak)[^.:;]{0,40}(?:onbekend|bestaat niet|ongeldig|niet gevonden)",
        r"onbekende (?:gebruiker|ontvanger)",
    ),
    "Nordic": (
        r"okänd (?:användare|mottagare|adress)",
        r"(?:användare|mottagare|adress)\w{0,9}[^.:;]{0,30}(?:okänd|finns inte)",
        r"uk(?:endt|jent) (?:bruger|bruker|modtager|mottaker)",
        r"(?:bruger|bruker|modtager|mottaker)\w{0,9}[^.:;]{0,30}(?:ukendt|ukjent|findes ikke|finnes ikke)",
        r"tuntematon (?:käyttäjä|vastaanottaja)",
    ),
    "Polish, Czech, Hungarian, Turkish": (
        r"(?:użytkownik|uzytkownik|adres|odbiorc|konto)\w{0,9}[^.:;]{0,30}(?:nieznan|nie istnieje)",
        r"nieznany (?:użytk|adres|odb)",
        r"neznám\w (?:uživatel|příjemce|adres)",
        r"(?:uživatel|adresát|schránka)[^.:;]{0,30}neexistuje",
        r"ismeretlen (?:felhasználó|címzett)",
        r"(?:kullanıcı|alıcı|adres)\w{0,9}[^.:;]{0,30}(?:bulunamadı|mevcut değil)",
    ),
    "Russian": (
        r"(?:пользовател|получател|адрес|ящик|абонент)\w{0,9}[^.:;]{0,50}(?:не найден|не существует"
        r"|неизвест|отсутств|не зарег)",
        r"(?:неизвестн\w{2,3}|нет тако\w{1,3}|несуществующ\w{2,3}) (?:пользовател|адрес|получател|ящик)",
    ),
    "Japanese": (
        r"(?:宛先|あて先|アドレス|ユーザー?|受信者|宛て先)[^。:;]{0,30}(?:存在しません|存在しない|見つかりません|不明です)",
    ),
    "Chinese": (
        r"(?:用户|用戶|使用者|收件人|收信人|邮箱|郵箱|信箱|帐号|账号|地址)[^。:;]{0,20}(?<!可能)(?:不存在|未找到|找不到|无效)",
        r"(?:没有|查无|查無|无此|無此)(?:该|該|此|这个)?(?:用户|用戶|使用者|收件人|邮箱|信箱)",
    ),
    "Korean": (
        r"(?:사용자|수신자|주소|계정|메일함)\w?[^.:;]{0,20}(?:존재하지 않|없는|없습니다|찾을 수 없)",
        r"없는 (?:사용자|주소|계정)",
    ),
}

# Said by one program only, and of its own mailboxes or of names that it looked up itself: they count anywhere.
GONE_SURELY: Family = {
    "Domino": (
        r"not listed in (?:the )?(?:domino|public|directory|address)",
        r"no match(?:es)? (?:was |were )?found in",
    ),
    "IMail": (
        r"\binvalid final delivery userid",
        r"^\W{0,4}unknown user: ?$",
    ),
    "Exchange": (
        r"recipnotfound",
        r"recipient ?notfound",
        r"resolver\.adr\.exrecip",
        r"(?:was|could)n.t (?:be )?found at the destination",
    ),
    "InterScan: the address was refused for good": (r"\(and other recipients in the same domain\)",),
    "Exim": (
        r"unrout(?:e?able) (?:mail )?(?:address|domain)",
        r"lookups? failed permanently",
        r"mx records? point to non",
    ),
    "sendmail, Postfix": (
        r"(?:host|domain)(?: name)?(?: is)? (?:un-?known|not found|non-?exist|does(?: not|n.t) exist)",
    ),
    "sendmail, Courier": (
        r"(?:unknown|no such|invalid|non-?exist\w{0,6}) (?:host|domain|mail server)",
        r"bad destination system",
    ),
    "Postfix, DragonFly": (
        r"(?:host|domain)[^;]{0,80}(?:not found|does not exist|n.t exist|no data known|non-existent)",
    ),
    "resolvers": (
        r"name or service not known",
        r"nxdomain",
    ),
    "RFC 7505": (
        r"null ?mx",
        r"no smtp service",
        r"(?:host|domain)[^.;]{0,60}(?:does|do)(?: not|n.t) accept (?:any )?e?-?mail",
    ),
}
