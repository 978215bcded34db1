"""How an account ends: at once, and with everything that hangs on it."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import User

Farewell = Callable[[User], None]

_farewells: dict[str, Farewell] = {}


class LastCurator(Exception):
    """Nobody would be left to run the site."""


def before_closing(room: str, farewell: Farewell) -> None:
    """Registers what a room must put right before a person's rows go; called when the apps are ready."""
    _farewells[room] = farewell


def is_last_curator(user: User) -> bool:
    curators = User.objects.filter(is_superuser=True, is_active=True)
    return user.is_superuser and not curators.exclude(pk=user.pk).exists()


@transaction.atomic
def close(user: User) -> None:
    """Deletes the person and all their rows. A suppression stays: it is a hash that no row points at."""
    # The lock puts two curators who leave at once one after the other.
    list(User.objects.select_for_update().filter(is_superuser=True).values_list("pk"))
    if is_last_curator(user):
        raise LastCurator
    for farewell in _farewells.values():
        farewell(user)
    user.delete()
