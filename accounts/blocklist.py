"""Addresses to which strangers can have no mail sent. Other apps know them, and register a check each."""

from collections.abc import Callable

Check = Callable[[str], bool]

_checks: dict[str, Check] = {}


def register(app_label: str, check: Check) -> None:
    """Adds an app's word on an address in lower case; called once, when the apps are ready."""
    _checks[app_label] = check


def is_blocked(address: str) -> bool:
    return any(check(address) for check in _checks.values())
