"""Papers and times in addresses."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.converters import DayConverter, MonthConverter, PaperIdConverter, WeekConverter

days = st.dates(date(1000, 1, 4), date(9999, 12, 1))


@given(days)
def test_a_day_leads_back_to_itself(day: date) -> None:
    assert DayConverter().to_python(DayConverter().to_url(day)) == day


@given(days)
def test_a_week_leads_back_to_its_monday(day: date) -> None:
    monday = WeekConverter().to_python(WeekConverter().to_url(day))

    assert monday.isocalendar()[:2] == day.isocalendar()[:2]
    assert monday.weekday() == 0


@given(days)
def test_a_month_leads_back_to_its_first_day(day: date) -> None:
    assert MonthConverter().to_python(MonthConverter().to_url(day)) == day.replace(day=1)


@pytest.mark.parametrize(
    ("converter", "value"),
    [(DayConverter(), "2026-02-30"), (WeekConverter(), "2026-W60"), (MonthConverter(), "2026-13")],
)
def test_a_time_that_is_none_is_refused(converter: DayConverter, value: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        converter.to_python(value)


@pytest.mark.parametrize("value", ["p1", "2605.29801", "0704.0001", "hep-th/9901001", "math/0309136"])
def test_a_paper_id_leads_back_to_itself(value: str) -> None:
    assert re.fullmatch(PaperIdConverter.regex, value) is not None
    assert PaperIdConverter().to_python(PaperIdConverter().to_url(value)) == value


@pytest.mark.parametrize(
    "value",
    ["p", "p-1", "p" + "1" * 19, "2605.298", "2605.29801v2", "29801", "hep-th/990100", "math.gt/0309136", "../x"],
)
def test_what_is_no_paper_id_is_no_address(value: str) -> None:
    assert re.fullmatch(PaperIdConverter.regex, value) is None
