"""How allauth's mails leave: through the site's own door, as the site's own mails."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError

from papersite import mail

# allauth's template prefix → our mail folder. What is not here keeps allauth's text.
MAILS = {
    "account/email/email_confirmation_signup": "confirm_address",
    "account/email/email_confirmation": "confirm_address",
    "account/email/account_already_exists": "already_subscribed",
    "account/email/login_code": "sign_in_code",
    "account/email/unknown_account": "unknown_address",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        name = MAILS.get(template_prefix)
        if name is None:
            super().send_mail(template_prefix, email, context)
        else:
            mail.build(name, to=email, context=context).send()

    def clean_email(self, email: str) -> str:
        cleaned = str(super().clean_email(email)).lower()
        # RFC 5321, section 4.5.3.1: 64 octets before the @, and 254 in all leave room for the brackets.
        if len(cleaned.encode()) > 254 or len(cleaned.rpartition("@")[0].encode()) > 64:
            raise ValidationError("No mail server would accept an address this long.")
        return cleaned
