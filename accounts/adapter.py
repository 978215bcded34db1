"""How allauth's mails leave, which addresses it takes, and whose they are."""

import base64
import hashlib
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.encoding import punycode

from accounts import closing, devices, notifications, orders, rate_limits, reauthentication
from accounts.addresses import validate_address
from accounts.models import MailOrder, User
from papersite import links
from papersite.web.networks import network_of

# allauth's template prefix → our mail folder. Every mail of allauth's has one: a test walks its templates.
MAILS = {
    "account/email/email_confirmation_signup": "confirm_address",
    "account/email/email_confirmation": "confirm_new_address",
    "account/email/account_already_exists": "already_subscribed",
    "account/email/login_code": "sign_in_code",
    "account/email/unknown_account": "unknown_address",
    "account/email/password_reset_key": "reset_password",
}
# What a stranger who types an address can have sent to it; codes and new passwords are asked for by its reader.
ORDERED_BY_STRANGERS = {"confirm_address", "already_subscribed", "unknown_address"}
# Something about an account was changed: one mail, whose words follow the event.
NOTIFICATIONS = {
    "account/email/email_changed",
    "account/email/email_deleted",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "socialaccount/email/account_connected",
    "socialaccount/email/account_disconnected",
}
# What the words of these mails are made of; all else that allauth hands over stays here.
WORDS = {
    *("activate_url", "password_reset_url", "signup_url", "code", "reauthentication"),
    *("from_email", "to_email", "deleted_email", "provider", "timestamp"),
}
# Of what another site tells about a person, all that is kept.
KEPT = ("login", "name")


# Of allauth's limit of wrong passwords.
FAILED_SIGN_IN_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Orders a mail: a worker builds and sends it, so that no page waits for a mail server."""
        name = notifications.FOLDER if template_prefix in NOTIFICATIONS else MAILS[template_prefix]
        words = {key: _plain(key, value) for key, value in context.items() if key in WORDS}
        words["event"] = template_prefix.rpartition("/")[2]
        orders.place(MailOrder.Kind.MAIL, email, name=name, context=words)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        if user.wants_security_mail:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def clean_email(self, email: str) -> str:
        """The address in lower case, its domain in ASCII: one mailbox is one account however it is typed,
        and a letter of another alphabet shows as what it is."""
        address = str(super().clean_email(email)).lower()
        validate_address(address)
        local, _, domain = address.rpartition("@")
        try:
            cleaned = f"{local}@{punycode(domain)}"
        except UnicodeError:
            raise ValidationError("The part after the @ is no domain.") from None
        # RFC 5321, section 4.5.3.1: 64 octets before the @, and 254 in all leave room for the brackets.
        if len(cleaned.encode()) > 254 or len(local.encode()) > 64:
            raise ValidationError("No mail server would accept an address this long.")
        return cleaned

    def clean_new_email(self, email: str) -> str:
        """An address that somebody wants to begin with; those known already stay good."""
        cleaned = self.clean_email(email)
        domain = cleaned.rpartition("@")[2]
        if any(domain == refused or domain.endswith(f".{refused}") for refused in settings.REFUSED_DOMAINS):
            raise ValidationError("Addresses at %(domain)s are not taken here.", params={"domain": domain})
        return cleaned

    def get_client_ip(self, request: HttpRequest) -> str:
        """The network that asks: by this all limits count."""
        return network_of(str(super().get_client_ip(request)))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return rate_limits.password_key(request, str(credentials.get("email", "")).lower())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses before any hash is computed, and says for how long."""
        try:
            if wait := rate_limits.wait_for_password(request, str(credentials.get("email", "")).lower()):
                raise self.validation_error("too_many_login_attempts")
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            request.wait_seconds = wait or FAILED_SIGN_IN_SECONDS  # type: ignore[attr-defined]
            raise

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Whoever confirms an address has it: one who only typed it and never came in makes room."""
        others = User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id)
        if email_address.can_set_verified():
            others.filter(
                pk__in=list(closing.unconfirmed().filter(email=email_address.email).values_list("pk", flat=True))
            ).delete()
        if others.exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        return bool(super().confirm_email(request, email_address))

    def post_login(self, request: HttpRequest, user: User, *, signup: bool, **kwargs: Any) -> HttpResponseBase:
        """Tells the other apps of an address that another site vouched for: no link confirms that one."""
        if signup and "sociallogin" in (kwargs["signal_kwargs"] or {}):
            for address in EmailAddress.objects.filter(user=user, verified=True):
                email_confirmed.send(sender=EmailAddress, request=request, email_address=address)
        response: HttpResponseBase = super().post_login(request, user, signup=signup, **kwargs)
        devices.remember(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether an action takes a proof that allauth has not seen; one that no setting names does."""
        if not settings.REAUTHENTICATION_REQUIRED.get(app, True):
            return False
        return not reauthentication.has_signed_in_recently(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        return reauthentication.pages(user, super().get_reauthentication_methods(user))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        account = sociallogin.account
        account.extra_data = {name: account.extra_data[name] for name in KEPT if account.extra_data.get(name)}
        if account.pk:
            account.save(update_fields=["extra_data"])

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Keeps the one address that was chosen, confirmed only if the other site says so of that very one."""
        chosen = form.cleaned_data["email"]
        sociallogin.email_addresses = [each for each in sociallogin.email_addresses if each.email.lower() == chosen]
        user: User = super().save_user(request, sociallogin, form)
        return user

    def list_providers(self, request: HttpRequest) -> list[Any]:
        return [_by_its_name(provider) for provider in super().list_providers(request)]

    def get_provider(self, request: HttpRequest, provider: Any, client_id: str | None = None) -> Any:
        return _by_its_name(super().get_provider(request, provider, client_id))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("accounts:account")


def _plain(key: str, value: Any) -> Any:
    """A word of a mail as it can be stored."""
    if key.endswith("_url"):
        return links.absolute(str(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, bool) else str(value)


def _by_its_name(provider: Any) -> Any:
    """allauth says Orcid.org; its people say ORCID."""
    if provider.id == "orcid":
        provider.name = "ORCID"
    return provider


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps and recovery codes unreadable in a stolen database."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return "My passkey"


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa {secret}".encode()).digest())) for secret in secrets]
    )
