"""The account's page of tokens: where they are made, shown once, and revoked."""

from datetime import datetime

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import notifications, orders, tokens
from accounts.forms import TokenForm
from accounts.models import ApiToken, MailOrder, User


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="accounts.tokens")  # type: ignore[untyped-decorator]
def token_list(request: HttpRequest) -> HttpResponse:
    """All tokens of the reader. Making one shows its secret in the answer, and nowhere else."""
    user, now = _user(request), timezone.now()
    form = TokenForm(request.POST or None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            made, secret = tokens.make(
                user, name=wanted["name"], scope=wanted["scope"], now=now, good_for=form.good_for
            )
        except tokens.TooMany as error:
            form.add_error(None, str(error))
        else:
            _tell(user, "token_made", made, now)
            form = TokenForm()
    context = {"form": form, "made": made, "secret": secret, "tokens": ApiToken.objects.filter(user=user), "now": now}
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


@require_POST
@login_required(redirect_field_name=None)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Needs no fresh proof: it only ever takes away. A second click finds it gone already."""
    user = _user(request)
    ended = tokens.revoke(user, pk)
    if ended is not None:
        _tell(user, "token_revoked", ended, timezone.now())
        messages.success(request, f"Revoked: {ended.name}")
    return redirect("accounts:account" if "from_account" in request.POST else "accounts:tokens")


def _tell(user: User, event: str, token: ApiToken, now: datetime) -> None:
    if not user.wants_security_mail:
        return
    words = {"event": event, "timestamp": now.isoformat(), "token_name": token.name, "may_write": _may_write(token)}
    orders.place(MailOrder.Kind.MAIL, user.email, name=notifications.FOLDER, context=words)


def _may_write(token: ApiToken) -> bool:
    return token.scope == ApiToken.Scope.WRITE


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
