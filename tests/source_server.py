"""A web server on this machine that answers as a source would, with its faults."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    body: str | bytes = "[]"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs_up: bool = False
    stalls: float = 0.0


@dataclass(slots=True)
class Source:
    """Its address, and every request it has had."""

    url: str
    requests: list[Request] = field(default_factory=list)


@contextmanager
def source(answer: Callable[[Request], Answer]) -> Iterator[Source]:
    """Serves until the block ends; ``answer`` decides each answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            request = Request(parts.path, query, dict(self.headers))
            served.requests.append(request)
            found = answer(request)
            if found.hangs_up:
                self.close_connection = True
                return
            body = found.body.encode() if isinstance(found.body, str) else found.body
            self.send_response(found.status)
            for name, value in {"Content-Length": str(len(body)), **found.headers}.items():
                self.send_header(name, value)
            try:
                self.end_headers()
                time.sleep(found.stalls)
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the other side had enough

        def log_message(self, format: str, *arguments: object) -> None:
            """Tests look at ``requests`` instead."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = Source(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
