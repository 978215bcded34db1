"""Mails operators when something begins to be wrong, and when it is over: once each."""

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from anymail.exceptions import AnymailError
from django.conf import settings
from django.db.models import Max, Q

from accounts.models import User
from accounts.roles import OPERATORS
from digest.models import Incident
from digest.sending import wellbeing
from digest.sending.wellbeing import Check
from papersite.mailing import mail
from papersite.models import Heartbeat
from papersite.observability import heartbeats

logger = logging.getLogger(__name__)
# Without beat nobody comes here: other processes look for it, see ``look_for_beat``.
# A site that never had an index says so on the desk alone.
NOT_MAILED = {"beat", wellbeing.NO_INDEX}
BEAT = "beat is gone"
BEAT_GONE = timedelta(minutes=5)
LOOK_FOR_BEAT_EVERY = 60.0


def look(now: datetime) -> None:
    """Notes what begins and what is over, and tells it."""
    wrong = {one.key: one for one in wellbeing.checks(now) if not one.is_well and one.key not in NOT_MAILED}
    known = set(Incident.objects.filter(over_at=None).values_list("key", flat=True))
    # Beat ordered this look, so that it is back.
    Incident.objects.filter(over_at=None).exclude(key__in=wrong).update(over_at=now)
    Incident.objects.bulk_create(_new(wrong.values(), known, now), ignore_conflicts=True)
    _tell(now)


def look_for_beat(now: datetime) -> None:
    """Tells operators where beat was there and gives no sign any more: nothing is sent while it is gone.

    Web and workers ask. A site whose beat never began says so on the desk alone.
    """
    last = Heartbeat.objects.filter(name="beat").aggregate(Max("beaten_at"))["beaten_at__max"]
    if last is None or now - last < BEAT_GONE:
        return
    words = f"Beat: no sign of life since {last:%d %B, %H:%M} UTC. Without it no digest is planned; start it again."
    began = Incident(key=BEAT, words=words, began_at=now)
    Incident.objects.bulk_create([began], ignore_conflicts=True)
    _tell(now)


class BeatWatch:
    """Hears other processes' signs of life, and looks for beat once a minute in each."""

    def __init__(self) -> None:
        self.looked_at = time.monotonic()

    def heard(self, name: str, now: datetime, **signal: Any) -> None:
        if name in {"beat", "index"} or time.monotonic() - self.looked_at < LOOK_FOR_BEAT_EVERY:
            return
        self.looked_at = time.monotonic()
        look_for_beat(now)


watch = BeatWatch()
heartbeats.beaten.connect(watch.heard, dispatch_uid="digest.look_for_beat")


def _new(wrong: Iterable[Check], known: set[str], now: datetime) -> list[Incident]:
    return [
        Incident(key=one.key, words=f"{one.name}: {one.words}"[:300], began_at=now)
        for one in wrong
        if one.key not in known
    ]


def _tell(now: datetime) -> None:
    """What cannot be mailed now is tried again at the next look. Two who look at once tell it once."""
    for began in Incident.objects.filter(told_at=None, over_at=None):
        if Incident.objects.filter(pk=began.pk, told_at=None).update(told_at=now) and not _mail(began, is_over=False):
            Incident.objects.filter(pk=began.pk).update(told_at=None)
    for over in Incident.objects.filter(told_at__isnull=False, over_at__isnull=False, over_told_at=None):
        mine = Incident.objects.filter(pk=over.pk, over_told_at=None)
        if mine.update(over_told_at=now) and not _mail(over, is_over=True):
            Incident.objects.filter(pk=over.pk).update(over_told_at=None)


def _mail(incident: Incident, *, is_over: bool) -> bool:
    """Whether it could be mailed to all."""
    staff = User.objects.filter(Q(is_superuser=True) | Q(groups__name=OPERATORS), is_active=True, is_staff=True)
    try:
        for address in staff.order_by("pk").values_list("email", flat=True).distinct():
            context = {"incident": incident, "is_over": is_over, "desk_url": f"{settings.SITE_URL}/admin/"}
            mail.build("trouble", to=address, context=context).send()
    except (OSError, AnymailError) as error:
        logger.warning("incident.not_told key=%s error=%s", incident.key, type(error).__name__)
        return False
    return True
