"""What a person types to become a reader."""

from typing import Any

from django import forms
from django.http import HttpRequest

from accounts.models import User


class SubscribeForm(forms.Form):
    """Joins allauth's sign-up form, which asks for the address.

    The zone is a guess that the browser's script fills in, and what to follow was chosen before, on some
    page of the site. Whatever else arrives is checked where it is used and never stops a sign-up.
    """

    follow = forms.CharField(required=False, widget=forms.HiddenInput)
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth once the user exists; the schedule follows from its signal."""


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
