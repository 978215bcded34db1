"""What a reader may choose."""

from datetime import time
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms

from digest.models import MAX_CAP, Follow, Subscription
from papersite.catalogue.models import Author, Topic
from papersite.catalogue.search import language

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
HOURS = [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]


def zones() -> list[tuple[str, str]]:
    """The zones named after a region and a city, and UTC; the rest are old names for these."""
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS and "/" in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class SubscriptionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The schedule and the topics, on one page."""

    topics = forms.ModelMultipleChoiceField(
        Topic.objects.offered(), required=False, widget=forms.CheckboxSelectMultiple
    )
    trending = forms.BooleanField(required=False, label="Trending overall")
    send_at = forms.TypedChoiceField(label="At", choices=HOURS, coerce=time.fromisoformat)
    time_zone = forms.ChoiceField(label="Time zone", choices=zones)
    days = forms.TypedMultipleChoiceField(
        choices=[(index, name) for index, name in enumerate(WEEKDAYS)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day, or unsubscribe below."},
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
        follows = [follow for follow in instance.follows.all() if not follow.mutes]
        self.initial = {
            **self.initial,
            "topics": [follow.topic_id for follow in follows if follow.kind == Follow.Kind.TOPIC],
            "trending": any(follow.kind == Follow.Kind.TRENDING for follow in follows),
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

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        follows_more = self.instance.follows.filter(kind__in=["author", "search"], mutes=False).exists()
        if not (cleaned.get("trending") or cleaned.get("topics") or follows_more):
            self.add_error("topics", "Choose at least one topic, or trending overall: else there is nothing to send.")
        return cleaned

    def save(self, commit: bool = True) -> Subscription:
        self.instance.weekdays = sum(1 << index for index in self.cleaned_data["days"])
        return cast("Subscription", super().save(commit))


class FollowForm(forms.Form):
    """One author, topic or search to follow or to mute."""

    topic = forms.ModelChoiceField(Topic.objects.all(), required=False)
    author = forms.ModelChoiceField(Author.objects.all(), required=False)
    search = forms.CharField(required=False, max_length=300, strip=True)
    mutes = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            raise forms.ValidationError("This topic or author is not here any more.")
        targets = {name: cleaned[name] for name in ("topic", "author", "search") if cleaned.get(name)}
        if len(targets) != 1:
            raise forms.ValidationError("Type what to follow, such as “protein folding” or author:hinton.")
        if search := cleaned.get("search"):
            query = language.parse(search)
            if query.problems or query.node is None:
                raise forms.ValidationError(" ".join(query.problems) or "This search asks for nothing.")
        return cleaned | {"kind": next(iter(targets)), "targets": targets}
