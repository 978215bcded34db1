"""The admin site's door: the one of all readers, and a proof beyond the mailbox."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from papersite import desk

# What opens a mailbox opens these.
BY_MAIL = {"code", "password_reset"}


class Desk(desk.Desk):
    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not missing_proof(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Takes no password: all limits and factors are those of the site's own sign-in page."""
        after = _after(request)
        if self.has_permission(request):
            return redirect(after)
        if request.htmx:  # type: ignore[attr-defined]
            # A button of the desk on a page of the site: htmx would show nothing.
            there = urlencode({REDIRECT_FIELD_NAME: request.htmx.current_url_abs_path or after})  # type: ignore[attr-defined]
            return HttpResponse(headers={"HX-Redirect": f"{reverse('admin:login')}?{there}"})
        if not request.user.is_authenticated:
            return redirect_to_login(after, reverse("account_login"))
        is_staff = super().has_permission(request)
        context = {"missing": missing_proof(request) if is_staff else "", "next": after}
        return render(request, "accounts/desk.html", context, status=403)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")


def missing_proof(request: HttpRequest) -> str:
    """What a session lacks to open admin: "factor" where none is set up, "proof" where none was shown; or "".

    Django asks twice a page.
    """
    if (held := getattr(request, "_missing_proof", None)) is None:
        held = _missing_proof(request)
        setattr(request, "_missing_proof", held)  # noqa: B010  mypy knows no such attribute
    return str(held)


def _missing_proof(request: HttpRequest) -> str:
    shown = {record["method"] for record in get_authentication_records(request, request.user)}
    if not (settings.ADMIN_SECOND_FACTOR or is_mfa_enabled(request.user)):
        return "" if shown - BY_MAIL else "proof"
    if not is_mfa_enabled(request.user):
        return "factor"
    return "" if "mfa" in shown else "proof"


def _after(request: HttpRequest) -> str:
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # What is no address is taken for the name of a view.
    return wanted if "/" in wanted and is_ours else reverse("admin:index")
