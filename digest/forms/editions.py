"""What curators write about a day."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from digest.composing import size
from digest.editions import editing
from digest.models import Edition, EditionRevision
from digest.models.editions import INTRO_LENGTH


class EditionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The words above and below a day's papers. It is saved over nothing that its writer has not seen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    while_it_goes_out = forms.BooleanField(required=False)
    intro = forms.CharField(required=False, max_length=INTRO_LENGTH, widget=forms.Textarea(attrs={"rows": 4}))
    site_news = forms.CharField(required=False, max_length=INTRO_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Edition
        fields = ["day", "intro", "site_news"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in Edition._meta.fields:
            if column.name in ("intro", "site_news"):
                self.fields[column.name].help_text = f"{column.help_text} At most {INTRO_LENGTH} characters."
        self.fields["site_news"].label = "News of the site"
        self.fields["version"].initial = self.instance.version
        self.gone, self.all = editing.mails(self.instance.day) if self.instance.pk else (0, 0)
        if not self.gone:
            del self.fields["while_it_goes_out"]
        else:
            self.fields["while_it_goes_out"].label = f"Yes, though {self.gone} of {self.all} mails have left"
            self.fields["while_it_goes_out"].help_text = "They stay as they are; the others get what you save."

    def clean(self) -> dict[str, Any]:
        """The caller is in a transaction: from here to its end nobody else changes the edition."""
        typed = super().clean() or self.cleaned_data
        day = typed.get("day") or self.instance.day
        if day:
            editing.check_day(day, timezone.now())
        if self.instance.pk:
            self._check_version(typed)
        if self.gone and not typed.get("while_it_goes_out"):
            self.add_error(
                "while_it_goes_out", f"{self.gone} of {self.all} mails of this day have left: tick to go on."
            )
        if not self.errors and day:
            self._check_size(typed, day)
        return typed

    def _check_version(self, typed: dict[str, Any]) -> None:
        held = Edition.objects.select_for_update().get(pk=self.instance.pk)
        if typed.get("version") not in (None, held.version):
            since = list(held.revisions.filter(number__gt=typed["version"]).order_by("number"))
            # Whoever saves again has read this.
            self.data = {**self.data.dict(), "version": str(held.version)}  # type: ignore[attr-defined]
            raise ValidationError(
                f"{editing.Stale(since)} Theirs is: “{held.intro}”. Saving again puts your words in place of theirs."
            )
        self.instance.version, self.instance.state = held.version, held.state

    def _check_size(self, typed: dict[str, Any], day: Any) -> None:
        picks = list(self.instance.picks.values_list("paper", "note", "is_for_all")) if self.instance.pk else []
        tried = EditionRevision(
            intro=typed["intro"], site_news=typed["site_news"], picks=[list(pick) for pick in picks]
        )
        if (length := size.of_longest(day, tried, timezone.now())) > size.LIMIT:
            raise ValidationError(
                f"The longest mail would have {length // 1000} kB; mail programs cut it off at {size.LIMIT // 1000}."
            )
