"""The WSGI entry point that a web server loads."""

import os
import signal
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest

from papersite.web.answers import Answers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "papersite.settings")


def network_of(environ: dict[str, Any]) -> str:
    """As all limits count."""
    from allauth.account.adapter import get_adapter  # noqa: PLC0415  it needs loaded apps

    request = HttpRequest()
    request.META = environ
    return str(get_adapter(request).get_client_ip(request))


application = Answers(get_wsgi_application(), max(1, settings.WEB_THREADS // 2), network_of)

from papersite.observability import access, heartbeats, logs  # noqa: E402  they need loaded apps
from papersite.runtime import breaker, lifeline  # noqa: E402  they need loaded apps

logs.call_process("web")
if lifeline.VARIABLE in os.environ:
    # The server's first process may be killed: another will want the port.
    lifeline.stop_with_parent(signal.SIGKILL)
heartbeats.Pulse("web", figures=access.counts.figures).start()
breaker.breaker.start()
