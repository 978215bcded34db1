"""Mistakes in the settings, each with an id and the variable that mends it."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError
from django.http.request import validate_host

from papersite.mailing import smtp
from papersite.runtime import beat

# Whose owners ask all servers to refuse mail in their name from any but their own (DMARC).
FREE_MAILERS = re.compile(
    r"(gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|me|gmx|web|proton|protonmail|mail|zoho|yandex)"
    r"\.(com|net|org|de|fr|it|es|ch|at|ru|me|co\.[a-z]{2})"
)
PLACEHOLDER = re.compile(r"(?i)change.?me|insecure|secret.?key|placeholder|example|password|your|replace|\.\.\.|\s")


def _is_weak(secret: str, *, least: int) -> bool:
    return len(secret) < least or len(set(secret)) < 6 or bool(PLACEHOLDER.search(secret))


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
    return not address.is_global


def _is_no_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return True
    return False


def _relay_in_the_clear() -> bool:
    server = settings.MAILERS["default"].get("OPTIONS", {})
    is_sealed = server.get("use_tls") or server.get("use_ssl")
    return bool(server.get("password")) and not is_sealed and not _is_this_machine(server.get("host") or "")


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _unknown_sources() -> list[str]:
    return [name for name in settings.HARVEST_SOURCES if name not in beat.HARVESTS]


@dataclass(frozen=True, slots=True)
class Rule:
    """What must not be; ``is_broken`` reads the settings. Ids that begin with E are errors."""

    id: str
    is_broken: Callable[[], Any]
    says: str
    hint: str

    def found(self) -> CheckMessage:
        kind = Error if self.id.startswith("E") else Caution
        return kind(self.says, hint=self.hint, id=f"papersite.{self.id}")


FOR_THE_WORLD = (
    Rule(
        "E001",
        lambda: _is_local(_host()),
        "Links in mails would lead to a machine that the world does not see.",
        "Set SITE_URL to the public address.",
    ),
    Rule(
        "E002",
        lambda: _is_no_address(parseaddr(settings.MAIL_FROM)[1]) or _is_local(settings.MAIL_DOMAIN),
        "Mails would come from an address that is none, or of this machine.",
        "Set MAIL_FROM to an address of yours: Papers <digest@papers.example.org>.",
    ),
    Rule(
        "E003",
        lambda: settings.MAILERS["default"]["BACKEND"].startswith("papersite."),
        "Mails would only be written to files.",
        "Set EMAIL_URL, or EMAIL_PROVIDER and its ANYMAIL_ variables.",
    ),
    Rule(
        "E004",
        lambda: _is_weak(settings.SECRET_KEY, least=50),
        "SECRET_KEY is short, or an example's: who guesses it signs in as anybody.",
        "Set SECRET_KEY to what `openssl rand -base64 48` says; earlier ones go into SECRET_KEY_FALLBACKS.",
    ),
    Rule(
        "E005",
        lambda: settings.METRICS_TOKEN and _is_weak(settings.METRICS_TOKEN, least=20),
        "METRICS_TOKEN is short, or an example's.",
        "Set METRICS_TOKEN to what `openssl rand -base64 24` says, or leave it empty.",
    ),
    Rule(
        "E006",
        lambda: settings.DEBUG,
        "Errors would show the site's insides, and accounts of the demo sign in.",
        "Set DEBUG to false.",
    ),
    Rule(
        "E007",
        lambda: not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
        "The site would answer to no name, or to any.",
        "Set ALLOWED_HOSTS to its public name, such as papers.example.org.",
    ),
    Rule(
        "E008",
        lambda: not settings.SITE_URL.startswith("https://"),
        "Whoever sits between a reader and the site could read and change everything.",
        "Set SITE_URL to an https:// address; the README's guide has a proxy with TLS.",
    ),
    Rule(
        "E009",
        lambda: settings.ALLOWED_HOSTS and not validate_host(_host(), settings.ALLOWED_HOSTS),
        "Links in mails would lead to a name that the site does not answer to.",
        "Add the host of SITE_URL to ALLOWED_HOSTS.",
    ),
    Rule(
        "E010",
        _relay_in_the_clear,
        "The mail server's password would travel in the clear.",
        "Begin EMAIL_URL with smtp+tls:// (port 587) or smtp+ssl:// (port 465).",
    ),
    Rule(
        "E011",
        lambda: FREE_MAILERS.fullmatch(settings.MAIL_DOMAIN),
        "Mails in the name of a free mailer's address are refused everywhere when anybody else sends them.",
        "Set MAIL_FROM to an address at a domain of yours.",
    ),
    Rule(
        "E013",
        lambda: settings.EMAIL_PROVIDER and not settings.ANYMAIL.get("WEBHOOK_SECRET"),
        "The provider cannot tell of bounces and complaints.",
        "Set ANYMAIL_WEBHOOK_SECRET to user:password, and the webhook's address at the provider.",
    ),
    Rule(
        "E014",
        lambda: (
            settings.EMAIL_PROVIDER
            and settings.ANYMAIL.get("WEBHOOK_SECRET")
            and _is_weak(str(settings.ANYMAIL["WEBHOOK_SECRET"]).partition(":")[2], least=16)
        ),
        "The webhook's secret is short, an example's, or not user:password: who guesses it stops readers' mail.",
        "Set ANYMAIL_WEBHOOK_SECRET to user:password, the password from `openssl rand -hex 16`.",
    ),
    Rule(
        "E015",
        lambda: settings.SITE_URL.startswith("https://") and not settings.ALLAUTH_TRUSTED_PROXY_COUNT,
        "The site speaks no TLS itself, so that a proxy must; without a rule all readers are one address to it, "
        "and share each other's limits.",
        "Set PROXY_COUNT to how many proxies stand before the site, mostly 1.",
    ),
    Rule(
        "E017",
        lambda: settings.HARVEST_SOURCES and not settings.HARVEST_CONTACT,
        "Sources ask who reads them, and may shut out who does not say.",
        "Set HARVEST_CONTACT to an address or page that leads to you.",
    ),
    Rule(
        "E018",
        lambda: settings.DIGEST_LEASE.total_seconds() < 2 * smtp.PATIENCE,
        f"A mail server may take {smtp.PATIENCE} seconds for one word; by then the next worker would send it again.",
        f"Set DIGEST_LEASE_SECONDS to {2 * smtp.PATIENCE} or more.",
    ),
    Rule(
        "W001",
        lambda: not settings.MAIL_POSTAL_ADDRESS,
        "Mails carry no postal address; several countries ask for one.",
        "Set MAIL_POSTAL_ADDRESS.",
    ),
    Rule(
        "W003",
        lambda: not settings.REDIS_URL,
        "Limits are counted in a file, which holds for the processes of one machine alone.",
        "Set REDIS_URL, whose cache all machines share.",
    ),
    Rule(
        "W004",
        lambda: settings.SITE_URL.startswith("https://") and not settings.SECURE_HSTS_SECONDS,
        "Browsers may still be led to this site without TLS.",
        "Once https works for good, set HSTS_SECONDS to 31536000; browsers then keep to it for a year.",
    ),
    Rule(
        "W005",
        lambda: not settings.ADMIN_SECOND_FACTOR,
        "A password alone opens admin.",
        "Leave ADMIN_SECOND_FACTOR at true.",
    ),
)
AT_EACH_START = (
    Rule(
        "E012",
        lambda: settings.EMAIL_PROVIDER and not _is_provider(settings.EMAIL_PROVIDER),
        "EMAIL_PROVIDER names none that anymail knows.",
        "Such as mailgun, postmark, amazon_ses, sendgrid, brevo, mailjet, resend.",
    ),
    Rule(
        "E016",
        _unknown_sources,
        "HARVEST_SOURCES names a source that there is not.",
        f"It takes {', '.join(beat.HARVESTS)}.",
    ),
)


def _is_provider(name: str) -> bool:
    return bool(re.fullmatch(r"[a-z_]+", name)) and find_spec(f"anymail.backends.{name}") is not None


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What suits one machine while trying things out, and must not face the world."""
    return [rule.found() for rule in FOR_THE_WORLD if rule.is_broken()]


@register(Tags.security)
def check_variables(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What somebody wrote and nothing reads, told whenever anything starts."""
    variables = settings.VARIABLES
    unknown = [
        Caution(
            f"Nothing reads {name}." + (f" Is {near} meant?" if near else ""),
            hint=".env.example lists every variable.",
            id="papersite.W007",
        )
        for name, near in variables.unknown().items()
    ]
    odd = [
        Caution(f"{line}.", hint="A comment needs a line of its own.", id="papersite.W008") for line in variables.lines
    ]
    return [rule.found() for rule in AT_EACH_START if rule.is_broken()] + unknown + odd


@register(Tags.security, deploy=True)
def check_demo(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Accounts with published passwords; says nothing where no database answers, or none with these tables yet."""
    try:
        count = get_user_model()._default_manager.filter(is_demo=True).count()
    except DatabaseError:
        return []
    if not count:
        return []
    return [
        Error(
            f"The database holds {count} accounts of the demo. They do not sign in while DEBUG is off.",
            hint="Begin with an empty DATABASE_URL, or delete them in admin; `createcurator ADDRESS` makes a curator.",
            id="papersite.E019",
        )
    ]
