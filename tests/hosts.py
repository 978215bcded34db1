"""Hosts of a network of their own on this machine: namespaces that see each other, and nothing beyond.

    network = Network("services", "one", "two")
    with network["one"].inside():
        subprocess.Popen(...)   # lives there, under that host's name and address

Wants ``ip``, and the right to make namespaces; raises Missing without them. Addresses are of the block that RFC 5737
keeps for documentation.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

from tests.servers import Missing

OWN_NETWORK, OWN_NAME = "/proc/thread-self/ns/net", "/proc/thread-self/ns/uts"


@dataclass(frozen=True, slots=True)
class Host:
    name: str
    address: str
    namespace: str

    @contextmanager
    def inside(self) -> Iterator[None]:
        """What this thread starts meanwhile is on that host, and stays there."""
        network, name = os.open(OWN_NETWORK, os.O_RDONLY), os.open(OWN_NAME, os.O_RDONLY)
        there = os.open(f"/run/netns/{self.namespace}", os.O_RDONLY)
        try:
            os.setns(there, os.CLONE_NEWNET)
            os.unshare(os.CLONE_NEWUTS)
            socket.sethostname(self.name)
            yield
        finally:
            os.setns(network, os.CLONE_NEWNET)
            os.setns(name, os.CLONE_NEWUTS)
            for opened in (network, name, there):
                os.close(opened)

    def pids(self) -> list[int]:
        return [int(pid) for pid in _ip("netns", "pids", self.namespace).split()]


class Network:
    """The first host has the switch that all are plugged into."""

    def __init__(self, *names: str) -> None:
        if not shutil.which("ip"):
            raise Missing("ip of iproute2")
        mark = uuid4().hex[:6]
        self.hosts = {
            name: Host(name, f"192.0.2.{number}", f"papersite-{mark}-{name}") for number, name in enumerate(names, 1)
        }
        try:
            self._build()
        except subprocess.CalledProcessError as error:
            self.close()
            raise Missing(f"the right to make network namespaces ({error.stderr.strip()})") from error

    def __getitem__(self, name: str) -> Host:
        return self.hosts[name]

    def _build(self) -> None:
        first, *others = self.hosts.values()
        for host in self.hosts.values():
            _ip("netns", "add", host.namespace)
            _ip("-n", host.namespace, "link", "set", "lo", "up")
        _ip("-n", first.namespace, "link", "add", "switch", "type", "bridge")
        _ip("-n", first.namespace, "addr", "add", f"{first.address}/24", "dev", "switch")
        _ip("-n", first.namespace, "link", "set", "switch", "up")
        for host in others:
            port = f"to-{host.name}"[:15]
            cable = ("type", "veth", "peer", "name", "eth0", "netns", host.namespace)
            _ip("-n", first.namespace, "link", "add", port, *cable)
            _ip("-n", first.namespace, "link", "set", port, "master", "switch", "up")
            _ip("-n", host.namespace, "addr", "add", f"{host.address}/24", "dev", "eth0")
            _ip("-n", host.namespace, "link", "set", "eth0", "up")

    def close(self) -> None:
        """Whoever still runs on a host keeps its network until it ends."""
        for host in self.hosts.values():
            with suppress(subprocess.CalledProcessError):
                _ip("netns", "delete", host.namespace)


def _ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=True, timeout=20).stdout
