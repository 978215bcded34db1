"""Whole reports as servers of many kinds write them, in words of our own: what each comes to.

Servers' error strings are facts; the sentences, names and addresses around them are made up here.
"""

import pytest

from digest.bounces import reports

US = "digest@papers.example"
READER = "ada@reader.example"


def letter(text: str, subject: str = "Delivery failure", sender: str = "MAILER-DAEMON@mx.example") -> bytes:
    """A report without a part that is made for machines."""
    head = f"From: {sender}\r\nTo: {US}\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return head.encode() + text.replace("\n", "\r\n").encode()


def dsn(diagnostic: str, status: str = "5.0.0", text: str = "Your message did not arrive.") -> bytes:
    """A report by RFC 3464."""
    said = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: {US}\nSubject: Delivery Status Notification\n"
        "Auto-Submitted: auto-replied\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {READER}\nAction: failed\nStatus: {status}\n{said}\n"
        "--b\nContent-Type: message/rfc822\n\nSubject: Five papers\n\nHello\n--b--\n"
    ).encode()


def postfix(said: str, command: str = "RCPT TO") -> bytes:
    text = f"This is the mail system at host mx.example.\n\n<{READER}>: host mx.reader.example[192.0.2.7] said:\n"
    return letter(f"{text}    {said} (in reply to {command} command)\n", "Undelivered Mail Returned to Sender")


def exim(said: str, where: str = f"after RCPT TO:<{READER}>") -> bytes:
    return letter(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be"
        " delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        f"  {READER}\n    SMTP error from remote mail server {where}:\n    host mx.reader.example [192.0.2.7]:"
        f" {said}\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\nSubject: Five papers\n",
        "Mail delivery failed: returning message to sender",
    )


def qmail(said: str) -> bytes:
    return letter(
        "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the"
        " following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work"
        f" out.\n\n<{READER}>:\n{said}\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <x@y.example>\n",
        "failure notice",
    )


def sendmail(transcript: str) -> bytes:
    return letter(
        "The original message was received at Mon, 1 Jun 2026 08:00:00 GMT\nfrom localhost\n\n   ----- The following"
        f" addresses had permanent fatal errors -----\n<{READER}>\n\n   ----- Transcript of session follows -----\n"
        f"... while talking to mx.reader.example.:\n{transcript}\n",
        "Returned mail: see transcript for details",
    )


