"""What curators fill in."""

import pytest

from papersite.catalogue.forms import WeightsForm

GOOD = {"vote_count": "12", "hf_upvotes": "4.5", "github_week": "0"}


def test_weights_are_hours_for_each_signal() -> None:
    form = WeightsForm(GOOD)

    assert form.is_valid()
    assert form.cleaned_data == {"vote_count": 12.0, "hf_upvotes": 4.5, "github_week": 0.0}


@pytest.mark.parametrize("value", ["", "-1", "nan", "inf", "9000", "many"])
def test_a_weight_that_is_none_is_refused(value: str) -> None:
    form = WeightsForm({**GOOD, "hf_upvotes": value})

    assert list(form.errors) == ["hf_upvotes"]
