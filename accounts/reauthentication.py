"""Proofs by which a reader who is signed in shows anew that it is them.

The settings say which actions take one, by which methods it is given, and for how long it is good.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest


def pages(user: Any, offered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of allauth's pages on which this user may give a proof, each with their second factor.

    The first is the one asked for.
    """
    factor = _factor(user)
    by_id = {page["id"]: page | {"factor": factor} for page in offered}
    return [by_id[name] for name in settings.REAUTHENTICATION_PROOFS[factor] if name in by_id]


def has_signed_in_recently(request: HttpRequest) -> bool:
    """Whether this session was signed in, or proved, no longer ago than a proof is good."""
    now = time.time()
    methods = settings.REAUTHENTICATION_BY_SIGN_IN[_factor(request.user)]
    records = get_authentication_records(request, request.user)
    return any(
        record["method"] in methods and 0 <= now - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        for record in records
    )


def _factor(user: Any) -> str:
    if is_mfa_enabled(user, types=[Authenticator.Type.TOTP]):
        return "app"
    return "passkey" if is_mfa_enabled(user) else "none"
