"""Editions on pages of the catalogue."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

register = template.Library()


@register.filter
def of_day(by_day: Mapping[date, Any], day: date) -> Any:
    """What a mapping holds of a day."""
    return by_day.get(day)
