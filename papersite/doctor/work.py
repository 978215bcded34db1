"""Whether each process works, and whether mail would be taken."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import mailers
from django.db import DatabaseError

from papersite.doctor.lines import Line, wrong
from papersite.models import Heartbeat, Probe
from papersite.runtime.processes import TABLE

# Beat orders a probe each minute; a worker may be at a digest, or at a harvest for longer.
PROBED_WITHIN = timedelta(minutes=5)
# In seconds, for each word of a mail server.
PATIENCE = 10


def processes(now: datetime) -> Iterator[Line]:
    """Each of the table, wherever it runs."""
    try:
        rows = list(Heartbeat.objects.all())
        probes = {one.queue: one for one in Probe.objects.all()}
    except DatabaseError:
        return
    for one in TABLE:
        mine = [row for row in rows if row.name == one.name or _takes(row, one.queues)]
        alive = [row for row in mine if row.is_alive(now)]
        if not alive:
            last = max((row.beaten_at for row in mine), default=None)
            since = f"not heard of since {last:%d %B, %H:%M} UTC" if last else "not heard of within a day"
            yield wrong(one.name, f"{since}: start it, by manage.py serve or its unit")
        elif silent := [queue for queue in one.queues if not _works(probes.get(queue), now)]:
            yield _silent(one.name, silent)
        else:
            versions = ", ".join(sorted({row.version for row in alive}))
            hosts = ", ".join(sorted({row.host for row in alive}))
            yield Line(one.name, f"{len(alive)} on {hosts}, version {versions}")


def _takes(row: Heartbeat, queues: tuple[str, ...]) -> bool:
    return bool(queues) and set(queues) <= set(row.queues.split(","))


def _works(probe: Probe | None, now: datetime) -> bool:
    return probe is not None and now - probe.done_at < PROBED_WITHIN


def _silent(name: str, queues: list[str]) -> Line:
    said = f"lives, but no order of beat came through {', '.join(queues)} within five minutes"
    if name == "harvest":
        return Line(name, f"{said}: at a long harvest, or see beat and broker")
    return wrong(name, f"{said}: see beat and broker")


def relay() -> Line:
    """Opens a session as a mail would, signs in where there is a password, and sends nothing."""
    mailer = settings.MAILERS["default"]
    if mailer["BACKEND"].startswith("anymail."):
        return Line("relay", f"{settings.EMAIL_PROVIDER}: a provider's API, which is asked with the first mail only")
    if not mailer["BACKEND"].endswith("smtp.EmailBackend"):
        return wrong("relay", "mails are written to files: set EMAIL_URL or EMAIL_PROVIDER")
    options = mailer["OPTIONS"]
    place = f"{options['host']}:{options['port']}"
    session: Any = mailers.default
    session.timeout = PATIENCE
    try:
        session.open()
    except smtplib.SMTPAuthenticationError as error:
        return wrong("relay", f"{place} refuses the login ({error.smtp_code}): mend user and password in EMAIL_URL")
    except (smtplib.SMTPException, OSError) as error:
        return wrong("relay", f"{place} cannot be used ({type(error).__name__}): mend EMAIL_URL, or the server")
    session.close()
    return Line("relay", f"{place} accepts {'a login' if options['username'] else 'a session'}")
