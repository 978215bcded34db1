"""What takes a fresh proof, of whom which one, and that without it nothing happens."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.soft_passkey import SoftPasskey
from tests.accounts.test_flows import known
from tests.accounts.test_forms import BACKEND, PASSWORD, sign_in_by_code
from tests.accounts.test_social_login import come_by_github, says
from tests.factories import SubscriptionFactory, code_of

__all__ = ["says"]

pytestmark = pytest.mark.django_db

BY_CODE = "/accounts/reauthenticate/code/"
BY_PASSWORD = "/accounts/reauthenticate/"
BY_APP = "/accounts/2fa/reauthenticate/"
BY_PASSKEY = "/accounts/2fa/webauthn/reauthenticate/"

# Each reader: what they set up, and the page on which they prove themselves first.
READERS = {"plain": BY_CODE, "with password": BY_PASSWORD, "with passkey": BY_PASSKEY, "with app": BY_APP}


class Reader:
    """One who is signed in by a session that nothing proved, and has all it takes for a proof."""

    def __init__(self, kind: str, *, has_password: bool = False) -> None:
        self.user = known("reader@example.org", is_verified=True)
        SubscriptionFactory.create(reader=self.user)
        self.secret = generate_totp_secret()
        self.passkey = SoftPasskey()
        if kind == "with passkey":
            self.passkey.add(sign_in_by_code(self.user))
            self.user.refresh_from_db()  # a new factor ends the sessions of before
        if kind == "with app":
            TOTP.activate(self.user, self.secret)
            RecoveryCodes.activate(self.user)
        if has_password or kind == "with password":
            self.user.set_password(PASSWORD)
            self.user.save()
        SocialAccount.objects.create(user=self.user, provider="google", uid="7")
        self.client = Client()
        self.client.force_login(self.user, backend=BACKEND)
        mail.outbox.clear()

    def prove(self, page: str) -> Any:
        """Does what the page asks; the answer to it."""
        path = page.partition("?")[0]
        if path == BY_CODE:
            recipient = self.client.get(page).context["form"]["recipient"].initial
            page = self.client.post(page, {"recipient": recipient}).headers["Location"]
            found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
            assert found is not None
            return self.client.post(page, {"code": found[1]})
        if path == BY_PASSWORD:
            return self.client.post(page, {"password": PASSWORD})
        if path == BY_APP:
            return self.client.post(page, {"code": code_of(self.secret)})
        assert path == BY_PASSKEY
        return self.client.post(page, {"credential": self.passkey.proved(self.client.get(page).context["js_data"])})

    def state(self) -> tuple[Any, ...]:
        """All that an action could change."""
        return (
            list(User.objects.values_list("pk", "email", "password")),
            list(EmailAddress.objects.order_by("pk").values_list("email", "verified")),
            [(each.pk, each.data) for each in Authenticator.objects.order_by("pk")],
            list(SocialAccount.objects.order_by("pk").values_list("provider", "uid")),
        )


Action = Callable[[Reader], Any]


def close(reader: Reader) -> Any:
    return reader.client.post("/accounts/close/", {"address": reader.user.email})


def see_data(reader: Reader) -> Any:
    return reader.client.get("/accounts/data/")


def change_address(reader: Reader) -> Any:
    return reader.client.post("/accounts/email/", {"email": "new@example.org", "action_add": "on"})


def set_password(reader: Reader) -> Any:
    page: Any = reader.client.get("/accounts/password/set/")
    if page.status_code != 200:
        return page
    return reader.client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})


def set_up_app(reader: Reader) -> Any:
    """The page itself shows the secret, so it asks."""
    page: Any = reader.client.get("/accounts/2fa/totp/activate/")
    if page.status_code != 200:
        return page
    return reader.client.post("/accounts/2fa/totp/activate/", {"code": code_of(page.context["form"].secret)})


def remove_app(reader: Reader) -> Any:
    return reader.client.post("/accounts/2fa/totp/deactivate/")


def add_passkey(reader: Reader) -> Any:
    page: Any = reader.client.get("/accounts/2fa/webauthn/add/")
    return SoftPasskey().add(reader.client) if page.status_code == 200 else page


def passkey_page(name: str) -> Action:
    def act(reader: Reader) -> Any:
        key = Authenticator.objects.get(type="webauthn")
        return reader.client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/{name}/", {"name": "Another name"})

    return act


def see_codes(reader: Reader) -> Any:
    return reader.client.get("/accounts/2fa/recovery-codes/")


def make_codes(reader: Reader) -> Any:
    return reader.client.post("/accounts/2fa/recovery-codes/generate/")


def link(reader: Reader) -> Any:
    return come_by_github(reader.client, "connect")


def unlink(reader: Reader) -> Any:
    return reader.client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get(provider="google").pk})


EVERYBODY = set(READERS)
# Each action, and who can do it at all.
ACTIONS: dict[str, tuple[Action, set[str]]] = {
    "close the account": (close, EVERYBODY),
    "see the data": (see_data, EVERYBODY),
    "change the address": (change_address, EVERYBODY),
    "set a password": (set_password, EVERYBODY - {"with password"}),
    "set up an app": (set_up_app, EVERYBODY - {"with app"}),
    "remove the app": (remove_app, {"with app"}),
    "add a passkey": (add_passkey, EVERYBODY),
    "remove a passkey": (passkey_page("remove"), {"with passkey"}),
    "rename a passkey": (passkey_page("edit"), {"with passkey"}),
    "see the recovery codes": (see_codes, {"with passkey", "with app"}),
    "make new recovery codes": (make_codes, {"with passkey", "with app"}),
    "link another site": (link, EVERYBODY),
    "unlink another site": (unlink, EVERYBODY),
}
# These show something and change nothing.
SHOWN = {"see the data", "see the recovery codes"}
CELLS = [(name, kind) for name, (_, able) in ACTIONS.items() for kind in READERS if kind in able]


@pytest.mark.long
@pytest.mark.parametrize(("name", "kind"), CELLS)
def test_without_a_proof_nothing_happens_and_with_it_the_action_goes_on(name: str, kind: str, says: Any) -> None:
    reader = Reader(kind)
    act = ACTIONS[name][0]
    before = reader.state()

    asked = act(reader)

    assert asked.status_code == 302
    assert asked.headers["Location"].partition("?")[0] == READERS[kind]
    assert (reader.state(), mail.outbox) == (before, [])

    reader.prove(asked.headers["Location"])
    if name in SHOWN:
        assert act(reader).status_code == 200
        return
    if reader.state() == before:  # a form that was posted goes on by itself; a page that was asked for comes again
        act(reader)
    assert reader.state() != before


@pytest.mark.parametrize("kind", READERS)
def test_the_zip_is_had_by_way_of_its_page_which_asks(kind: str) -> None:
    reader = Reader(kind)
    page = reader.client.get("/accounts/data/export/").headers["Location"]
    assert page == "/accounts/data/"
    asked: Any = reader.client.get(page)

    answer = reader.prove(asked.headers["Location"])

    assert answer.headers["Location"] == "/accounts/data/"
    zipped: Any = reader.client.get("/accounts/data/export/")
    assert zipped.headers["Content-Type"] == "application/zip"
    zipped.close()


def test_what_was_asked_for_is_done_once_it_is_proved() -> None:
    """The reader took longer than a proof is good to press the button, and presses it only once."""
    reader = Reader("plain")

    answer = reader.prove(close(reader).headers["Location"])

    assert answer.headers["Location"] == "/accounts/goodbye/"
    assert User.objects.count() == 0


def test_no_typed_password_waits_for_a_proof_in_the_session() -> None:
    reader = Reader("plain")

    answer: Any = reader.client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})

    assert answer.headers["Location"] == "/accounts/password/set/"
    assert PASSWORD.split()[-1] not in str(dict(reader.client.session))
    reader.user.refresh_from_db()
    assert not reader.user.has_usable_password()


def test_a_new_password_asks_for_the_old_one_in_its_own_form() -> None:
    reader = Reader("with password")
    new = {"password1": "another long sentence", "password2": "another long sentence"}

    wrong = reader.client.post("/accounts/password/change/", new | {"oldpassword": "guess"})
    reader.user.refresh_from_db()
    assert (wrong.status_code, reader.user.check_password(PASSWORD)) == (200, True)
    reader.client.post("/accounts/password/change/", new | {"oldpassword": PASSWORD})

    reader.user.refresh_from_db()
    assert reader.user.check_password("another long sentence")


@pytest.mark.parametrize(
    ("kind", "has_password", "offered"),
    [
        ("plain", False, [BY_CODE]),
        ("with password", True, [BY_CODE, BY_PASSWORD]),
        ("with passkey", True, [BY_APP, BY_PASSKEY]),
        ("with app", True, [BY_APP]),
    ],
)
def test_each_is_offered_the_proofs_they_have_and_no_weaker_one(
    kind: str, has_password: bool, offered: list[str]
) -> None:
    """Whoever reads the mail or knows the password does not get round a second factor."""
    reader = Reader(kind, has_password=has_password)
    first = see_data(reader).headers["Location"]

    page = reader.client.get(first).content.decode()

    assert "Is it still you?" in page
    linked = re.findall(r'<li><a href="([^"?]+)[^"]*">(?:Use|Have)', page)
    assert sorted([*linked, first.partition("?")[0]]) == sorted(offered)
    for other in {BY_CODE, BY_PASSWORD, BY_APP, BY_PASSKEY} - set(offered):
        answer: Any = reader.client.post(other, {"password": PASSWORD, "recipient": reader.user.email})
        assert answer.headers["Location"] == READERS[kind]
    assert see_data(reader).status_code == 302
    assert mail.outbox == []


@pytest.mark.parametrize("kind", ["with passkey", "with app"])
def test_a_recovery_code_proves_once(kind: str) -> None:
    reader = Reader(kind)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]

    reader.client.post(BY_APP, {"code": code})

    assert see_data(reader).status_code == 200
    other = Client()
    other.force_login(reader.user, backend=BACKEND)
    assert other.post(BY_APP, {"code": code}).status_code == 200
    assert other.get("/accounts/data/").status_code == 302


@pytest.mark.parametrize("kind", READERS)
def test_a_wrong_proof_proves_nothing(kind: str) -> None:
    reader = Reader(kind)
    page = READERS[kind]
    if kind == "plain":
        page = reader.client.post(page, {"recipient": reader.user.email}).headers["Location"]
    wrong = SoftPasskey()
    wrong.credential_id = reader.passkey.credential_id
    credential = ""
    if kind == "with passkey":
        credential = wrong.proved(reader.client.get(page).context["js_data"])

    reader.client.post(page, {"code": "WRNG-CODE", "password": "guess", "credential": credential})

    assert see_data(reader).status_code == 302


def sign_in(reader: Reader, way: str) -> None:
    """By the pages for it, in a browser that was signed out."""
    client = reader.client
    client.logout()
    if way == "passkey":
        options = client.get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"}).json()
        client.post("/accounts/2fa/webauthn/login/", {"credential": reader.passkey.proved(options, reader.user.pk)})
        return
    if way == "github":
        come_by_github(client)
        return
    fields = {"password": PASSWORD} if way == "password" else {}
    client.post("/accounts/login/", {"login": reader.user.email} | fields)
    if way == "code":
        found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
        assert found is not None
        client.post("/accounts/login/code/confirm/", {"code": found[1]})
    if Authenticator.objects.filter(type="totp").exists():
        client.post("/accounts/2fa/authenticate/", {"code": code_of(reader.secret)})


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("plain", "code"),
        ("plain", "github"),
        ("with password", "password"),
        ("with password", "code"),
        ("with passkey", "passkey"),
        ("with app", "code"),
    ],
)
def test_signing_in_is_a_proof_for_a_quarter_of_an_hour(kind: str, way: str, says: Any, time_machine: Any) -> None:
    reader = Reader(kind)
    SocialAccount.objects.create(user=reader.user, provider="github", uid="7")
    began = datetime.now(UTC)
    time_machine.move_to(began)
    sign_in(reader, way)
    assert see_data(reader).status_code == 200

    time_machine.move_to(began + timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT - 5))
    assert see_data(reader).status_code == 200
    time_machine.move_to(began + timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 5))
    assert see_data(reader).headers["Location"].partition("?")[0] == READERS[kind]


def test_a_sign_in_before_the_second_factor_is_no_proof_any_more() -> None:
    """The factor was set up in another browser just now; this one has shown a code by mail only."""
    reader = Reader("plain")
    client = sign_in_by_code(reader.user)
    assert client.get("/accounts/data/").status_code == 200

    TOTP.activate(reader.user, reader.secret)

    assert client.get("/accounts/data/").headers["Location"].startswith(BY_APP)


def test_a_proof_is_of_its_own_session() -> None:
    reader = Reader("plain")
    sign_in_by_code(reader.user)

    assert see_data(reader).status_code == 302


def test_the_code_goes_to_the_address_that_is_held_now() -> None:
    reader = Reader("plain")
    EmailAddress.objects.create(user=reader.user, email="former@example.org", verified=True, primary=False)

    answer = reader.client.post(BY_CODE, {"recipient": "former@example.org"})
    assert (answer.status_code, mail.outbox) == (200, [])
    reader.client.post(BY_CODE, {"recipient": "reader@example.org"})

    (message,) = mail.outbox
    assert message.to == ["reader@example.org"]
    assert "It proves that a change to your account is yours." in str(message.body)


def test_every_kind_of_action_has_its_line_in_the_settings() -> None:
    """Also one that a later version of allauth asks about: a name that stands nowhere asks for a proof."""
    ours = {"accounts.export", "accounts.closing", "accounts.tokens"}
    asking = {"allauth.account", "allauth.mfa", "allauth.socialaccount"} | ours

    assert dict.fromkeys(asking, True) == settings.REAUTHENTICATION_REQUIRED
    assert settings.REAUTHENTICATION_PROOFS.keys() == {"none", "app", "passkey"}
    assert settings.REAUTHENTICATION_BY_SIGN_IN.keys() == {"none", "app", "passkey"}


def test_an_action_that_the_operator_frees_asks_for_nothing(settings: Any) -> None:
    reader = Reader("plain")
    settings.REAUTHENTICATION_REQUIRED = settings.REAUTHENTICATION_REQUIRED | {"accounts.export": False}

    assert see_data(reader).status_code == 200
    assert close(reader).status_code == 302
