"""Suppressions that staff type or lift, with a reason that is kept. The address itself never is."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import batched

from django.db import transaction

from digest import tokens
from digest.models import MailEvent, Suppression

SOURCE = "staff"


def suppress(address: str, *, reason: str, now: datetime) -> tuple[Suppression, bool]:
    """No mail goes to an address from now on; whether that is new. One that is there already stays as it is."""
    return Suppression.objects.get_or_create(
        address_hash=tokens.address_hash(address),
        defaults={"reason": reason, "evidence": f"typed by staff, {now:%Y-%m-%d %H:%M} UTC", "suppressed_at": now},
    )


def suppress_all(reasons: Mapping[str, str], *, now: datetime) -> dict[str, Suppression]:
    """The same of many addresses at once, known by their hashes; those that are there already stay as they are."""
    evidence = f"brought by staff in a file, {now:%Y-%m-%d %H:%M} UTC"
    rows = [
        Suppression(address_hash=address_hash, reason=reason, evidence=evidence, suppressed_at=now)
        for address_hash, reason in reasons.items()
    ]
    Suppression.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return held(reasons)


def held(hashes: Iterable[str]) -> dict[str, Suppression]:
    """Those of these addresses that there are, by their hashes."""
    found = (Suppression.objects.filter(address_hash__in=some) for some in batched(hashes, 500))
    return {one.address_hash: one for rows in found for one in rows}


@transaction.atomic
def lift(suppression: Suppression, *, reason: str, now: datetime) -> bool:
    """Mail may go to the address again; False where somebody else has lifted it. Who unsubscribed stays so."""
    row = Suppression.objects.select_for_update().filter(pk=suppression.pk).first()
    if row is None:
        return False
    said = f"{reason} Stopped on {row.suppressed_at:%Y-%m-%d}: {row.reason}"
    MailEvent.objects.create(
        event_id=f"lifted:{row.pk}:{now.isoformat()}", source=SOURCE, kind=MailEvent.Kind.LIFTED,
        address_hash=row.address_hash, said=said[:300], received_at=now, applied_at=now,
    )  # fmt: skip
    row.delete()
    return True
