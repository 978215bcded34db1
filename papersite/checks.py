"""Mistakes in the settings, each with an id and the variable that mends it."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What suits one machine while trying things out, and must not face the world."""
    found: list[CheckMessage] = []
    if settings.SITE_URL.startswith("http://localhost"):
        found.append(
            Error(
                "Links in mails would lead to localhost.",
                hint="Set SITE_URL to the public address.",
                id="papersite.E001",
            )
        )
    if settings.MAIL_DOMAIN == "localhost":
        found.append(
            Error("Mails would come from localhost.", hint="Set MAIL_FROM to an address of yours.", id="papersite.E002")
        )
    if settings.MAILERS["default"]["BACKEND"].startswith("papersite."):
        found.append(
            Error(
                "Mails would only be written to files.",
                hint="Set EMAIL_URL, or EMAIL_PROVIDER and its ANYMAIL_ variables.",
                id="papersite.E003",
            )
        )
    if settings.EMAIL_PROVIDER and not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        found.append(
            Caution(
                "The provider cannot tell of bounces and complaints.",
                hint="Set ANYMAIL_WEBHOOK_SECRET to user:password, and the webhook's address at the provider.",
                id="papersite.W002",
            )
        )
    if not settings.MAIL_POSTAL_ADDRESS:
        found.append(
            Caution(
                "Mails carry no postal address; several countries ask for one.",
                hint="Set MAIL_POSTAL_ADDRESS.",
                id="papersite.W001",
            )
        )
    if not settings.REDIS_URL:
        found.append(
            Caution(
                "Each process counts sign-ups and votes for itself, so that limits hold only with one process.",
                hint="Set REDIS_URL, whose cache all processes share.",
                id="papersite.W003",
            )
        )
    return found


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
        Caution(
            f"The database holds {count} accounts of the demo. They do not sign in while DEBUG is off.",
            hint="Begin with an empty DATABASE_URL, or delete them in admin; `createcurator ADDRESS` makes a curator.",
            id="papersite.W004",
        )
    ]
