"""No log holds what would open a mail, a feed or an account."""

import logging

import pytest
from django.test import RequestFactory

from papersite.observability import logs
from papersite.observability.logs import redact

SECRET = "s3cret-T0ken.abc_DEF:1"


@pytest.mark.parametrize(
    "line",
    [
        "Forbidden (CSRF token missing.): /d/{}/resubscribe/",
        "Not Found: /d/{}/",
        '"GET /d/{}/p/2611.00001/more/ HTTP/1.1" 200 512',
        '"GET /subscription/feed/{}/ HTTP/1.1" 304 0',
        "/saved/feed/{}/",
        "https://papers.example.org/accounts/confirm-email/{}/",
        "POST /accounts/password/reset/key/{}/ 200",
        "no such mailbox: unsub+{}@papers.example.org",
        "MAIL FROM:<bounces+{}@papers.example.org>",
        "csrfmiddlewaretoken={}&email=x",
        "Cookie: sessionid={}; csrftoken=x",
        "/accounts/github/login/callback/?code={}&state=y",
        "Authorization: Bearer {}",
        "{{'feed_key': '{}'}}",
    ],
)
def test_redact_hides_the_secret_and_keeps_the_page(line: str) -> None:
    hidden = redact(line.format(SECRET))

    assert SECRET not in hidden
    assert "…" in hidden
    assert line.format(SECRET)[:3] == hidden[:3]


@pytest.mark.parametrize(
    "line",
    [
        "GET /papers/2611.00001/ 200",
        "digest.settled state=sent code=250",
        "/search/?q=keys",
        "/accounts/password/reset/",
        "/d/",
    ],
)
def test_redact_leaves_all_else(line: str) -> None:
    assert redact(line) == line


def test_every_record_is_made_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever logs it, with arguments or an exception, and whoever handles it."""
    logger = logging.getLogger("some.library")
    try:
        raise ValueError(f"cannot read /d/{SECRET}/")
    except ValueError:
        logger.exception("failed at %s of %d", f"/saved/feed/{SECRET}/", 7)

    text = caplog.text + logging.Formatter().format(caplog.records[-1])
    assert SECRET not in text
    assert "failed at /saved/feed/…/ of 7" in text
    assert "cannot read /d/…/" in text


def test_a_line_that_cannot_be_written_is_left_to_its_handler(caplog: pytest.LogCaptureFixture) -> None:
    record = logs._record("name", logging.INFO, "path", 1, "%d of %d", ("x",), None)

    assert record.args == ("x",)


def test_the_report_of_an_error_holds_none(rf: RequestFactory) -> None:
    request = rf.get(f"/d/{SECRET}/", {"key": SECRET}, headers={"Referer": f"https://x.example/saved/feed/{SECRET}/"})
    try:
        raise ValueError(f"/subscription/feed/{SECRET}/")
    except ValueError as error:
        reporter = logs.Reporter(request, type(error), error, error.__traceback__, is_email=True)

    assert SECRET not in reporter.get_traceback_text()


def test_djangos_own_handlers_write_nothing_beside_ours() -> None:
    found = logs.configuration("INFO")["loggers"]

    assert (found["django"]["handlers"], found["django.server"]["propagate"]) == ([], False)


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("550 5.1.1 <jo.doe+x@mail.example.org> unknown", "550 5.1.1 <…@…> unknown"),
        ("to=['a@example.org', 'b@example.org']", "to=['…@…', '…@…']"),
        ("redis://:pass@10.0.0.5:6379/0", "redis://:…@…:6379/0"),
        ("mail@host ready.", "mail@host ready."),
    ],
)
def test_no_line_holds_an_address(line: str, hidden: str) -> None:
    assert redact(line) == hidden
