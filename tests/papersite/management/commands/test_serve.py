"""The whole site by one command."""

import socket

import pytest
from django.core.management import CommandError, call_command


def test_serve_names_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} is taken; choose another with --port."):
            call_command("serve", port=port)
