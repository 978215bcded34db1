"""Signing in by a mailed code: the same steps for every address until a code is right."""

from typing import Any

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest

from accounts import orders
from accounts.models import MailOrder, User


class SignInCode(LoginCodeVerificationProcess):  # type: ignore[misc]
    """allauth's, which asks whose the address is before it makes a code; here a worker does, and whoever has one."""

    @classmethod
    def start(cls, request: HttpRequest, address: str) -> None:
        """Makes a code, keeps it in the session, and orders a mail with it."""
        login = Login(user=None, email=address)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=None, email=address) | {"initiated_by_user": True})
        process = cls(stage=stage)
        orders.place(MailOrder.Kind.CODE, address, code=process.generate_code())
        process.add_sent_message({"email": address, "recipient": address})
        process.persist()

    @property
    def user(self) -> User | None:
        """Who holds the address now."""
        return User.objects.filter(email=self.state["email"], is_active=True).first()

    @property
    def can_resend(self) -> bool:
        """A new code is asked for where the first one was, and counted there."""
        return False

    def record_invalid_attempt(self) -> bool:
        # Not allauth's own for codes, which tells its signal whose account it was.
        return bool(super(LoginCodeVerificationProcess, self).record_invalid_attempt())

    def finish(self, redirect_url: str | None) -> Any:
        # Made on the command line or in admin, a user lacks the row that the code confirms.
        sync_user_email_address(self.user)
        return super().finish(redirect_url)
