"""What follows from something that happened to an account."""

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import email_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.signals import social_account_removed
from django.contrib.admin.models import LogEntry
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import history, sessions
from accounts.models import User
from papersite import desk

logger = logging.getLogger(__name__)


@receiver(user_logged_in, dispatch_uid="accounts.refuse_demo")
def refuse_demo(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Every way in ends here: by password, code, passkey, another site and in admin alike."""
    if not user.may_sign_in:
        logout(request)
        logger.warning("accounts.demo_refused user=%s", user.pk)
        raise PermissionDenied("Accounts of the demo do not sign in here.")


@receiver(authenticator_added, dispatch_uid="accounts.count_setting_up_as_proof")
def count_setting_up_as_proof(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Whoever set up an app or a passkey just now has shown it, and may see their recovery codes at once."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)


@receiver([authenticator_added, authenticator_removed], dispatch_uid="accounts.end_other_sessions")
def end_other_sessions(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """A session from before knows nothing of the new factor, and may be a thief's; a new password ends them too."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        sessions.end_others(request, user)


@receiver(email_changed, dispatch_uid="accounts.end_sessions_of_old_address")
def end_sessions_of_old_address(request: HttpRequest, user: User, **kwargs: Any) -> None:
    sessions.end_others(request, user)


@receiver(social_account_removed, dispatch_uid="accounts.end_sessions_of_unlinked_site")
def end_sessions_of_unlinked_site(request: HttpRequest, socialaccount: SocialAccount, **kwargs: Any) -> None:
    sessions.end_others(request, socialaccount.user)


@receiver(post_save, sender=LogEntry, dispatch_uid="accounts.keep_history")
def keep_history(instance: LogEntry, **kwargs: Any) -> None:
    history.keep(instance)


@receiver(desk.logged, dispatch_uid="accounts.keep_many")
def keep_many(entries: list[LogEntry], **kwargs: Any) -> None:
    history.keep_all(entries)
