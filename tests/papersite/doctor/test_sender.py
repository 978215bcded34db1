"""What receivers find about the sender's domain, from a name server of our own."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest

from papersite.doctor import sender


class NameServer:
    """Answers TXT questions over UDP."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            asked, whom = self.socket.recvfrom(4096)
            if asked == b"stop":
                return
            question = dns.message.from_wire(asked)
            answer = dns.message.make_response(question)
            name = question.question[0].name
            found = self.records.get(name.to_text(omit_final_dot=True))
            if found is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            else:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{text}"' for text in found)))
            self.socket.sendto(answer.to_wire(), whom)

    def close(self) -> None:
        host, _, port = self.address.partition(":")
        self.socket.sendto(b"stop", (host, int(port)))
        self.thread.join(5)
        self.socket.close()


@pytest.fixture
def names(settings: Any) -> Iterator[NameServer]:
    settings.MAIL_DOMAIN = "mail.example.org"
    server = NameServer()
    server.records = {
        "mail.example.org": ["other=1", "v=spf1 include:relay.example.net -all"],
        "s1._domainkey.mail.example.org": ["v=DKIM1; k=rsa; p=MIIBIjANBg"],
        "_dmarc.mail.example.org": ["v=DMARC1; p=none"],
    }
    yield server
    server.close()


def look(names: NameServer, *selectors: str) -> dict[str, tuple[bool, str]]:
    found = sender.look(sender.resolver(names.address), selectors or ("s1",))
    return {one.name: (one.is_well, one.said) for one in found}


def test_a_domain_with_all_three(names: NameServer) -> None:
    assert look(names) == {
        "SPF": (True, "v=spf1 include:relay.example.net -all"),
        "DKIM": (True, "a key at s1._domainkey.mail.example.org"),
        "DMARC": (True, "_dmarc.mail.example.org says none"),
    }


@pytest.mark.parametrize(
    ("place", "records", "name", "said"),
    [
        ("mail.example.org", ["nothing"], "SPF", "has none"),
        ("mail.example.org", ["v=spf1 -all", "v=spf1 mx -all"], "SPF", "leave one"),
        ("mail.example.org", ["v=spf1 +all"], "SPF", "lets everybody"),
        ("mail.example.org", ["v=spf1 mx"], "SPF", "does not say who may not"),
        ("s1._domainkey.mail.example.org", ["v=DKIM1; p="], "DKIM", "withdrawn"),
        ("s1._domainkey.mail.example.org", ["nothing"], "DKIM", "no key at"),
        ("_dmarc.mail.example.org", ["v=DMARC1; rua=mailto:x"], "DMARC", "has no policy"),
        ("_dmarc.mail.example.org", ["nothing"], "DMARC", "has none"),
    ],
)
def test_what_is_wrong_is_said_with_its_mending(
    names: NameServer, place: str, records: list[str], name: str, said: str
) -> None:
    names.records[place] = records

    found = look(names)

    assert [one for one, (is_well, _) in found.items() if not is_well] == [name]
    assert said in found[name][1]


def test_the_domain_above_speaks_for_those_below(names: NameServer) -> None:
    del names.records["_dmarc.mail.example.org"]
    names.records["_dmarc.example.org"] = ["v=DMARC1; p=none; sp=reject"]

    assert look(names)["DMARC"] == (True, "_dmarc.example.org says reject")


def test_without_a_selector_the_key_is_not_known(names: NameServer) -> None:
    lines = list(sender.look(sender.resolver(names.address), []))

    assert [one.name for one in lines if not one.is_well] == ["DKIM"]


def test_a_resolver_that_does_not_answer_is_said_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAIL_DOMAIN = "mail.example.org"
    monkeypatch.setattr(sender, "PATIENCE", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        found = list(sender.look(sender.resolver(f"127.0.0.1:{deaf.getsockname()[1]}"), ["s1"]))

    assert [one.name for one in found] == ["sender's DNS"]