HARD = {
    "Postfix, virtual users": postfix(
        f"550 5.1.1 <{READER}>: Recipient address rejected: User unknown in virtual mailbox table"
    ),
    "Postfix, no code of its own": postfix("550 No such mailbox at this site"),
    "Postfix, relay's table": postfix("550 unverified address: user unknown in relay recipient table"),
    "Postfix, resolver": letter(
        f"<{READER}>: Host or domain name not found. Name service error for\n    name=reader.example type=AAAA:"
        " Host not found\n",
        "Undelivered Mail Returned to Sender",
    ),
    "Postfix, null MX": letter(
        f"<{READER}>: Domain reader.example does not accept mail (nullMX)\n", "Undelivered Mail Returned to Sender"
    ),
    "Exim, answer": exim("550 No Such User Here"),
    "Exim, wordy answer": exim(
        "550-The mailbox you want to reach is not listed on our site.\n    550 Unknown recipient"
    ),
    "Exim, own lookup": letter(
        f"The following address(es) failed:\n\n  {READER}\n    Unrouteable address\n", "Mail delivery failed"
    ),
    "Exim, all hosts": letter(
        f"The following address(es) failed:\n\n  {READER}\n    all relevant MX records point to non-existent hosts\n",
        "Mail delivery failed",
    ),
    "qmail, own mailbox": qmail("Sorry, no mailbox here by that name. (#5.1.1)"),
    "qmail, remote": qmail(
        "192.0.2.7 does not like recipient.\nRemote host said: 550 unknown account\nGiving up on 192.0.2.7."
    ),
    "qmail, resolver": qmail("Sorry, I couldn't find any host named reader.example. (#5.1.2)"),
    "sendmail, RCPT": sendmail(
        f">>> RCPT To:<{READER}>\n<<< 550 That person is not our customer\n550 5.1.1 <{READER}>... User unknown"
    ),
    "sendmail, pipelined": sendmail(
        f">>> DATA\n<<< 550 5.1.1 <{READER}>: invalid recipient\n<<< 503 5.5.0 need RCPT first"
    ),
    "sendmail, host": letter(
        f"   ----- The following addresses had permanent fatal errors -----\n<{READER}>\n\n   ----- Transcript of"
        " session"
        f" follows -----\n550 5.1.2 <{READER}>... Host unknown (Name server: reader.example: host not found)\n",
        "Returned mail: Host unknown",
    ),
    "Exchange 5.5": letter(
        "Your message\n\n  To:      Ada\n  Subject: Five papers\n\ndid not reach the following"
        f" recipient(s):\n\n{READER} on Mon,"
        " 1 Jun 2026\n    The recipient name is not recognized\n",
        "Undeliverable: Five papers",
        "System Administrator <x@reader.example>",
    ),
    "Exchange 2010": dsn("smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found #SMTP#", "5.1.1"),
    "Exchange Online, directory at the edge": dsn(
        "smtp;550 5.4.1 Recipient address rejected: Access denied. [AM0.x]", "5.4.1"
    ),
    "Exchange Online, German": letter(
        f"Fehler bei der Nachrichtenzustellung an folgende Empfänger:\n{READER}\n550 5.1.10"
        " RESOLVER.ADR.RecipientNotFound\n",
        "Unzustellbar: Fünf Arbeiten",
        "Microsoft Outlook <MicrosoftExchange329e@reader.example>",
    ),
    "Outlook.com": dsn("smtp;550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", "5.5.0"),
    "Gmail as sender": letter(
        f"Delivery to the following recipient failed permanently:\n\n     {READER}\n\nTechnical details of"
        " permanent failure:\n"
        "Google tried to deliver your message, but it was rejected by the server for the recipient domain.\n\n"
        "The error that the other server returned was:\n550 550 Unknown account here (state 14).\n",
        "Delivery Status Notification (Failure)",
    ),
    "Gmail as receiver": dsn(
        "smtp; 550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 - gsmtp", "5.1.1"
    ),
    "Gmail, no such domain": dsn(
        "smtp; DNS Error: DNS type 'mx' lookup of reader.example responded with code NXDOMAIN Domain name not found",
        "4.0.0",
    ),
    "Yahoo, after the data": postfix("552 1 Requested mail action aborted, mailbox not found", "end of DATA"),
    "vpopmail": qmail("This address no longer accepts mail."),
    "GroupWise, text alone": letter(
        "The message that you sent was undeliverable to the following:\n\tada (user not found)\n",
        "Message status - undeliverable",
        "Mailer-Daemon@reader.example",
    ),
    "Domino, no way": letter(
        f"Your message\n\n  Subject: Five papers\n\nwas not delivered to:\n\n  {READER}\n\nbecause:\n\n  No route"
        " found to domain reader from server MX1/Reader.  Check Server, Connection and Domain documents.\n",
        "DELIVERY FAILURE: No route found",
        "Postmaster@reader.example",
    ),
    "Exchange, Spanish, text alone": letter(
        f"Error de entrega a estos destinatarios:\n\n{READER}\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found\n",
        "No se puede entregar: Cinco artículos",
        "Microsoft Exchange <postmaster@reader.example>",
    ),
    "Domino": letter(
        f"Your message\n\n  Subject: Five papers\n\nwas not delivered to:\n\n  {READER}\n\nbecause:\n\n  User ada"
        f" ({READER})"
        " not listed in public Name & Address Book\n",
        "DELIVERY FAILURE: User ada not listed",
        "Postmaster@reader.example",
    ),
    "IMail": letter(
        f"Unknown user: {READER}\n\nRCPT TO generated following response:\n553 Addressee unknown, relay=[192.0.2.1]\n",
        "Undeliverable Mail",
    ),
    "GroupWise": dsn(
        "smtp; 550 Mailbox unavailable or access denied",
        "5.5.0",
        "after RCPT TO: The message that you sent was undeliverable",
    ),
    "hMailServer": letter(
        f"The following recipient(s) could not be reached:\n\n{READER}\n   Error Type: SMTP\n   Remote server"
        " (192.0.2.7)"
        f" issued an error.\n   hMailServer sent: RCPT TO:<{READER}>\n   Remote server replied: 550 Account is not"
        " local\n",
        "Undeliverable: Five papers",
    ),
    "MDaemon": letter(
        f"The attached message had PERMANENT fatal delivery errors!\n\n> {READER}\n\n--- Session Transcript ---\n"
        f"--> RCPT To:<{READER}>\n<-- 550 <{READER}>, Recipient unknown\n",
        "Permanent Delivery Failure",
        "MDaemon@mail-server.example",
    ),
    "XWall, ORF": letter(
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients"
        " failed"
        f" permanently:\n\n  * {READER}\n\nTechnical details:\nSMTP:RCPT host 192.0.2.7: 553 <{READER}>... no such"
        " user\n",
        "Delivery status notification",
    ),
    "Notes gateway": letter(
        f"------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\n{READER}\n\n-------"
        " Returned Message --------\n",
        "Undeliverable message",
        "postmaster@reader.example",
    ),
    "Sun, Oracle": dsn("smtp;550 5.1.1 unknown or illegal alias: ada", "5.1.1"),
    "OpenSMTPD": letter(
        "Hi!\n\nThis is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\nAn error has occurred while"
        " attempting to"
        f" deliver a message for\nthe following list of recipients:\n\n{READER}: 550 Invalid recipient\n     in"
        " response to RCPT TO\n",
        "Delivery status notification: error",
    ),
    "mail.ru": letter(
        f"Это письмо создано автоматически сервером.\n\n{READER}\nMessage was not accepted -- invalid"
        " mailbox.\nLocal mailbox"
        f" {READER} is unavailable: user not found\n",
        "Ваше сообщение не доставлено. Mail failure.",
    ),
    "Yandex": postfix("550 5.7.1 No such user!"),
    "Yahoo": exim("554 delivery error: dd This user doesn't have a reader.example account (ada) [0]"),
    "Tencent": postfix("550 Mailbox not found. http://service.mail.example/"),
    "Chinese": postfix("550 收件人帐号不存在"),
    "Japanese": postfix("550 宛先メールアドレスが見つかりません"),
    "German": postfix("550 Ein Postfach mit diesem Namen existiert hier nicht"),
    "French": postfix("550 Adresse du destinataire inconnue"),
    "Russian": postfix("550 такой пользователь не найден"),
    "Spanish": postfix("550 El buzón no existe"),
    "Portuguese": postfix("550 Conta de destino inexistente"),
    "Italian": postfix("550 Casella di posta inesistente"),
    "moved": dsn("smtp; 551 5.1.6 recipient no longer on server", "5.1.6"),
    "forwarding domain": dsn("smtp; 550 5.1.2 no such domain", "5.1.2"),
    "an appliance that wraps the report": (
        b"From: postmaster@filter.example\nSubject: Delivery Status Notification (Failure)\n"
        b'Content-Type: multipart/mixed; boundary="w"\n\n--w\nContent-Type: message/rfc822\n\n'
        + dsn("", "5.1.1")
        + b"\n--w\nContent-Type: text/plain\n\nThis mail is confidential.\n--w--\n"
    ),
}
OTHERS = {
    "Postfix, our address": postfix(
        f"550 5.1.0 <{US}>: Sender address rejected: User unknown in local recipient table"
    ),
    "Postfix, our name": postfix("550 Helo command rejected: Host not found"),
    "Postfix, full": postfix(f"552 5.2.2 <{READER}>: user is over quota"),
    "Postfix, later": postfix("450 4.1.1 unknown user, we shall see"),
    "Postfix, held": postfix("550 5.2.1 this account has been disabled, user unknown"),
    "Postfix, policy": postfix("554 5.7.1 refused by policy: no such user"),
    "Postfix, greylist": postfix("451 4.7.1 greylisted: recipient unknown so far"),
    "Exim, callout about us": exim(
        f"550-Verification failed for <{US}>\n    550-No Such User Here\n    550 Sender verify failed"
    ),
    "Exim, content": exim("550 This message was found to hold spam by user unknown", "after end of data"),
    "Exim, data": exim("550 unknown user or what", "after end of data"),
    "Exim, our sender": exim("550 Unrouteable sender address", f"after MAIL FROM:<{US}>"),
    "Exim, retry": letter(
        f"The following address(es) failed:\n\n  {READER}\n    host lookup did not complete: retry timeout exceeded\n",
        "Mail delivery failed",
    ),
    "qmail, full": qmail("The users mailfolder is over the allowed quota (size). (#5.2.2)"),
    "qmail, loop": qmail("This message is looping: it already has my Delivered-To line. (#5.4.6)"),
    "qmail, network": qmail("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)"),
    "qmail, our sender": qmail("Connected to 192.0.2.7 but sender was rejected.\nRemote host said: 550 unknown user"),
    "sendmail, our sender": sendmail(
        f">>> MAIL From:<{US}>\n<<< 553 5.1.8 Domain of sender address {US} does not exist"
    ),
    "sendmail, deferred": sendmail("<<< 421 too many connections, user unknown\n451 deferred"),
    "two answers that differ": sendmail(f">>> RCPT To:<{READER}>\n<<< 550 no such user\n<<< 452 mailbox full"),
    "Exchange, rights": dsn("smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; not found", "5.7.133"),
    "Exchange, expired": dsn("smtp;550 5.4.316 Message expired, connection refused", "5.4.316"),
    "Exchange, quota": dsn("smtp;554 5.2.2 STOREDRV; mailbox full: user not found in cache", "5.2.2"),
    "Office 365, reputation": dsn("smtp;550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "5.7.606"),
    "Outlook.com, list": dsn("smtp;550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent", "5.7.1"),
    "Gmail, authentication": dsn(
        "smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated", "5.7.26"
    ),
    "Gmail, a resolver that is away": dsn(
        "smtp; DNS Error: DNS type 'mx' lookup of reader.example responded with code SERVFAIL", "4.0.0"
    ),
    "an answer without a sender": b"Return-Path: <>\nX-Autoreply: yes\n"
    + letter("Not delivered to Ada: this user no longer exists here.\n", "Re: Five papers", f"Ada <{READER}>"),
    "Gmail, after the data": letter(
        f"Delivery to the following recipient failed permanently:\n\n     {READER}\n\nThe error that the other"
        " server returned"
        " was:\n550 550 unknown user (state 18).\n",
        "Delivery Status Notification (Failure)",
    ),
    "Google Groups": letter(
        "We're writing to let you know that the group you tried to contact (readers) may not exist, or you may not have"
        " permission to post messages to it.\n * You might have spelled the address wrong: recipient not found.\n",
        "Delivery Status Notification (Failure)",
    ),
    "Yahoo, rate": dsn("smtp; 421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", "4.7.0"),
    "a carrier's filter": dsn("smtp; 550 Unknown user ada@docomo.ne.jp", "5.2.0"),
    "SpamCop": dsn("smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked; recipient unknown", "5.7.1"),
    "maybe": letter(
        f"The mail for {READER} went nowhere. The mailbox may not exist any longer.\n", "Undeliverable Mail"
    ),
    "no reason": letter(f"Delivery failed 20 attempts: {READER}\n", "Undeliverable Mail"),
    "only a hint": letter(
        f"Could not deliver to {READER}.\nPlease check whether the address is wrong or the user is unknown.\n",
        "Delivery failure",
    ),
    "a delay": letter(
        f"Your message has been delayed. Last answer: 550 no such user at backup for {READER}\n",
        "Warning: still being retried",
    ),
    "a person who asks": letter(
        "> 550 5.1.1 no such user\nWhat is this? My mail could not be delivered.\n",
        "Re: Undeliverable: Five papers",
        f"Ada <{READER}>",
    ),
    "a person away": letter(
        "I have left the company, this address no longer exists.\n", "Automatic reply: Five papers", f"Ada <{READER}>"
    ),
}


@pytest.mark.parametrize("server", HARD)
def test_a_reader_who_is_gone_is_recognised(server: str) -> None:
    assert {report.kind for report in reports.read(HARD[server])} == {reports.HARD}


@pytest.mark.parametrize("server", OTHERS)
def test_nobody_else_loses_their_mail(server: str) -> None:
    assert reports.HARD not in {report.kind for report in reports.read(OTHERS[server])}
