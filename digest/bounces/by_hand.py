"""Suppressions that staff type or lift, with a reason that is kept. The address itself never is."""

from datetime import datetime

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


@transaction.atomic
def lift(suppression: Suppression, *, reason: str, now: datetime) -> bool:
    """Mail may go to the address again; False where somebody else has lifted it. Who unsubscribed stays so."""
    held = Suppression.objects.select_for_update().filter(pk=suppression.pk).first()
    if held is None:
        return False
    said = f"{reason} Stopped on {held.suppressed_at:%Y-%m-%d}: {held.reason}"
    MailEvent.objects.create(
        event_id=f"lifted:{held.pk}:{now.isoformat()}", source=SOURCE, kind=MailEvent.Kind.LIFTED,
        address_hash=held.address_hash, said=said[:300], received_at=now, applied_at=now,
    )  # fmt: skip
    held.delete()
    return True
