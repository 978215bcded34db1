"""The tokens in mails: a delivery's number and its signature.

They never expire, since a mail must stay readable and an unsubscribe link must work
whenever it is clicked. Changing ``SECRET_KEY`` ends them; ``SECRET_KEY_FALLBACKS`` keeps them.
"""

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


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".")
