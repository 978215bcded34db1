"""What all tests share: the cast, and the machine's real parts."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import time_machine
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from accounts import tokens
from accounts.models import User
from digest import tasks
from digest.models import Subscription
from papersite.catalogue import tasting
from papersite.catalogue.search import reading, writing
from papersite.catalogue.search.folder import Folder
from papersite.web import page_store, sheets
from tests import migrated
from tests.factories import NOW, SubscriptionFactory, UserFactory

# How long an example takes says more of what else the machine does than of the code.
hypothesis.settings.register_profile("short", deadline=None, max_examples=15)
hypothesis.settings.register_profile("whole", deadline=None, max_examples=100)

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def examples(count: int, **more: Any) -> hypothesis.settings:
    """So many examples in a whole run, and as much fewer in a short one as the profile says."""
    profile = hypothesis.settings.get_profile(hypothesis.settings.get_current_profile_name())
    return hypothesis.settings(max_examples=count * profile.max_examples // 100, **more)


def missing(what: str) -> None:
    """Skips with a reason; where everything must be there, fails with it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI=true says that nothing may be")
    pytest.skip(f"{what} is missing on this machine")


def pytest_configure(config: pytest.Config) -> None:
    """A run that leaves the long tests out tries fewer examples as well."""
    hypothesis.settings.load_profile("short" if "not long" in config.option.markexpr else "whole")
    if not hasattr(config, "workerinput"):
        migrated.begin(ahead=bool(config.getoption("numprocesses", None)))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        migrated.end()


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Tests that cannot ask the database, since nothing opened it to them, are the same on every server.

    Those of the cache ask Redis without one, and processes have a database of their own.
    """
    opened = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    if not opened and not any(map(item.get_closest_marker, ("django_db", "processes", "browser", "servers"))):
        item.add_marker("pure")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that wait for processes and browsers stand apart from each other, and none of them at the end.

    So others use the time in which they wait, and no process runs a long one while the rest have nothing left.
    What waits for processes has more time, in seconds: on a busy machine they start slowly.
    """
    for item in items:
        if item.get_closest_marker("processes") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(450))
    waiting = [item for item in items if item.get_closest_marker("processes") or item.get_closest_marker("browser")]
    others = [item for item in items if item not in set(waiting)]
    step = max(1, int(len(others) * 0.7) // max(1, len(waiting)))
    for number, item in enumerate(waiting):
        others.insert(number * (step + 1), item)
    items[:] = others


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A copy of the migrated database for each test process."""
    databases, own = django_settings.DATABASES["default"], connection.settings_dict
    server = os.environ.get("DATABASE_URL", "")
    before = own["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        name = f"test_{uuid4().hex[:12]}" if server else connection.creation._get_test_db_name()  # type: ignore[attr-defined]
        databases["NAME"] = own["NAME"] = name
        if server:
            migrated.create_database(server, name)
        else:
            connection.ensure_connection()
            with closing(sqlite3.connect(migrated.folder() / "papersite.sqlite3")) as source:
                source.backup(connection.connection)
    yield
    if server:
        with django_db_blocker.unblock():
            connections.close_all()
        migrated.drop_database(server, name)
    databases["NAME"] = own["NAME"] = before


@pytest.fixture(scope="session")
def live_server(live_server: LiveServer) -> LiveServer:
    """pytest-django's. A browser's last connections end after it, so a database in memory stays shared with them."""
    for one in (live_server.thread.connections_override or {}).values():
        one.inc_thread_sharing()
    return live_server


@pytest.fixture
def shared_data() -> Path:
    """The folder of real input beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real input is not beside this clone")
    return SHARED


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The clock at the moment around which all factories stand."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def a_week_later() -> Iterator[None]:
    """The clock a week after the moment around which all factories stand: their papers are not of days to come."""
    with time_machine.travel(NOW + timedelta(days=7)):
        yield


@pytest.fixture(scope="session", autouse=True)
def addresses_without_debug(django_test_environment: None) -> None:
    """Which addresses there are is decided when they are first read: before any test turns DEBUG on."""
    import papersite.urls  # noqa: F401


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """allauth counts attempts in the cache: no test may inherit another's, nor what a drain had read."""
    yield
    cache.clear()
    page_store.store.memory.clear()
    page_store.parts.clear()
    sheets.sheets.clear()
    page_store.store._marks = page_store.Marks()
    page_store.store.look_again()
    tasks._cache.cache_clear()
    tasting.site_taste.cache_clear()


@pytest.fixture(autouse=True)
def empty_outbox_folder() -> Iterator[None]:
    yield
    shutil.rmtree(django_settings.OUTBOX_DIR, ignore_errors=True)


@pytest.fixture
def index(tmp_path: Path, settings: Any) -> Iterator[Callable[[], writing.Report]]:
    """Brings an index of the test's own up to date with the database, and says what it wrote."""
    settings.INDEX_DIR = tmp_path / "index"

    def update() -> writing.Report:
        with writing.writer(Folder(settings.INDEX_DIR)) as writer:
            return writer.update()

    yield update
    reading._reader.cache_clear()


@pytest.fixture
def subscription(db: None) -> Subscription:
    """Of somebody who confirmed their address."""
    subscription = SubscriptionFactory.create(reader__email="reader@example.org")
    reader = subscription.reader
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    return subscription


@pytest.fixture
def reader(subscription: Subscription) -> User:
    return subscription.reader


@pytest.fixture
def curator(db: None) -> User:
    return UserFactory.create(email="curator@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def reader_client(reader: User) -> Client:
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def curator_client(curator: User) -> Client:
    return signed_in(curator)


def signed_in(user: User, method: str = "password") -> Client:
    """A browser whose session was opened by a proof, such as admin asks for."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": 0.0}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def read_token(reader: User) -> str:
    return token_of(reader, "read")


@pytest.fixture
def write_token(reader: User) -> str:
    return token_of(reader, "write")


def token_of(user: User, scope: str) -> str:
    """The secret of a new token that never ends."""
    return tokens.make(user, name="a program", scope=scope, now=NOW, good_for=None)[1]
