"""What the sign-up form asks beside the address.

Apart from the other forms, since allauth's, which those extend, imports this one.
"""

from typing import Any

from django import forms
from django.http import HttpRequest


class SubscribeForm(forms.Form):
    """Joins allauth's sign-up form, which asks for the address.

    The zone is a guess that the browser's script fills in, and what to follow was chosen before, on some
    page of the site. Whatever else arrives is checked where it is used and never stops a sign-up.
    """

    follow = forms.CharField(required=False, widget=forms.HiddenInput)
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth once the user exists; the schedule follows from its signal."""
