"""Settings from the environment: what each variable switches, and what a bad one says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.site import ROOT

pytestmark = pytest.mark.processes

SHOW = """
import json
from django.conf import settings
from django.core.mail import mailers
database = settings.DATABASES["default"]
mailer = mailers.default
print(json.dumps({
    "engine": database["ENGINE"].rpartition(".")[2], "name": str(database["NAME"]),
    "broker": settings.CELERY_BROKER_URL, "cache": settings.CACHES["default"]["BACKEND"].rpartition(".")[2],
    "mailer": type(mailer).__module__, "host": getattr(mailer, "host", ""), "port": getattr(mailer, "port", 0),
    "tls": getattr(mailer, "use_tls", False), "beat": len(settings.CELERY_BEAT_SCHEDULE),
    "domain": settings.MAIL_DOMAIN, "bounces": settings.MAIL_BOUNCES,
}))
"""


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "papersite.settings",
        "ENV_FILE": "",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment | variables, capture_output=True, text=True, check=False
    )


def shown(folder: Path, **variables: str) -> dict[str, Any]:
    done = run(folder, "-c", SHOW, **variables)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.long
def test_with_no_variable_everything_is_embedded(tmp_path: Path) -> None:
    assert shown(tmp_path) == {
        "engine": "sqlite3", "name": str(tmp_path / "papersite.sqlite3"), "broker": "filesystem://localhost//",
        "cache": "FileCache", "mailer": "papersite.mailing.outbox", "host": "", "port": 0, "tls": False, "beat": 9,
        "domain": "localhost", "bounces": "bounces@localhost",
    }  # fmt: skip


@pytest.mark.long
def test_each_variable_switches_its_part(tmp_path: Path) -> None:
    found = shown(
        tmp_path,
        DATABASE_URL="postgres://me@db/papers",
        REDIS_URL="redis://cache:6379/0",
        EMAIL_URL="smtp+tls://me:secret@mail.example.org:587",
        MAIL_FROM="Papers <daily@example.org>",
        HARVEST_SOURCES="huggingface",
    )

    assert found == {
        "engine": "postgresql", "name": "papers", "broker": "redis://cache:6379/0", "cache": "RedisCache",
        "mailer": "django.core.mail.backends.smtp", "host": "mail.example.org", "port": 587, "tls": True, "beat": 10,
        "domain": "example.org", "bounces": "bounces@example.org",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("named", "told"),
    [("nowhere", "ENV_FILE: there is no"), (".", "cannot be read: Is a directory"), ("odd", "no text")],
)
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, named: str, told: str) -> None:
    (tmp_path / "odd").write_bytes(b"SECRET_KEY=\xff\xfe\n")

    found = run(tmp_path, "manage.py", "check", ENV_FILE=str(tmp_path / named))

    assert found.returncode != 0
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_tests_never_read_the_file_of_a_real_site(tmp_path: Path) -> None:
    file = tmp_path / "real"
    file.write_text("DATABASE_URL=postgres://real/papers\nREDIS_URL=redis://real:6379/0\nTASTE=false\n")
    real = {"ENV_FILE": str(file), "DJANGO_SETTINGS_MODULE": "papersite.settings"}
    show = "from django.conf import settings; print(settings.DATABASES['default']['ENGINE'], settings.TASTE)"

    assert run(tmp_path, "-c", show, **real).stdout.split() == ["django.db.backends.postgresql", "False"]
    in_tests = run(tmp_path, "-c", show, **real | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TASTE": "false"})
    assert in_tests.stdout.split() == ["django.db.backends.sqlite3", "True"], in_tests.stderr


@pytest.mark.long
def test_a_provider_takes_the_place_of_smtp(tmp_path: Path) -> None:
    found = shown(tmp_path, EMAIL_PROVIDER="postmark", ANYMAIL_POSTMARK_SERVER_TOKEN="a-token")

    assert found["mailer"] == "anymail.backends.postmark"


@pytest.mark.long
def test_another_site_signs_in_only_where_its_keys_are_set(tmp_path: Path) -> None:
    show = (
        "import json; from papersite import settings\n"
        "names = [app.rpartition('.')[2] for app in settings.INSTALLED_APPS if '.providers.' in app]\n"
        "print(json.dumps([names, settings.SECURE_CSP['form-action'][1:]]))"
    )

    none, half, one = (
        run(tmp_path, "-c", show, **keys)
        for keys in (
            {},
            {"ORCID_CLIENT_ID": "a-client"},
            {"ORCID_CLIENT_ID": "a-client", "ORCID_CLIENT_SECRET": "a-secret"},
        )
    )

    assert json.loads(none.stdout) == json.loads(half.stdout) == [[], []], none.stderr
    assert json.loads(one.stdout) == [["orcid"], ["https://orcid.org"]]


@pytest.mark.long
def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("smtp://mail.example.org")

    assert shown(tmp_path, EMAIL_URL_FILE=str(tmp_path / "url"))["host"] == "mail.example.org"


@pytest.mark.long
@pytest.mark.parametrize(
    ("variables", "says"),
    [
        (
            {"DEBUG": "false"},
            "SECRET_KEY is not set: outside DEBUG it signs sessions and links; `openssl rand -base64 48` makes one.",
        ),
        (
            {"EMAIL_URL": "carrier-pigeon://loft"},
            "EMAIL_URL: it must begin with smtp://, smtps://, smtp+tls://, smtp+ssl://",
        ),
        ({"MAILS_OVERALL": "many"}, "MAILS_OVERALL: 'many' is no rate such as 3/10m or 500/h"),
        ({"DIGEST_BATCH": "many"}, "DIGEST_BATCH: 'many' is no whole number"),
    ],
)
def test_a_bad_variable_is_said_in_one_line(tmp_path: Path, variables: dict[str, str], says: str) -> None:
    done = run(tmp_path, "manage.py", "check", **variables)

    assert done.returncode == 1
    assert done.stderr == f"The settings cannot be used: {says}\n"


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", DIGEST_BATCH="many", WEB_THREADS="0")

    assert done.stderr == (
        "The settings cannot be used:\n- DIGEST_BATCH: 'many' is no whole number\n- WEB_THREADS: 0 is less than 1\n"
    )


EVERY = """
import json
from papersite import settings
names = [name for name in dir(settings) if name.isupper() and name != "VARIABLES"]
env = settings.VARIABLES
print(json.dumps([{name: repr(getattr(settings, name)) for name in names}, env.unknown(), env.lines]))
"""


def test_the_example_says_the_defaults_and_names_nothing_else(tmp_path: Path) -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    prose = [line for line in lines if line and not line.startswith(("# ", "## "))]
    values = dict(line.removeprefix("#").split("=", 1) for line in prose)
    # The example has a provider's key, which is no default.
    values |= {"ANYMAIL_MAILGUN_API_KEY": "", "DATA_DIR": str(tmp_path)}

    with_all, with_none = (run(tmp_path, "-c", EVERY, **given) for given in (values, {}))

    assert len(values) >= 70
    assert all(line.startswith("#") for line in prose)
    shown, unknown, odd = json.loads(with_all.stdout)
    assert shown == json.loads(with_none.stdout)[0]
    assert (unknown, odd) == ({}, [])
