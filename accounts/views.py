"""A person's own account: how they come in, what is held of them, and how they leave."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.account.views import PasswordSetView, RequestReauthenticationCodeView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import closing, export
from accounts.forms import CloseForm, RequestProofForm
from accounts.models import ApiToken, User, new_feed_key


@require_safe
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Which ways of signing in are set up, and where each thing about the account is done."""
    user = _user(request)
    keys = list(Authenticator.objects.filter(user=user))
    context = {
        "new_address": EmailAddress.objects.get_new(user),
        "passkeys": [key for key in keys if key.type == Authenticator.Type.WEBAUTHN],
        "app": next((key for key in keys if key.type == Authenticator.Type.TOTP), None),
        "recovery_codes": next((key.wrap() for key in keys if key.type == Authenticator.Type.RECOVERY_CODES), None),
        "linked": set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True)),
        "token_count": ApiToken.objects.filter(user=user).count(),
        "providers": get_social_adapter().list_providers(request),
    }
    return render(request, "accounts/account.html", context)


@require_POST
@login_required(redirect_field_name=None)
def renew_feeds(request: HttpRequest) -> HttpResponse:
    """New addresses for the private feeds, for one whose old ones got into other hands."""
    User.objects.filter(pk=_user(request).pk).update(feed_key=new_feed_key())
    messages.success(request, "Your private feeds have new addresses; the old ones are dead.")
    return redirect("accounts:account")


@require_safe
@login_required
@never_cache
@reauthentication_required(app="accounts.export")  # type: ignore[untyped-decorator]
def data(request: HttpRequest) -> HttpResponse:
    """What the zip holds, before it is asked for."""
    tables = [(name.replace("_", " "), sum(1 for _ in rows)) for name, rows in export.tables_of(_user(request))]
    return render(request, "accounts/data.html", {"tables": tables})


@require_safe
@login_required
@never_cache
def download(request: HttpRequest) -> HttpResponse | FileResponse:
    """The zip; without a fresh proof the page before it, which asks for one."""
    if is_reauthentication_required(request, app="accounts.export"):
        return redirect("accounts:data")
    now = timezone.now()
    name = f"{slugify(urlsplit(settings.SITE_URL).netloc)}-{now:%Y-%m-%d}.zip"
    return FileResponse(export.archive(_user(request), now=now), as_attachment=True, filename=name)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="accounts.closing")  # type: ignore[untyped-decorator]
def close(request: HttpRequest) -> HttpResponse:
    """Asks for the address, and closes the account at once."""
    user = _user(request)
    form = CloseForm(request.POST or None, user=user)
    is_refused = closing.is_last_curator(user)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(user)
        except closing.LastCurator:
            is_refused = True
        else:
            logout(request)
            return redirect("accounts:goodbye")
    status = 400 if form.errors else 409 if request.method == "POST" else 200
    return render(request, "accounts/close.html", {"form": form, "is_refused": is_refused}, status=status)


@require_safe
def goodbye(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/goodbye.html")


class RequestProofCode(RequestReauthenticationCodeView):  # type: ignore[misc]
    """allauth's page, which looks for no form of ours in the settings."""

    form_class = RequestProofForm


class SetPassword(PasswordSetView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Asks for the form anew where a proof is missing: allauth would keep the typed password in the session."""
        if request.method == "POST" and is_reauthentication_required(request, app="allauth.account"):
            return redirect("account_set_password")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
