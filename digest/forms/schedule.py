"""When mail comes, and how much of it."""

from datetime import time
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms

from digest.models import MAX_CAP, Subscription

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
HOURS = [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]


def zones() -> list[tuple[str, str]]:
    """The zones named after a region and a city, and UTC; the rest are old names for these."""
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS and "/" in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    send_at = forms.TypedChoiceField(label="At", choices=HOURS, coerce=time.fromisoformat)
    time_zone = forms.ChoiceField(label="Time zone", choices=zones)
    days = forms.TypedMultipleChoiceField(
        choices=[(index, name) for index, name in enumerate(WEEKDAYS)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day, or unsubscribe."},
    )
    cap = forms.IntegerField(label="At most", min_value=1, max_value=MAX_CAP)
    paused_until = forms.DateField(
        required=False, label="Paused until", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = Subscription
        fields = ["send_at", "time_zone", "cap", "paused_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = self.instance
        self.initial = {
            **self.initial,
            "days": [index for index in range(7) if instance.weekdays >> index & 1],
            "send_at": instance.send_at.strftime("%H:%M"),
        }
        # Curators may set what is not offered here; the reader must be able to keep it.
        self._offer("time_zone", instance.time_zone)
        self._offer("send_at", f"{instance.send_at:%H:%M}")

    def _offer(self, name: str, held: str) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        choices = dict(field.choices)  # type: ignore[arg-type]
        if held not in choices:
            field.choices = [(held, held), *choices.items()]

    def save(self, commit: bool = True) -> Subscription:
        self.instance.weekdays = sum(1 << index for index in self.cleaned_data["days"])
        return cast("Subscription", super().save(commit))
