"""What all tests share: the cast, and the machine's real parts."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from digest import tasks
from digest.models import Subscription
from papersite.catalogue.search import reading, writing
from papersite.catalogue.search.folder import Folder
from tests.factories import NOW, SubscriptionFactory, UserFactory

# How long an example takes says more of what else the machine does than of the code.
hypothesis.settings.register_profile("papersite", deadline=None)
hypothesis.settings.load_profile("papersite")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def missing(what: str) -> None:
    """Skips with a reason; where everything must be there, fails with it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI=true says that nothing may be")
    pytest.skip(f"{what} is missing on this machine")


@pytest.fixture
def shared_data() -> Path:
    """The folder of real input beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real input is not beside this clone")
    return SHARED


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
    tasks._stock.cache_clear()


@pytest.fixture(autouse=True)
def empty_outbox_folder() -> Iterator[None]:
    yield
    shutil.rmtree(settings.OUTBOX_DIR, ignore_errors=True)


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
    client = Client()
    client.force_login(curator, backend="django.contrib.auth.backends.ModelBackend")
    return client
