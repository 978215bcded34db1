"""The broker of a site that has none."""

import time
from pathlib import Path

import pytest
from kombu import Connection, Consumer, Queue

from papersite.runtime.broker import Transport


@pytest.fixture
def broker(tmp_path: Path) -> Connection:
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "polling_interval": 0.05}
    return Connection("filesystem://", transport=Transport, transport_options=options)


def test_a_worker_that_waits_for_orders_looks_up_before_the_time_it_was_given(broker: Connection) -> None:
    began = time.monotonic()

    with Consumer(broker, Queue("mail"), no_ack=True), pytest.raises(TimeoutError):
        broker.drain_events(timeout=30)

    assert time.monotonic() - began < 15


def test_an_order_arrives(broker: Connection) -> None:
    orders: list[str] = []
    with Consumer(broker, Queue("mail"), on_message=lambda message: orders.append(message.payload), no_ack=True):
        broker.Producer().publish("drain", routing_key="mail", declare=[Queue("mail")])
        broker.drain_events(timeout=5)

    assert orders == ["drain"]
