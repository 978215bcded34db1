"""What a worker does with an order: finds out whose the address is, and mails what is right."""

import logging
import smtplib
from collections.abc import Callable
from threading import local

from allauth.account import signals
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from anymail.exceptions import AnymailRecipientsRefused
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts import blocklist, orders
from accounts.adapter import ORDERED_BY_STRANGERS
from accounts.models import MailOrder, User
from papersite.mailing import mail
from papersite.observability import logs

logger = logging.getLogger(__name__)

_busy = local()


def fulfil_due(is_stopping: Callable[[], bool] = lambda: False) -> int:
    """All that waits, one after the other; how many are done. One that fails is tried again later."""
    if getattr(_busy, "is_on", False):  # where tasks run at once: what is ordered meanwhile, this loop finds
        return 0
    _busy.is_on = True
    done = 0
    try:
        orders.drop_expired(timezone.now())
        while not is_stopping() and (order := orders.claim(timezone.now())):
            with logs.about(order=order.pk):
                done += _fulfil(order)
    finally:
        _busy.is_on = False
    return done


def _fulfil(order: MailOrder) -> bool:
    try:
        if order.kind == MailOrder.Kind.MAIL:
            _send(order)
            order.delete()
        else:
            with transaction.atomic(), context.request_context(_request(order)):
                STEPS[MailOrder.Kind(order.kind)](order)
                order.delete()
    except Exception:  # whatever it was, the next order must not wait for this one
        logger.exception("accounts.order_failed kind=%s attempts=%s", order.kind, order.attempts)
        orders.put_off(order, timezone.now())
        return False
    logger.info("accounts.fulfilled kind=%s", order.kind)
    return True


def _request(order: MailOrder) -> HttpRequest:
    """What allauth and the apps that hear its signals read of a request: what was posted."""
    request = HttpRequest()
    posted = QueryDict(mutable=True)
    posted.update({name: value for name, value in order.details.items() if isinstance(value, str)})
    request.POST = posted  # type: ignore[assignment]
    return request


def _sign_up(order: MailOrder) -> None:
    """A user who waits to be confirmed; whoever has the address already is told so."""
    user = _new_user(order.address)
    if user is None:
        if consume_email_verification_rate_limit(context.request, order.address):
            get_adapter().send_mail("account/email/account_already_exists", order.address, {})
        return
    address = EmailAddress.objects.create(user=user, email=order.address, primary=True, verified=False)
    signals.user_signed_up.send(sender=User, request=context.request, user=user)
    consume_email_verification_rate_limit(context.request, order.address)
    link = reverse("account_confirm_email", args=[EmailConfirmationHMAC.create(address).key])
    get_adapter().send_mail("account/email/email_confirmation_signup", order.address, {"activate_url": link})


def _new_user(address: str) -> User | None:
    if User.objects.filter(email=address).exists():
        return None
    try:
        with transaction.atomic():
            return User.objects.create_user(address)
    except IntegrityError:  # another worker was faster
        return None


def _send_code(order: MailOrder) -> None:
    if _reader(order) is None:
        _say_unknown(order)
    else:
        get_adapter().send_mail("account/email/login_code", order.address, {"code": order.details["code"]})


def _reset(order: MailOrder) -> None:
    user = _reader(order)
    if user is None:
        _say_unknown(order)
        return
    names = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = reverse("account_reset_password_from_key", kwargs=names)
    get_adapter().send_mail("account/email/password_reset_key", order.address, {"password_reset_url": link})


def _reader(order: MailOrder) -> User | None:
    return User.objects.filter(email=order.address, is_active=True).first()


def _say_unknown(order: MailOrder) -> None:
    get_adapter().send_mail("account/email/unknown_account", order.address, {"signup_url": reverse("account_signup")})


def _send(order: MailOrder) -> None:
    name, words = order.details["name"], dict(order.details["context"])
    if name in ORDERED_BY_STRANGERS and blocklist.is_blocked(order.address):
        return
    if "timestamp" in words:
        words["timestamp"] = parse_datetime(words["timestamp"])
    message = mail.build(name, to=order.address, context=words)
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, AnymailRecipientsRefused) as error:
        if _is_passing(error):
            raise
        logger.warning("accounts.address_refused mail=%s", name)


def _is_passing(error: Exception) -> bool:
    """Whether the server may take it later (RFC 5321, 4yz)."""
    codes = [code for code, _ in getattr(error, "recipients", {}).values()] if hasattr(error, "recipients") else []
    return any(400 <= code < 500 for code in codes)


STEPS: dict[MailOrder.Kind, Callable[[MailOrder], None]] = {
    MailOrder.Kind.SIGN_UP: _sign_up,
    MailOrder.Kind.CODE: _send_code,
    MailOrder.Kind.RESET: _reset,
}
if missing := set(MailOrder.Kind) - STEPS.keys() - {MailOrder.Kind.MAIL}:
    raise ImproperlyConfigured(f"Nobody fulfils {missing}.")
