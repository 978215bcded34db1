"""Personal tokens, by which programs act for a reader: made, found and revoked."""

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import Q

from accounts.models import ApiToken, User

# So that scanners of published code recognise one that was left in it.
BEGINNING = "papersite_"
LONGEST = 100
MOST = 20
# When it was used is kept to the minute: a busy program must not write a row for each of its questions.
USED_AGAIN_AFTER = timedelta(minutes=1)


class TooMany(Exception):
    """A person has as many tokens as one may."""

    def __init__(self) -> None:
        super().__init__(f"There are {MOST} tokens already, which is as many as there may be: revoke one first.")


class Expired(Exception):
    """A token whose time is over; ``at`` is when that was."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"This token ran out on {at:%d %B %Y}.")
        self.at = at


@transaction.atomic
def make(user: User, *, name: str, scope: str, now: datetime, good_for: timedelta | None) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again. ``good_for`` None: until it is revoked.

    Raises TooMany.
    """
    list(User.objects.select_for_update().filter(pk=user.pk).values_list("pk"))
    if ApiToken.objects.filter(user=user).count() >= MOST:
        raise TooMany
    secret = BEGINNING + token_urlsafe(32)
    expires_at = None if good_for is None else now + good_for
    made = ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        ending=secret[-4:],
        scope=scope,
        made_at=now,
        expires_at=expires_at,
    )
    return made, secret


def find(secret: str, now: datetime) -> ApiToken | None:
    """The token, with its user, and the note that it was used; None where it opens nothing. Raises Expired."""
    if not secret.startswith(BEGINNING) or len(secret) > LONGEST:
        return None
    # The secret is random: no hash that is slow on purpose has anything to protect here.
    found = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if found is None or not found.user.may_sign_in:
        return None
    if found.expires_at is not None and found.expires_at <= now:
        raise Expired(found.expires_at)
    if found.last_used_at is None or found.last_used_at < now - USED_AGAIN_AFTER:
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_AGAIN_AFTER)
        ApiToken.objects.filter(long_ago, pk=found.pk).update(last_used_at=now)
    return found


def revoke(user: User, pk: int) -> ApiToken | None:
    """Ends a person's own token at once; the one that was ended, None where there is none."""
    found = ApiToken.objects.filter(user=user, pk=pk).first()
    if found is not None:
        found.delete()
    return found


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
