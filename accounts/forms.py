"""What a person types to become a reader."""

from typing import Any

from django import forms
from django.http import HttpRequest


class SubscribeForm(forms.Form):
    """Joins allauth's sign-up form, which asks for the address.

    The zone is a guess that the browser's script fills in; whatever else arrives
    is checked where the schedule is made and never stops a sign-up.
    """

    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth once the user exists; the schedule follows from its signal."""
