"""The tokens in mails: a delivery's number and its key.

The key is random and stays with the row. Numbers come again when an older backup is restored, keys do not:
the link in one reader's mail never opens another's. Tokens never expire, since a mail must stay readable
and an unsubscribe link must work whenever it is clicked.

Deliveries that a former release claimed have no key. Their tokens are the number and its signature, which
changing ``SECRET_KEY`` ends and ``SECRET_KEY_FALLBACKS`` keeps.
"""

import hashlib
import re
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "digest.delivery"
# A number that any database takes, and what proves it.
_FORM = re.compile(r"([1-9]\d{0,17})\.[\w-]{1,64}", re.ASCII)


def make(delivery_id: int, key: UUID | None) -> str:
    """At most 51 characters with a key, which mail servers that fold addresses to lower case leave whole."""
    return _signer().sign(str(delivery_id)) if key is None else f"{delivery_id}.{key.hex}"


def number_in(token: str) -> int | None:
    """The number of the delivery that a token speaks of, which nothing proves yet; None where it is no token."""
    found = _FORM.fullmatch(token)
    return int(found[1]) if found else None


def opens(token: str, delivery_id: int, key: UUID | None) -> bool:
    """Whether it is this delivery's token."""
    if key is not None:
        return constant_time_compare(token.lower(), make(delivery_id, key))
    try:
        return _signer().unsign(token) == str(delivery_id)
    except BadSignature:
        return False


def of_copy(delivery_id: int, key: UUID | None, feed_key: str) -> str:
    """What opens a mail's read-only copy, to whoever has it from a reader's feed: it ends with the feed's key."""
    named = f"{delivery_id} {key}"
    proof = salted_hmac("digest.copy", named, secret=feed_key, algorithm="sha256").hexdigest()
    return f"{delivery_id}.{proof[:32]}"


def message_id(delivery_id: int, day: date, key: UUID | None) -> str:
    """The same at every attempt, so that a mail sent twice can be told from two mails.

    Mail servers log it: the key, which opens the mail's links, cannot be read from it.
    """
    name = (
        f"{day:%Y%m%d}" if key is None else hashlib.blake2b(key.bytes, digest_size=8, person=b"message-id").hexdigest()
    )
    return f"<d.{delivery_id}.{name}@{settings.MAIL_DOMAIN}>"


@lru_cache(maxsize=5_000)
def address_hash(address: str) -> str:
    """What is kept of an address that must not be mailed; addresses are stored in lower case."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def _signer() -> Signer:
    return _signer_with(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _signer_with(key: str, fallbacks: tuple[str, ...]) -> Signer:
    return Signer(key=key, fallback_keys=list(fallbacks), salt=_SALT, sep=".")
