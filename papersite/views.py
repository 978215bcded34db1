"""Pages of the site itself: its health, its outbox while DEBUG, its errors."""

import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from papersite.mailing import outbox as folder
from papersite.web.missing import Missing
from papersite.web.shared_pages import shared
from papersite.web.sheets import on_a_sheet

MAIL_CSP = {"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "frame-ancestors": [CSP.SELF]}
# In seconds: a database that restarts is back by then.
AWAY = 30


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@shared()
@on_a_sheet
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored of whom, why, and for how long."""
    return render(request, "privacy.html", {"postal_address": settings.MAIL_POSTAL_ADDRESS})


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What was mailed on this machine, newest first. The address exists only while DEBUG."""
    mails = [(path.stem, folder.read(path)) for path in folder.newest(settings.OUTBOX_DIR)]
    return render(request, "outbox.html", {"mails": mails, "folder": settings.OUTBOX_DIR})


@require_safe
def outbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    mail = folder.read(_path(name))
    return render(request, "outbox_mail.html", {"name": name, "mail": mail, "text": _body(mail, "plain")})


@require_safe
@xframe_options_sameorigin
@csp_override(MAIL_CSP)
def outbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a mail as it left, for a frame: mails carry their styles in their tags.

    Its links open in the whole window, since no page of the site lets itself be framed.
    """
    html = _body(folder.read(_path(name)), "html")
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


def _path(name: str) -> Path:
    path = settings.OUTBOX_DIR / f"{name}.eml"
    if path.parent != settings.OUTBOX_DIR or not path.is_file():
        raise Http404("There is no such mail.")
    return Path(path)


def _body(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""


def too_many_requests(request: HttpRequest, exception: Exception | None = None, *, wait: int = 60) -> HttpResponse:
    """Also where allauth counted, which says nothing of how long: its windows are minutes."""
    response = _said_in_kind(request, "Too many requests: wait a little, then try again.", 429, wait)
    return response or _with_wait(render(request, "429.html", {"wait": wait}, status=429), wait)


def out_of_count(request: HttpRequest) -> HttpResponse:
    """Nobody can count attempts just now, and without a count the doors stay shut."""
    response = _said_in_kind(request, "This rests for a moment: try again in a minute.", 503, 60)
    return response or _with_wait(render(request, "error.html", {"status": 503}, status=503), 60)


def _said_in_kind(request: HttpRequest, words: str, status: int, wait: int) -> HttpResponse | None:
    """For what is no page: a fragment for htmx, JSON where it is asked for; else None."""
    if getattr(request, "htmx", False):
        return _with_wait(render(request, "_partials/notice.html", {"words": words}, status=status), wait)
    if request.path_info.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
        return _with_wait(JsonResponse({"detail": words, "retry_after": wait}, status=status), wait)
    return None


def _with_wait(response: HttpResponse, wait: int) -> HttpResponse:
    response.headers["Retry-After"] = str(wait)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "error.html", {"status": 400}, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "error.html", {"status": 403}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "error.html", {"status": 403, "is_stale_form": True}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    context: dict[str, Any] = {"status": 404}
    if isinstance(exception, Missing):
        context |= {"words": exception.words, "links": exception.links}
        if exception.label and not exception.links:
            context["links"] = [(request.path, exception.label)]
    return render(request, "error.html", context, status=404)


def database_away(request: HttpRequest) -> HttpResponse:
    """Made without the database, and so without knowing who asks."""
    words = "We cannot reach our own records just now: try again in half a minute."
    if request.path_info.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
        return _with_wait(JsonResponse({"detail": words, "retry_after": AWAY}, status=503), AWAY)
    response = HttpResponse(render_to_string("away.html", {"site_name": settings.SITE_NAME}), status=503)
    response.headers["Cache-Control"] = "no-store"
    return _with_wait(response, AWAY)


def server_error(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return database_away(request)
    return render(request, "error.html", {"status": 500}, status=500)
