"""Addresses that strangers may order no mail to. Who they are other rooms know, and tell here."""

from collections.abc import Callable

Refuses = Callable[[str], bool]

_refuses: dict[str, Refuses] = {}


def contribute(room: str, refuses: Refuses) -> None:
    """Registers a room's word on an address; called once, when the apps are ready."""
    _refuses[room] = refuses


def is_unwanted(address: str) -> bool:
    return any(refuses(address) for refuses in _refuses.values())
