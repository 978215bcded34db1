"""Answers leave the threads of the web server whole."""

import gc
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from papersite.web.answers import WHOLE, Answers


@pytest.fixture(autouse=True)
def no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is closed ends its request, which hangs up the connections of other tests."""
    monkeypatch.setattr(request_finished, "send", lambda **signal: [])


class Server:
    """Asks as a web server does, and keeps what it was told."""

    def __init__(self, most_streams: int = 1) -> None:
        self.next: HttpResponseBase = HttpResponse()
        self.status = ""
        self.headers: dict[str, str] = {}
        self.answers = Answers(self._django, most_streams, lambda environ: str(environ.get("network")))

    def _django(self, environ: dict[str, Any], start_response: Any) -> HttpResponseBase:
        start_response(f"{self.next.status_code} {self.next.reason_phrase}", [*self.next.items()])
        return self.next

    def ask(self, answer: HttpResponseBase, network: str = "192.0.2.0/24") -> Any:
        self.next = answer

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            self.status, self.headers = status, dict(headers)

        return self.answers({"network": network}, start)


def endless() -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"one ", b"two"]))


def of(size: int) -> FileResponse:
    return FileResponse(BytesIO(b"x" * size), headers={"Content-Length": str(size)})


@pytest.mark.parametrize(
    "answer", [HttpResponse([b"a ", b"page"]), FileResponse(BytesIO(b"a page"), headers={"Content-Length": "6"})]
)
def test_a_page_and_a_small_file_are_handed_over_whole_and_closed(answer: HttpResponseBase) -> None:
    server = Server()

    assert server.ask(answer) == [b"a page"]
    assert server.status == "200 OK"
    assert answer.closed


def test_a_long_answer_is_written_while_it_is_read_and_holds_a_place_until_it_is_closed() -> None:
    server = Server()
    long = server.ask(endless())

    refused = server.ask(endless())
    assert server.status.startswith("503")
    assert server.headers["Retry-After"] == "30"
    assert int(server.headers["Content-Length"]) == len(b"".join(refused))
    assert server.ask(HttpResponse(b"page")) == [b"page"]

    assert b"".join(long) == b"one two"
    long.close()
    long.close()
    again = server.ask(endless())
    assert server.status == "200 OK"
    server.ask(endless())
    assert server.status.startswith("503")
    again.close()


@pytest.mark.parametrize("answer", [of(WHOLE + 1), FileResponse(iter([b"x"]))])
def test_a_file_that_is_large_or_whose_length_nobody_knows_is_long(answer: FileResponse) -> None:
    server = Server()
    held = server.ask(answer)
    server.ask(of(WHOLE + 1))

    assert server.status.startswith("503")
    held.close()


def test_a_visitor_who_goes_before_the_first_piece_holds_no_place() -> None:
    server = Server()
    server.ask(endless())
    gc.collect()

    held = server.ask(endless())

    assert server.status == "200 OK"
    held.close()


def test_what_goes_wrong_in_a_page_is_not_swallowed() -> None:
    def broken() -> Iterator[bytes]:
        yield b"a"
        raise RuntimeError("half")

    stream = Server().ask(StreamingHttpResponse(broken()))
    with pytest.raises(RuntimeError):
        list(stream)


def test_one_network_has_half_of_the_places_at_most() -> None:
    server = Server(most_streams=4)
    held = [server.ask(endless(), "greedy") for _ in range(2)]
    assert server.status == "200 OK"
    server.ask(endless(), "greedy")
    assert server.status.startswith("503")

    held += [server.ask(endless(), "other"), server.ask(endless(), "third")]
    assert server.status == "200 OK"
    server.ask(endless(), "fourth")
    assert server.status.startswith("503")

    held[0].close()
    server.ask(endless(), "fourth")
    assert server.status == "200 OK"
