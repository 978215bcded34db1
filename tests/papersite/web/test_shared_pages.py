"""Pages for everybody: made once, by one, told apart by what they know, and gone when a curator says so."""

import gzip
import threading
from typing import Any

import pytest
from django.test import Client

from papersite.catalogue.models import Paper
from papersite.web import shared_pages
from papersite.web.page_store import store
from tests.factories import PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings: Any) -> None:
    settings.PAGES_FRESH_SECONDS = 60


@pytest.fixture
def renewals(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was ordered in the background, to be done when the test says so."""
    found: list[Any] = []
    monkeypatch.setattr(shared_pages, "in_background", found.append)
    return found


def test_a_page_is_made_once_and_asks_the_database_nothing_then(client: Client, django_assert_num_queries: Any) -> None:
    PaperFactory.create(title="The first")
    first = client.get("/")

    with django_assert_num_queries(0):
        second, head = Client().get("/"), Client().head("/")

    assert "The first" in second.content.decode()
    assert second.content == first.content
    assert (head.content, head.headers["Content-Length"]) == (b"", str(len(first.content)))
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Vary"] == "Cookie, Accept-Encoding"
    assert not first.cookies


def test_who_has_it_already_is_told_so(client: Client) -> None:
    plain = client.get("/topics/")
    packed = client.get("/topics/", headers={"Accept-Encoding": "br, gzip"})

    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Content-Encoding"] == "gzip"
    for known in (plain.headers["ETag"], f'"other", {plain.headers["ETag"]}', f"W/{plain.headers['ETag']}", "*"):
        answer = client.get("/topics/", headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == plain.headers["ETag"]
    assert client.get("/topics/", headers={"If-None-Match": packed.headers["ETag"]}).status_code == 200
    # A page is sent whole.
    assert client.get("/topics/", headers={"Range": "bytes=0-9"}).content == plain.content


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        *(("gzip", True), ("br;q=1, gzip;q=0.5", True), ("*", True), ("*;q=0, gzip", True)),
        *(("gzip;q=0", False), ("*, gzip;q=0", False), ("*;q=0", False), ("identity", False), ("", False)),
    ],
)
def test_it_is_packed_for_those_who_can_open_it(client: Client, accepted: str, is_packed: bool) -> None:
    answer = client.get("/privacy/", headers={"Accept-Encoding": accepted})

    assert answer.has_header("Content-Encoding") is is_packed


def test_unknown_parameters_are_the_same_page_and_leave_no_trace(client: Client) -> None:
    TopicFactory.create(slug="graphs")
    first = client.get("/topics/graphs/").content
    for number in range(5):
        address = f"/topics/graphs/?utm_source=x{number}&after=" if number else "/topics/graphs/?x"
        assert client.get(address).content == first, address

    keys = [key for key in store.memory._pages if key.startswith("/topics/graphs/")]
    assert keys == ["/topics/graphs/?||"]


def test_known_parameters_are_pages_of_their_own_in_any_order(client: Client) -> None:
    PaperFactory.create_batch(31)
    after = client.get("/").content.decode().partition("?after=")[2].partition('"')[0]

    second = client.get(f"/?after={after}&page=1").content

    assert second != client.get("/").content
    assert client.get(f"/?page=1&x=1&after={after}").content == second
    assert client.get("/?after=x").status_code == client.get("/?page=9").status_code == 404


def test_a_preference_is_part_of_the_page_and_no_other_cookie_is(client: Client) -> None:
    for cookies in ({"view": "compact"}, {"view": "compact", "device": "d"}, {"view": "x", "device": "e"}):
        own = Client()
        for name, value in cookies.items():
            own.cookies[name] = value
        own.get("/")

    assert [key for key in store.memory._pages if key.startswith("/?")] == ["/?|view=compact|", "/?||"]


def test_htmx_gets_its_piece_and_others_the_page(client: Client, index: Any) -> None:
    index()
    whole = client.get("/search/?q=graphs")
    piece = client.get("/search/?q=graphs", headers={"HX-Request": "true"})
    restored = client.get("/search/?q=graphs", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert ["<html" in answer.content.decode() for answer in (whole, piece, restored)] == [True, False, True]
    assert "HX-Request" in whole.headers["Vary"]


def test_what_a_curator_does_is_seen_at_once(
    client: Client, curator_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    paper = PaperFactory.create(title="Soon hidden")
    assert "Soon hidden" in client.get("/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        chosen = {"action": "hide", "_selected_action": [paper.pk]}
        assert curator_client.post("/admin/catalogue/paper/", chosen).status_code == 302

    assert Paper.objects.get().is_hidden
    assert "Soon hidden" not in client.get("/").content.decode()


def test_an_old_page_is_shown_once_more_while_one_makes_the_next(
    client: Client, renewals: list[Any], time_machine: Any
) -> None:
    time_machine.move_to("2026-11-26 08:00:00Z", tick=False)
    PaperFactory.create(title="Old")
    client.get("/")
    PaperFactory.create(title="Just in")
    time_machine.shift(61)

    pages = [client.get("/").content.decode() for _ in range(5)]

    assert not any("Just in" in page for page in pages)
    assert len(renewals) == 1
    renewals[0]()
    assert "Just in" in client.get("/").content.decode()
    assert len(renewals) == 1


def test_a_crowd_waits_for_the_one_that_makes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    began, go, waiting = threading.Event(), threading.Event(), threading.Semaphore(0)
    made: list[str] = []
    from django.http import HttpResponse

    class Seen(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waiting.release()
            return super().wait(timeout)

    def seen(flight: shared_pages.Flight) -> None:
        flight.done, flight.page = Seen(), None

    monkeypatch.setattr(shared_pages.Flight, "__init__", seen)

    def slow(request: Any) -> HttpResponse:
        made.append(request.path)
        began.set()
        go.wait(20)
        return HttpResponse("the page")

    pages = shared_pages.SharedPages(slow)
    from django.test import RequestFactory

    answers: list[Any] = []
    crowd = [threading.Thread(target=lambda: answers.append(pages(RequestFactory().get("/")))) for _ in range(8)]
    for one in crowd:
        one.start()
    assert began.wait(20)
    # A thread that starts later than that would find the page made.
    for _ in range(7):
        assert waiting.acquire(timeout=20)
    go.set()
    for one in crowd:
        one.join(20)

    assert made == ["/"]
    assert [answer.content for answer in answers] == [b"the page"] * 8


def test_the_crowd_is_not_kept_by_a_page_that_is_none(client: Client) -> None:
    assert client.get("/papers/2611.00009/").status_code == 404
    PaperFactory.create(arxiv_id="2611.00009")

    assert client.get("/papers/2611.00009/").status_code == 200


def test_a_host_that_is_none_of_ours_gets_nothing(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/").status_code == 200

    for host in ("evil.example", "testserver.evil.example", "a b", "testserver:x"):
        assert client.get("/", headers={"Host": host}).status_code == 400, host


def test_a_page_that_sets_a_cookie_is_kept_by_nobody(client: Client) -> None:
    answer = client.get("/accounts/login/")

    assert answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]
    assert not [key for key in store.memory._pages if key.startswith("/accounts")]


def test_a_machine_that_wants_json_is_answered_past_the_pages(client: Client) -> None:
    assert not client.get("/", headers={"Accept": "application/json"}).has_header("ETag")
