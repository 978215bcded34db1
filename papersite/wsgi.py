"""The WSGI entry point that a web server loads."""

import os
import signal

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from papersite.web.answers import Answers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "papersite.settings")

application = Answers(get_wsgi_application(), most_streams=max(1, settings.WEB_THREADS // 2))

from papersite.observability import access, heartbeats, logs  # noqa: E402  they need loaded apps
from papersite.runtime import breaker, lifeline  # noqa: E402  they need loaded apps

logs.call_process("web")
if lifeline.VARIABLE in os.environ:
    # The server's first process may be killed: another will want the port.
    lifeline.stop_with_parent(signal.SIGKILL)
heartbeats.Pulse("web", figures=access.counts.figures).start()
breaker.breaker.start()
