"""Coming in: allauth's pages, which do the same for every address, and say what to do about a link that is old."""

from typing import Any

from allauth.account import app_settings
from allauth.account.internal.stagekit import stash_login
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import EmailVerificationStage, LoginByCodeStage, LoginStageController
from allauth.account.utils import get_login_redirect_url
from allauth.account.views import ConfirmEmailView, ConfirmLoginCodeView, RequestLoginCodeView, SignupView
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts import orders
from accounts.codes import SignInCode
from accounts.models import MailOrder
from papersite.web import csrf

# What a browser asked for: the link in the mail signs in there, and nowhere else.
SIGNED_UP = "accounts_signed_up"


class SignUp(SignupView):  # type: ignore[misc]
    """Orders the account, and asks to look into the inbox."""

    def form_valid(self, form: Any) -> HttpResponse:
        address = form.cleaned_data["email"]
        chosen = {name: form.cleaned_data.get(name, "") for name in ("follow", "time_zone")}
        orders.place(MailOrder.Kind.SIGN_UP, address, **chosen)
        # What was chosen goes along where the mail is asked for again.
        asked = {"address": address, "next": self.get_success_url() or "", "follow": chosen["follow"]}
        self.request.session[SIGNED_UP] = asked
        return redirect("account_email_verification_sent")


# Its box stands on every page, for everybody alike; nobody's being signed in adds to what it does.
sign_up = csrf.by_origin(SignUp.as_view())


class RequestCode(RequestLoginCodeView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        SignInCode.start(self.request, form.cleaned_data["email"])
        return redirect(self.get_success_url())


class ConfirmCode(ConfirmLoginCodeView):  # type: ignore[misc]
    """Takes a code, whatever the time: one that is too old is told so."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(get_login_redirect_url(request))
        self.stage = LoginStageController.enter(request, LoginByCodeStage.key)
        if self.stage is None:
            if request.method == "POST":
                messages.warning(
                    request, "That code is too old, or was asked for in another browser. Get another here."
                )
            return redirect("account_request_login_code")
        self._process = SignInCode(stage=self.stage)
        if not self._process.is_valid():
            # Put away, or the page that sends another one would lead back here.
            self._process.abort()
            return render(request, "account/code_too_old.html", {"email": self._process.state["email"]}, status=410)
        # Past allauth's own, which makes a process of its own of what is in the session.
        response: HttpResponseBase = super(ConfirmLoginCodeView, self).dispatch(request, *args, **kwargs)
        return response

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        """Also where the account was closed since."""
        if self._process.user is None:
            return self.form_invalid(form)  # type: ignore[no-any-return]
        return super()._verify_form_valid(form)  # type: ignore[no-any-return]


class ConfirmAddress(ConfirmEmailView):  # type: ignore[misc]
    """A link that confirms an address, once; pressed again, it says welcome again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if confirmed := self._confirmed():
            return self._welcome(confirmed)
        response: HttpResponseBase = super().get(request, *args, **kwargs)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if confirmed := self._confirmed():
            return self._welcome(confirmed)
        address, is_old = self._named()
        if address is None or is_old:
            self.object = None
            return self.render_to_response(self.get_context_data())  # type: ignore[no-any-return]
        self._sign_in_where_it_was_asked(address)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        _, is_old = self._named()
        return dict(super().get_context_data(**kwargs)) | {"is_old": is_old}

    def _welcome(self, address: EmailAddress) -> HttpResponse:
        if self.request.user.pk == address.user_id:
            return redirect(app_settings.SIGNUP_REDIRECT_URL)
        return render(self.request, "account/email_confirm.html", {"is_confirmed": True})

    def _confirmed(self) -> EmailAddress | None:
        address, is_old = self._named()
        return address if address is not None and address.verified and not is_old else None

    def _named(self) -> tuple[EmailAddress | None, bool]:
        """The address whose number is signed in the link, and whether that is older than links are good."""
        try:
            pk = signing.loads(self.kwargs["key"], salt=app_settings.SALT)
        except signing.BadSignature:
            return None, False
        is_old = False
        try:
            days = app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS
            signing.loads(self.kwargs["key"], salt=app_settings.SALT, max_age=days * 24 * 3600)
        except signing.SignatureExpired:
            is_old = True
        return EmailAddress.objects.filter(pk=pk).first(), is_old

    def _sign_in_where_it_was_asked(self, address: EmailAddress) -> None:
        asked = self.request.session.get(SIGNED_UP) or {}
        if asked.get("address") != address.email or self.request.user.is_authenticated:
            return
        del self.request.session[SIGNED_UP]
        login = Login(user=address.user, email=address.email, signup=True, redirect_url=asked["next"] or None)
        login.state["stages"] = {"current": EmailVerificationStage.key}
        stash_login(self.request, login)
