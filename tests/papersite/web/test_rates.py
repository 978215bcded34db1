"""Rates, as operators write them."""

import pytest

from papersite.web.rates import Rate, for_allauth, pair, parse


def test_parse() -> None:
    assert parse("3/10m, 10/d") == (Rate(3, 600), Rate(10, 86400))
    assert parse("500/h") == (Rate(500, 3600),)
    assert parse("") == ()
    assert pair("1/s", "") == ((Rate(1, 1),), ())


@pytest.mark.parametrize("written", ["many", "3", "3/", "-1/m", "3/m/ip", "3/w", "3/10", "1.5/m"])
def test_what_is_no_rate_is_named(written: str) -> None:
    with pytest.raises(ValueError, match="is no rate such as 3/10m or 500/h"):
        parse(written)


def test_for_allauth() -> None:
    assert for_allauth("20/m,100/d", "ip") == "20/m/ip,100/d/ip"
