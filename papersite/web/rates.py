"""Rates as they are written in settings: ``3/10m,10/d`` is three in ten minutes and ten a day."""

import re
from typing import NamedTuple

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Rate(NamedTuple):
    amount: int
    seconds: int


def parse(written: str) -> tuple[Rate, ...]:
    """Raises ValueError where it is none; nothing written is no limit."""
    return tuple(_rate(part.strip()) for part in written.split(",") if part.strip())


def _rate(part: str) -> Rate:
    found = re.fullmatch(r"(\d+)/(\d*)([smhd])", part)
    if not found:
        raise ValueError(f"{part!r} is no rate such as 3/10m or 500/h")
    return Rate(int(found[1]), int(found[2] or 1) * SECONDS[found[3]])


def for_allauth(written: str, per: str) -> str:
    """The same in the words that allauth counts by: per ``ip``, ``key`` or ``user``."""
    parse(written)
    return ",".join(f"{part.strip()}/{per}" for part in written.split(",") if part.strip())


def pair(by_network: str, by_account: str) -> tuple[tuple[Rate, ...], tuple[Rate, ...]]:
    """What one network and what one account may do."""
    return parse(by_network), parse(by_account)
