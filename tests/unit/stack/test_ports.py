"""What is said when a port is taken, and how free ones are found."""

import os
import socket
from collections.abc import Iterator

import pytest

from closedloop.stack import ports
from closedloop.stack.errors import PortTaken


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_its_purpose_its_holder_and_the_way_out(taken: int) -> None:
    with pytest.raises(PortTaken) as refusal:
        ports.assign({"intake-http": taken})

    message = str(refusal.value)
    assert f"port {taken}, meant for intake-http, is taken by " in message
    assert f"(pid {os.getpid()})" in message
    assert "--port intake-http=NUMBER or CLOSEDLOOP_PORT_INTAKE_HTTP" in message
    assert "\n" not in message


def test_a_taken_port_is_named_even_where_its_holder_is_unknown() -> None:
    assert ports.taken_message("kafka", 19092, holder="") == (
        "port 19092, meant for kafka, is taken; move it with --port kafka=NUMBER or CLOSEDLOOP_PORT_KAFKA"
    )


def test_two_parts_cannot_be_given_the_same_port() -> None:
    wanted = ports.free_port()

    with pytest.raises(PortTaken, match="meant for router, is taken by intake"):
        ports.assign({"intake": wanted, "router": wanted})


def test_parts_without_a_wish_get_different_free_ports() -> None:
    given = ports.assign({f"part-{n}": 0 for n in range(20)})

    assert len(set(given.values())) == 20
    assert all(ports.is_free(port) for port in given.values())


def test_free_ports_lie_where_no_client_can_connect_to_itself() -> None:
    assert all(ports.free_port() in ports.FREE_RANGE for _ in range(20))
    assert ports.FREE_RANGE.stop < 32_768
