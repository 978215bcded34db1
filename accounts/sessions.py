"""Where somebody is signed in, and how that ends elsewhere."""

from secrets import token_urlsafe

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from accounts.models import User


def end_others(request: HttpRequest, user: User) -> None:
    """Ends every session of a user but the one that asks, which goes on under a new key."""
    # Asked first: who a session is of is looked up once, and by the salt of that moment.
    is_theirs = request.user == user
    user.session_salt = token_urlsafe(16)
    user.save(update_fields=["session_salt"])
    if is_theirs:
        update_session_auth_hash(request, user)
