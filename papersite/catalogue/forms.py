"""What curators fill in."""

from typing import Any

from django import forms

from papersite.catalogue import trending

# A year: beyond that a signal would be all that counts.
MOST_HOURS = 8760


class WeightsForm(forms.Form):
    """Hours for each doubling of a signal, one field a signal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in trending.DEFAULT_WEIGHTS:
            self.fields[name] = forms.FloatField(label=trending.NAMES[name], min_value=0, max_value=MOST_HOURS)
