"""A site whose PostgreSQL or Redis is taken away while people are on it, and comes back."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.conftest import missing
from tests.programs import Served
from tests.servers import Missing, Postgres, Redis
from tests.site import wait_until

TOKEN = "a" * 32
pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.pure]


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Postgres, Redis]]:
    try:
        redis = Redis()
        postgres = Postgres()
    except Missing as error:
        missing(str(error))
        raise
    monkeypatch.setenv("DATABASE_URL", postgres.url)
    yield postgres, redis
    redis.stop()
    postgres.stop()


def is_like(ask: Callable[[], httpx.Response], status: int) -> bool:
    try:
        return ask().status_code == status
    except httpx.TransportError:
        return False


def test_what_goes_on_without_redis_and_without_postgresql(tmp_path: Path, servers: tuple[Postgres, Redis]) -> None:
    postgres, redis = servers
    site = Served(tmp_path / "site", REDIS_URL=redis.url, CELERY_BROKER_URL=redis.url, PAGES_FRESH_SECONDS="60")
    try:
        site.start_sink()
        site.take_in()
        site.serve()
        with httpx.Client(base_url=site.url, timeout=20) as visitor:
            kept = partial(visitor.get, "/")
            form, cookies = {"login": "reader@example.org", "csrfmiddlewaretoken": TOKEN}, {"csrftoken": TOKEN}
            sign_in = partial(httpx.post, f"{site.url}/accounts/login/", data=form, cookies=cookies, timeout=20)
            assert kept().status_code == 200
            assert sign_in().status_code == 302

            redis.stop()
            for path in ("/", "/archive/", "/topics/", "/papers/p1/", "/search/?q=model"):
                assert visitor.get(path).status_code == 200, path
            assert sign_in().status_code == 302
            redis.start()

            postgres.take_away()
            wait_until(lambda: is_like(partial(visitor.get, "/papers/p2/"), 503), 20, "an apology")
            apology = visitor.get("/papers/p3/")
            assert (apology.status_code, apology.headers["Retry-After"]) == (503, "30")
            assert "our own records" in apology.text
            assert kept().status_code == 200

            postgres.start()
            wait_until(lambda: is_like(partial(visitor.get, "/papers/p3/"), 200), 30, "pages again")
            wait_until(lambda: is_like(sign_in, 302), 30, "signing in again")
    finally:
        # It goes with its server, which may be away.
        site.database = ""
        site.close()
