"""Signing up, signing in and changing the account: allauth's forms, with the site's rate limits.

A user holds the one address in their own row. An unconfirmed row of allauth's beside it is a change that
waits: it neither keeps the address from its owner nor lets anybody in.
"""

from datetime import timedelta
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from allauth.core import context
from allauth.socialaccount import forms as social_forms
from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from accounts import orders, rate_limits
from accounts.codes import SignInCode
from accounts.models import ApiToken, MailOrder, User


class RateLimitedForm(forms.Form):
    """Counts the mail that a valid form is about to order."""

    purpose = ""
    address_field = "email"

    def clean(self) -> Any:
        cleaned = super().clean()
        if not self.errors:
            rate_limits.consume(context.request, self.cleaned_data[self.address_field], purpose=self.purpose)
        return cleaned


class BaseSignUpForm(RateLimitedForm):
    purpose = "sign-up"
    cleaned_data: dict[str, Any]
    account_already_exists: bool

    def clean_email(self) -> str:
        return str(get_adapter().clean_new_email(self.cleaned_data["email"]))


class SignUpForm(BaseSignUpForm, account_forms.SignupForm):  # type: ignore[misc]
    """An address, and nothing else; whether it is known here a worker finds out."""


class SocialSignUpForm(BaseSignUpForm, social_forms.SignupForm):  # type: ignore[misc]
    """The address for one who comes by way of another site."""

    def clean_email(self) -> str:
        address = super().clean_email()
        self.account_already_exists = User.objects.filter(email=address).exists()
        return address

    def try_save(self, request: HttpRequest) -> Any:
        """Two clicks at once are one sign-up: the second finds the address taken, as a later one would."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class RequestCodeForm(RateLimitedForm, account_forms.RequestLoginCodeForm):  # type: ignore[misc]
    """An address to which a code goes if somebody holds it, which a worker finds out."""

    purpose = "code"

    def clean_email(self) -> str:
        return str(get_adapter().clean_email(self.cleaned_data["email"]))


class SignInForm(account_forms.LoginForm):  # type: ignore[misc]
    """By mailed code, or by password where one is typed."""

    def _setup_password_field(self) -> None:
        self.fields["password"] = PasswordField(label="Password", autocomplete="current-password", required=False)

    def clean_login(self) -> str:
        return str(get_adapter().clean_email(self.cleaned_data["login"]))

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        form = RequestCodeForm({"email": email})
        for errors in form.errors.values():
            self.add_error("login", errors)
        return dict(self.cleaned_data)

    def _login_by_code(self, request: HttpRequest, redirect_url: str | None, credentials: dict[str, Any]) -> Any:
        SignInCode.start(request, credentials["email"])
        query = {REDIRECT_FIELD_NAME: redirect_url} if redirect_url else None
        return redirect(reverse("account_confirm_login_code", query=query))


class ResetPasswordForm(RateLimitedForm, account_forms.ResetPasswordForm):  # type: ignore[misc]
    purpose = "reset"

    def clean_email(self) -> str:
        return str(get_adapter().clean_email(self.cleaned_data["email"]))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Orders the link; whose address it is a worker finds out."""
        orders.place(MailOrder.Kind.RESET, self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class ChangeAddressForm(RateLimitedForm, account_forms.AddEmailForm):  # type: ignore[misc]
    """The address that takes the place of the present one once it is confirmed."""

    purpose = "change"

    def clean_email(self) -> str:
        address = str(get_adapter().clean_new_email(self.cleaned_data["email"]))
        if address == self.user.email:
            raise get_adapter().validation_error("duplicate_email")
        return address


class RequestProofForm(account_forms.RequestReauthenticationCodeForm):  # type: ignore[misc]
    """A code goes to the address a user holds, whichever others were once confirmed."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        choices = [(user.email, user.email)]
        self.fields["recipient"] = forms.ChoiceField(choices=choices, initial=user.email, widget=forms.HiddenInput)


class DisconnectForm(social_forms.DisconnectForm):  # type: ignore[misc]
    def clean(self) -> Any:
        """Also the last link of somebody without a password: a code by mail always signs in."""
        return forms.Form.clean(self)


class TokenForm(forms.Form):
    """A new token for a program."""

    GOOD_FOR = [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "until I revoke it")]

    name = forms.CharField(
        label="What is it for?", max_length=60, widget=forms.TextInput(attrs={"placeholder": "my notebook"})
    )
    scope = forms.ChoiceField(
        label="It may",
        choices=[
            (ApiToken.Scope.READ, "read: my follows, saved papers, opinions, mails and schedule"),
            (ApiToken.Scope.WRITE, "read and change them"),
        ],
        initial=ApiToken.Scope.READ,
        widget=forms.RadioSelect,
    )
    days = forms.ChoiceField(label="It is good for", choices=GOOD_FOR, initial="90", required=False)

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not name.isprintable():
            raise forms.ValidationError("This holds signs that cannot be printed.")
        return name

    @property
    def good_for(self) -> timedelta | None:
        """Once it is valid: how long, None for without an end."""
        days = self.cleaned_data["days"]
        return timedelta(days=int(days)) if days else None


class CloseForm(forms.Form):
    """The address, typed as a proof that the button was not hit by chance."""

    address = forms.CharField(
        label="Type your address to close the account",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_address(self) -> str:
        typed = str(self.cleaned_data["address"]).strip().lower()
        if typed != self.user.email:
            raise forms.ValidationError("This is not the address of this account.")
        return typed
