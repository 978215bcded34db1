"""The tokens in mails: a delivery's number and its signature.

They never expire, since a mail must stay readable and an unsubscribe link must work
whenever it is clicked. Changing ``SECRET_KEY`` ends them; ``SECRET_KEY_FALLBACKS`` keeps them.
"""

import hashlib
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer

_SALT = "digest.delivery"


def make(delivery_id: int) -> str:
    return _signer().sign(str(delivery_id))


def read(token: str) -> int | None:
    """The delivery's number, or None where the token is not one of ours."""
    try:
        value = _signer().unsign(token)
    except BadSignature:
        return None
    return int(value) if value.isascii() and value.isdigit() else None


def message_id(delivery_id: int, day: date) -> str:
    """The same at every attempt, so that a mail sent twice can be told from two mails."""
    return f"<d.{delivery_id}.{day:%Y%m%d}@{settings.MAIL_DOMAIN}>"


@lru_cache(maxsize=5_000)
def address_hash(address: str) -> str:
    """What is kept of an address that must not be mailed; addresses are stored in lower case."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def _signer() -> Signer:
    return _signer_with(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _signer_with(key: str, fallbacks: tuple[str, ...]) -> Signer:
    return Signer(key=key, fallback_keys=list(fallbacks), salt=_SALT, sep=".")
