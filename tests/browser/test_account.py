"""A person's own account in a browser: passkeys, an app, one's data, and closing."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from digest.models import Subscription
from tests.browser.looking import arrive, check, open_menu, sign_in
from tests.browser.test_reader import link_in_newest_mail
from tests.factories import code_of

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRANGERS = [
    "login/",
    "login/code/",
    "signup/",
    "confirm-email/",
    "password/reset/",
    "password/reset/done/",
    "goodbye/",
]
OWN = [
    "",
    "tokens/",
    "data/",
    "close/",
    "email/",
    "password/set/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
]


@pytest.fixture
def site(live_server: LiveServer, settings: Any, subscription: Subscription) -> str:
    settings.SITE_URL = live_server.url
    return str(live_server.url)


def add_virtual_key(page: Page) -> None:
    """A passkey of the machine that says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )


@pytest.mark.long
def test_pages_for_strangers_keep_nobody_out(page: Page, site: str) -> None:
    for path in [*STRANGERS, "../privacy/", "../api/"]:
        page.goto(f"{site}/accounts/{path}")
        check(page, path.strip("./") if path.startswith("..") else "")


def test_pages_of_the_account_keep_nobody_out(page: Page, site: str) -> None:
    sign_in(page, site)

    for path in OWN:
        page.goto(f"{site}/accounts/{path}")
        check(page)


def test_who_signed_in_long_ago_proves_themselves_by_a_mailed_code(page: Page, site: str) -> None:
    sign_in(page, site, just_now=False)
    page.goto(f"{site}/accounts/")
    page.get_by_role("link", name="Close the account").click()
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    check(page, "proof-by-code")
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_label("Code")).to_be_visible()
    check(page, "proof-code-sent")
    page.get_by_label("Code").fill(link_in_newest_mail(r"(?m)^    \S+$").strip())

    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", name="Close the account?")).to_be_visible()


def test_a_token_is_made_shown_once_and_revoked(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/accounts/")
    page.get_by_role("link", name="Tokens").click()
    page.get_by_label("What is it for?").fill("my notebook")
    page.get_by_label("read and change them").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="Your new token, “my notebook”")).to_be_visible()
    check(page, "token-made")

    page.get_by_role("button", name="Revoke my notebook").click()

    expect(page.get_by_text("Revoked: my notebook")).to_be_visible()
    check(page, "token-revoked")


# The pages themselves are looked at in both; these stories are told once.
once = pytest.mark.parametrize("page", ["phone and dark"], indirect=True)


@once
def test_a_passkey_is_added_and_signs_in_alone(page: Page, site: str) -> None:
    sign_in(page, site)
    add_virtual_key(page)
    page.goto(f"{site}/accounts/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    check(page, "recovery-codes")
    page.get_by_role("link", name="To the account").click()
    expect(page).to_have_url(f"{site}/accounts/")
    check(page, "account-with-passkey")
    page.get_by_role("link", name="See it").click()
    check(page, "passkeys")
    open_menu(page)
    page.get_by_role("button", name="Sign out").click()
    arrive(page)
    open_menu(page)
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()

    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("heading", name="My digest")).to_be_visible()
    assert mail.outbox[-1].subject == "Your account at Papersite was changed"

    sign_in(page, site, just_now=False)
    page.goto(f"{site}/accounts/data/")
    check(page, "proof-by-passkey")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="Your data")).to_be_visible()


@pytest.mark.long
@once
def test_a_passkey_that_fails_says_so_in_words(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("That did not work")


@pytest.mark.long
@once
def test_an_app_is_set_up_and_asked_for(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/accounts/2fa/totp/activate/")
    secret = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    page.context.clear_cookies()

    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Your address").fill("reader@example.org")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    check(page, "enter-the-code")
    page.get_by_label("Code").fill(link_in_newest_mail(r"(?m)^    \S+$").strip())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    check(page, "second-proof")
    page.get_by_label("Code of the app").fill(
        Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    )
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="My digest")).to_be_visible()


@pytest.mark.long
@once
def test_a_reader_takes_their_data_away_and_closes_the_account(page: Page, site: str, tmp_path: Path) -> None:
    sign_in(page, site)
    page.goto(f"{site}/subscription/")
    open_menu(page)
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Take your data away").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the zip").click()
    waiting.value.save_as(tmp_path / "data.zip")
    with zipfile.ZipFile(tmp_path / "data.zip") as packed:
        assert json.loads(packed.read("profile.json"))[0]["address"] == "reader@example.org"

    page.goto(f"{site}/accounts/close/")
    page.get_by_label("Type your address").fill("Reader@example.org")
    page.get_by_role("button", name="Close the account").click()

    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert User.objects.count() == 0
