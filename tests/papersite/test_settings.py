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
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "papersite.settings"}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment | variables, capture_output=True, text=True, check=False
    )


def shown(folder: Path, **variables: str) -> dict[str, Any]:
    done = run(folder, "-c", SHOW, **variables)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_with_no_variable_everything_is_embedded(tmp_path: Path) -> None:
    assert shown(tmp_path) == {
        "engine": "sqlite3", "name": str(tmp_path / "papersite.sqlite3"), "broker": "filesystem://localhost//",
        "cache": "FileCache", "mailer": "papersite.outbox", "host": "", "port": 0, "tls": False, "beat": 8,
        "domain": "localhost", "bounces": "bounces@localhost",
    }  # fmt: skip


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
        "mailer": "django.core.mail.backends.smtp", "host": "mail.example.org", "port": 587, "tls": True, "beat": 9,
        "domain": "example.org", "bounces": "bounces@example.org",
    }  # fmt: skip


def test_a_provider_takes_the_place_of_smtp(tmp_path: Path) -> None:
    found = shown(tmp_path, EMAIL_PROVIDER="postmark", ANYMAIL_POSTMARK_SERVER_TOKEN="a-token")

    assert found["mailer"] == "anymail.backends.postmark"


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


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("smtp://mail.example.org")

    assert shown(tmp_path, EMAIL_URL_FILE=str(tmp_path / "url"))["host"] == "mail.example.org"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"DEBUG": "false"}, "Set the SECRET_KEY environment variable"),
        ({"EMAIL_URL": "carrier-pigeon://loft"}, "Invalid email schema carrier-pigeon"),
        ({"MAILS_OVERALL": "many"}, "'many' is no rate such as 3/10m or 500/h"),
        ({"DIGEST_BATCH": "many"}, "invalid literal for int() with base 10: 'many'"),
    ],
)
def test_a_bad_variable_is_said_in_one_line(tmp_path: Path, variables: dict[str, str], says: str) -> None:
    done = run(tmp_path, "manage.py", "check", **variables)

    assert done.returncode == 1
    assert done.stderr == f"The settings cannot be used: {says}\n"
