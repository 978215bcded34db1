"""Where pages of the catalogue's rows are."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=10_000)
def address(page: str, of: str | int) -> str:
    """The path of one row's page. Lists and mails name the same few again and again."""
    return reverse(page, args=[of])
