"""What staff fill in about accounts."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.utils import timezone

from accounts import closing, notifications
from accounts.forms import ChangeAddressForm
from accounts.models import User

RIGHTS = ("is_active", "is_staff", "is_superuser")


class NewAccountForm(AdminUserCreationForm):  # type: ignore[type-arg]
    """An account for an address that is written and refused as at the sign-up."""

    class Meta:
        model = User
        fields = ["email"]

    def clean_email(self) -> str:
        return str(get_adapter().clean_new_email(self.cleaned_data["email"]))


class AccountForm(UserChangeForm):  # type: ignore[type-arg]
    """Somebody is always left to run the site."""

    def clean(self) -> Any:
        cleaned = super().clean()
        closing.lock_curators()
        held = User.objects.get(pk=self.instance.pk)
        is_less = any(getattr(held, right) and not self.cleaned_data.get(right, True) for right in RIGHTS)
        if is_less and closing.is_last_curator(held):
            raise forms.ValidationError("This is the last superuser: make another one first.")
        return cleaned


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """A password that a superuser sets or removes, and of which the account's owner is told."""

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)
        event = notifications.PASSWORD_BY_STAFF if user.has_usable_password() else notifications.PASSWORD_REMOVED
        notifications.tell(user, event, now=timezone.now())
        return user


class AskForAddressForm(ChangeAddressForm):
    """Another address for somebody who asked: it takes the place of the present one once it is confirmed."""

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(user, data)  # type: ignore[arg-type]
        self.fields["email"].label = "New address"

    def clean(self) -> Any:
        if not EmailAddress.objects.filter(user=self.user, email=self.user.email, verified=True).exists():
            raise forms.ValidationError(
                "The present address was never confirmed: the person can simply sign up with the other one."
            )
        return super().clean()

    def save(self, request: Any) -> Any:
        notifications.tell(
            self.user, notifications.ADDRESS_ASKED, now=timezone.now(), to_email=self.cleaned_data["email"]
        )
        return super().save(request)
