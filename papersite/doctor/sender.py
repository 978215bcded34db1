"""What receivers look up about the sender's domain: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489)."""

from collections.abc import Iterator, Sequence
from typing import Any

import dns.exception
import dns.resolver
from django.conf import settings

from papersite.doctor.lines import Line, wrong

# In seconds, for each question.
PATIENCE = 5.0


class Unanswered(Exception):
    """No resolver answers."""


def resolver(address: str = "") -> dns.resolver.Resolver:
    """That of this machine, or one at ``address``, such as 9.9.9.9 or 127.0.0.1:5353."""
    if not address:
        return dns.resolver.Resolver()
    found = dns.resolver.Resolver(configure=False)
    host, _, port = address.partition(":")
    found.nameservers = [host]
    found.port = int(port or 53)
    return found


def look(asked: dns.resolver.Resolver, selectors: Sequence[str]) -> Iterator[Line]:
    domain = settings.MAIL_DOMAIN
    try:
        yield _spf(asked, domain)
        yield from (_dkim(asked, domain, one) for one in selectors)
        if not selectors:
            yield wrong("DKIM", "which key the relay signs with is not known: set DKIM_SELECTOR")
        yield _dmarc(asked, domain)
    except Unanswered:
        yield wrong("sender's DNS", "no resolver answers: mend this machine's, or give one by --resolver")


def _spf(asked: dns.resolver.Resolver, domain: str) -> Line:
    found = [text for text in texts(asked, domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return wrong("SPF", f'{domain} has none: add TXT "v=spf1 include:… -all" as your relay says')
    if len(found) > 1:
        return wrong("SPF", f"{domain} has {len(found)}, which counts as an error: leave one")
    last = found[0].lower().split()[-1]
    if last in {"+all", "all"}:
        return wrong("SPF", f"{domain} lets everybody send for it: end it with -all")
    if last not in {"-all", "~all"} and not last.startswith("redirect="):
        return wrong("SPF", f"{domain} does not say who may not: end it with -all or ~all")
    return Line("SPF", found[0])


def _dkim(asked: dns.resolver.Resolver, domain: str, selector: str) -> Line:
    place = f"{selector}._domainkey.{domain}"
    keys = [tags for text in texts(asked, place) if "p" in (tags := _tags(text))]
    if not keys:
        return wrong("DKIM", f"no key at {place}: publish the one your relay signs with")
    if not keys[0]["p"]:
        return wrong("DKIM", f"the key at {place} was withdrawn (p= is empty): publish the one in use")
    return Line("DKIM", f"a key at {place}")


def _dmarc(asked: dns.resolver.Resolver, domain: str) -> Line:
    """Of the domain, or of the one above it that speaks for all below."""
    parts = domain.split(".")
    for start in range(max(1, len(parts) - 1)):
        place = f"_dmarc.{'.'.join(parts[start:])}"
        for text in texts(asked, place):
            tags = _tags(text)
            if tags.get("v", "").upper() == "DMARC1":
                policy = tags.get("sp", tags.get("p", "")) if start else tags.get("p", "")
                if policy in {"none", "quarantine", "reject"}:
                    return Line("DMARC", f"{place} says {policy}")
                return wrong("DMARC", f"{place} has no policy: add p=none, later p=quarantine")
    return wrong(
        "DMARC", f'{domain} has none: add TXT "v=DMARC1; p=none" at _dmarc.{domain}; large providers ask for one'
    )


def texts(asked: dns.resolver.Resolver, name: str) -> list[str]:
    """The TXT records there, each in one piece. Raises Unanswered."""
    try:
        answer: Any = asked.resolve(name, "TXT", lifetime=PATIENCE, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise Unanswered(name) from error
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}
