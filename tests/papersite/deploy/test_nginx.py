"""The proxy: nginx takes the file, says sorry with a time, logs no key, and answers to no other name."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papersite.deploy import nginx
from papersite.deploy.place import Place
from papersite.observability import logs
from tests.conftest import missing
from tests.site import free_port, wait_until

# Who is root becomes nobody, who may not read the test's folder.
AS_ROOT = "user root;" if os.getuid() == 0 else ""
AROUND = """
worker_processes 1;
daemon off;
pid {0}/pid;
error_log {0}/error.log;
events {{}}
http {{
    default_type application/octet-stream;
    client_body_temp_path {0}/body;
    proxy_temp_path {0}/proxy;
    fastcgi_temp_path {0}/f;
    uwsgi_temp_path {0}/u;
    scgi_temp_path {0}/s;
    include {0}/papersite.conf;
}}
"""


def test_what_the_sites_own_log_hides_in_addresses_the_proxy_hides_as_well() -> None:
    hidden = re.findall(r"/[\w/-]+/(?=[|)])", logs.SECRETS.pattern.partition(r"\b")[0] + ")")

    assert len(hidden) >= 7
    for path in hidden:
        assert any(f"/{known}/".endswith(path) for known in nginx.SECRET_PATHS), path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    if not shutil.which("nginx") or not shutil.which("openssl"):
        missing("nginx or openssl")
    subject = ("-subj", "/CN=papers.example.org", "-addext", "subjectAltName=DNS:papers.example.org")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", *subject,
         "-keyout", "key.pem", "-out", "chain.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "static").mkdir()
    place = Place(
        data=str(tmp_path), certificate=str(tmp_path / "chain.pem"), key=str(tmp_path / "key.pem"),
        http=free_port(), https=free_port(), port=free_port(),
    )  # fmt: skip
    written = nginx.files(place)["papersite.conf"].replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "papersite.conf").write_text(written)
    (tmp_path / "nginx.conf").write_text(AS_ROOT + AROUND.format(tmp_path))
    return place


@pytest.fixture
def proxy(tmp_path: Path, place: Place) -> Iterator[Place]:
    running = subprocess.Popen(["nginx", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error.log")])
    wait_until((tmp_path / "pid").exists, 10, "nginx")
    wait_until(lambda: listens(place.https), 10, "nginx")
    yield place
    running.send_signal(signal.SIGQUIT)
    running.wait(10)


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def asked(place: Place, path: str, *, host: str = "papers.example.org", body: int = 0) -> tuple[str, str]:
    """Head and body of an answer over TLS, whose certificate is checked.

    Who is refused before the body was sent is let go after five seconds, in which nginx would read it.
    """
    trust = ssl.create_default_context(cafile=place.certificate)
    trust.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", place.https), 30) as plain,
        trust.wrap_socket(plain, server_hostname=host) as sealed,
    ):
        sealed.sendall(
            f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {body}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        answer = b""
        while part := sealed.recv(65536):
            answer += part
    head, _, rest = answer.decode().partition("\r\n\r\n")
    return head, rest


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.pure
def test_nginx_takes_the_file(tmp_path: Path, place: Place) -> None:
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error.log")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.pure
def test_while_the_site_is_away_the_proxy_says_so_and_when_to_come_again(tmp_path: Path, proxy: Place) -> None:
    head, page = asked(proxy, "/d/a-secret-token/p/2611.00001/?code=123456")

    assert head.startswith("HTTP/1.1 503")
    assert "Retry-After: 30" in head
    assert "no-store" in head
    assert "Back in a moment" in page
    wait_until(lambda: "/d/" in (tmp_path / "papersite.log").read_text(), 5, "the log")
    log = (tmp_path / "papersite.log").read_text() + (tmp_path / "papersite-error.log").read_text()
    assert '"GET /d/-/p/2611.00001/" 503' in log
    assert "a-secret-token" not in log
    assert "123456" not in log


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.pure
def test_files_come_from_the_disk_and_large_bodies_and_strangers_names_are_refused(
    tmp_path: Path, proxy: Place
) -> None:
    (tmp_path / "static" / "site.0123456789ab.css").write_text("a{}")
    (tmp_path / "static" / "site.css").write_text("a{}")

    head, body = asked(proxy, "/static/site.0123456789ab.css")
    assert (head.startswith("HTTP/1.1 200"), body) == (True, "a{}")
    assert "Cache-Control: public, max-age=31536000, immutable" in head
    assert "max-age=60" in asked(proxy, "/static/site.css")[0]
    assert asked(proxy, "/accounts/login/", body=300_000)[0].startswith("HTTP/1.1 413")
    assert asked(proxy, "/anymail/x/", body=3_000_000)[0].startswith("HTTP/1.1 413")
    assert asked(proxy, "/metrics/")[0].startswith("HTTP/1.1 503")
    with pytest.raises(OSError, match=r"(?i)unrecognized|alert|closed|reset"):
        asked(proxy, "/", host="other.example.org")
