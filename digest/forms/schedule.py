"""When mail comes, how much of it, and which."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings

from digest import zones
from digest.models import MAX_CAP, Subscription
from digest.planning.scheduling import local_day
from digest.readers.alternatives import WEEKDAYS
from digest.types import EVERY_DAY

Data = Mapping[str, Any] | None

DAYS = list(enumerate(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]))
RHYTHMS = [
    ("daily", "Every day"),
    ("weekdays", "Monday to Friday"),
    ("weekly", "Once a week"),
    ("days", "On days of my choice"),
]
REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
LONGEST_PAUSE = timedelta(days=730)
QUICK_PAUSES = {"week": 7, "month": 30}


def zone_choices() -> list[tuple[str, str]]:
    """The zones named after a region and a city, and UTC; the rest are old names for these."""
    names = sorted(name for name in zones.names() if name.partition("/")[0] in REGIONS and "/" in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ScheduleForm(forms.Form):
    rhythm = forms.ChoiceField(choices=RHYTHMS, widget=forms.RadioSelect)
    weekly_on = forms.TypedChoiceField(
        label="Once a week means", choices=DAYS, coerce=int, required=False, empty_value=None
    )
    days = forms.TypedMultipleChoiceField(
        label="Days of my choice", choices=DAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    send_at = forms.TimeField(
        label="At",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Type an hour and minutes such as 07:45."},
    )
    time_zone = forms.ChoiceField(label="Time zone", choices=zone_choices)
    cap = forms.IntegerField(label="Papers at most", min_value=1, max_value=MAX_CAP)
    on_quiet_days = forms.ChoiceField(
        choices=Subscription.QuietDays, widget=forms.RadioSelect, initial=Subscription.QuietDays.NOTHING
    )
    folds_alike = forms.BooleanField(
        label="Only the hottest, with the others named beneath it", required=False, initial=True
    )
    close_to_saved = forms.ChoiceField(
        choices=Subscription.CloseToSaved,
        widget=forms.RadioSelect,
        initial=Subscription.CloseToSaved.FEW,
        # A page that was opened before the site had it does not send it.
        required=False,
    )

    def __init__(self, data: Data = None, *, subscription: Subscription) -> None:
        super().__init__(data, initial=_as_chosen(subscription))
        if not settings.TASTE:
            del self.fields["close_to_saved"]
        if not settings.DIGEST_FOLDS_ALIKE:
            del self.fields["folds_alike"]
        # Curators may set what is not offered here; the reader must be able to keep it.
        field = cast("forms.ChoiceField", self.fields["time_zone"])
        choices = dict(cast("list[tuple[str, str]]", field.choices))
        if subscription.time_zone not in choices:
            field.choices = [(subscription.time_zone, subscription.time_zone), *choices.items()]

    def clean_send_at(self) -> time:
        return cast("time", self.cleaned_data["send_at"]).replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        rhythm = self.cleaned_data.get("rhythm")
        if rhythm == "days" and not self.cleaned_data.get("days") and "days" not in self.errors:
            self.add_error("days", "Choose at least one day, or unsubscribe.")
        if rhythm == "weekly" and self.cleaned_data.get("weekly_on") is None and "weekly_on" not in self.errors:
            self.add_error("weekly_on", "Choose the day.")
        return self.cleaned_data

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of a subscription that the form decides."""
        names = ["send_at", "time_zone", "cap", "on_quiet_days", "folds_alike"]
        if self.cleaned_data.get("close_to_saved"):
            names.append("close_to_saved")
        return {name: self.cleaned_data[name] for name in names if name in self.fields} | {"weekdays": self._weekdays()}

    def _weekdays(self) -> int:
        match self.cleaned_data["rhythm"]:
            case "daily":
                return EVERY_DAY
            case "weekdays":
                return WEEKDAYS
            case "weekly":
                return 1 << cast("int", self.cleaned_data["weekly_on"])
            case _:
                return sum(1 << index for index in self.cleaned_data["days"])


def _as_chosen(subscription: Subscription) -> dict[str, Any]:
    days = [index for index, _ in DAYS if subscription.weekdays >> index & 1]
    named = {EVERY_DAY: "daily", WEEKDAYS: "weekdays"}.get(subscription.weekdays, "days")
    return {
        "rhythm": "weekly" if len(days) == 1 else named,
        "weekly_on": days[0] if len(days) == 1 else 0,
        "days": days,
        "send_at": subscription.send_at,
        "time_zone": subscription.time_zone,
        "cap": subscription.cap,
        "on_quiet_days": subscription.on_quiet_days,
        "folds_alike": subscription.folds_alike,
        "close_to_saved": subscription.close_to_saved,
    }


class CloseForm(forms.Form):
    """How many papers of a mail come because they are close to what the reader saved."""

    close_to_saved = forms.ChoiceField(label="In my mails", choices=Subscription.CloseToSaved)


class PauseForm(forms.Form):
    """Until a day, or one of the quick choices, which are buttons."""

    until = forms.DateField(
        label="Until",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day on which mail comes again.", "invalid": "This is not a day."},
    )

    # The buttons beside the field need no day in it.
    use_required_attribute = False

    def __init__(self, data: Data = None, *, subscription: Subscription, now: datetime) -> None:
        self.today = local_day(now, subscription.time_zone)
        super().__init__(data, initial={"until": subscription.paused_until})
        self.fields["until"].required = self.data.get("for") not in QUICK_PAUSES
        earliest, latest = self.today + timedelta(days=1), self.today + LONGEST_PAUSE
        self.fields["until"].widget.attrs |= {"min": earliest.isoformat(), "max": latest.isoformat()}

    def clean_until(self) -> date:
        if days := QUICK_PAUSES.get(self.data.get("for", "")):
            return self.today + timedelta(days=days)
        until = cast("date", self.cleaned_data["until"])
        if until <= self.today:
            raise forms.ValidationError("Choose a day after today.")
        if until > self.today + LONGEST_PAUSE:
            raise forms.ValidationError("Two years at most; or unsubscribe, and come back whenever you like.")
        return until


class SwitchesForm(forms.Form):
    """Which mail comes at all."""

    digest = forms.BooleanField(label="The digest", required=False)
    news = forms.BooleanField(label="News of the site", required=False)
    security = forms.BooleanField(label="Changes to my account", required=False)
