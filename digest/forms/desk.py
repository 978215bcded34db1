"""What staff fill in about mail and its readers."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django import forms
from django.utils import timezone

from digest import tokens
from digest.bounces import handling
from digest.following import follows
from digest.models import Follow, Persona, Relay, Suppression

LONGEST_REST = timedelta(days=7)
MOST_SEARCHES = 50
REASON = forms.CharField(max_length=150, help_text="Who asked, and how; it is kept. Without the address.")


def typed_address(typed: str) -> str:
    """An address as accounts have it; "" where it is none."""
    try:
        return str(get_adapter().clean_email(typed.strip()))
    except forms.ValidationError:
        return ""


def hash_of(typed: str) -> str:
    """What is kept of an address as it was typed, written as at the sign-up; "" where it is none."""
    if "@" not in typed:
        return ""
    try:
        return tokens.address_hash(get_adapter().clean_email(typed.strip()))
    except forms.ValidationError:
        return tokens.address_hash(typed)


def _without_address(reason: str) -> str:
    if "@" in reason:
        raise forms.ValidationError("Leave the address out: only its hash is kept.")
    if reason in handling.REASONS.values():
        raise forms.ValidationError("These words are what mail servers' reports are kept under: use your own.")
    return reason


class SuppressForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address that must not be mailed, typed as an address."""

    address = forms.EmailField(max_length=254)
    reason = REASON

    class Meta:
        model = Suppression
        fields = ["reason"]

    def clean_address(self) -> str:
        return str(get_adapter().clean_email(self.cleaned_data["address"]))

    def clean_reason(self) -> str:
        return _without_address(self.cleaned_data["reason"])


class LiftForm(forms.Form):
    reason = REASON

    def clean_reason(self) -> str:
        return _without_address(self.cleaned_data["reason"])


class RelayForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Relay
        fields = ["is_paused", "alarm", "down_until"]

    def clean_alarm(self) -> str:
        typed = str(self.cleaned_data["alarm"])
        if typed not in ("", self.initial.get("alarm", "")):
            raise forms.ValidationError("An alarm is lifted by emptying it; its words are the site's own.")
        return typed

    def clean_down_until(self) -> datetime | None:
        """A mistyped year would be a pause that nobody sees as one."""
        until: datetime | None = self.cleaned_data["down_until"]
        if until is not None and "down_until" in self.changed_data and until > timezone.now() + LONGEST_REST:
            raise forms.ValidationError(f"At most {LONGEST_REST.days} days ahead: for longer, pause all mail.")
        return until


class PersonaForm(forms.ModelForm):  # type: ignore[type-arg]
    """A made-up reader, whose searches can be followed."""

    class Meta:
        model = Persona
        fields = "__all__"

    def clean_searches(self) -> str:
        lines = [line for line in map(follows.one_line, str(self.cleaned_data["searches"]).splitlines()) if line]
        if len(lines) > MOST_SEARCHES:
            raise forms.ValidationError(f"At most {MOST_SEARCHES} searches; these are {len(lines)}.")
        if problems := [f"“{line[:80]}”: {said}" for line in lines if (said := follows.problem_of(line))]:
            raise forms.ValidationError(problems)
        return "\n".join(lines)


class FollowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A follow whose search can be followed, as the reader's own page asks."""

    class Meta:
        model = Follow
        fields = ["kind", "topic", "author", "search", "mutes"]

    def clean_search(self) -> str:
        text = follows.one_line(str(self.cleaned_data["search"]))
        if text and (problem := follows.problem_of(text)):
            raise forms.ValidationError(problem)
        return text
