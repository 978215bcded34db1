"""What Jinja's templates are given."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.template import engines
from jinja2 import UndefinedError

from papersite.web.jinja import day, short_day, thousands, url


def render(template: str, **values: object) -> str:
    return str(engines["jinja2"].from_string(template).render(values))


def test_what_is_no_markup_is_escaped_and_a_missing_name_is_an_error() -> None:
    assert render("{{ text }}", text="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        render("{{ text }}")


def test_moments_are_told_in_utc_and_numbers_in_thousands() -> None:
    late = datetime(2026, 11, 7, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

    assert (day(late), short_day(late)) == ("2026-11-08", "8 Nov")
    assert short_day(datetime(2026, 3, 1, tzinfo=UTC)) == "1 Mar"
    assert (thousands(0), thousands(1234567)) == ("0", "1,234,567")


def test_addresses_are_those_of_the_site() -> None:
    assert url("catalogue:topic_detail", "graphs") == "/topics/graphs/"
    assert url("catalogue:home") == "/"
