"""The choice of ports for the parts of a local stack."""

import os
from collections.abc import Callable

import typer

from closedloop.stack import DEFAULT_PORTS, ports

PROMETHEUS = "prometheus"
"""The one part that takes another port where its usual one is taken."""


def chosen_ports(moved: list[str]) -> dict[str, int]:
    """The default ports, moved by CLOSEDLOOP_PORT_<NAME> and then by `--port NAME=NUMBER`.

    Raises BadParameter for a part that does not exist, and for a text that is no port number.
    """
    chosen = dict(DEFAULT_PORTS)
    for name in chosen:
        variable = _variable(name)
        if variable in os.environ:
            chosen[name] = _number(variable, os.environ[variable])
    for text in moved:
        name, _, number = text.partition("=")
        if name not in chosen:
            raise typer.BadParameter(f"there is no part {name!r}; there are {', '.join(chosen)}")
        chosen[name] = _number(name, number)
    return chosen


def _variable(name: str) -> str:
    return f"CLOSEDLOOP_PORT_{name.upper().replace('-', '_')}"


def _number(name: str, text: str) -> int:
    if not text.isdigit() or int(text) > 65_535:
        raise typer.BadParameter(f"{name} needs a port number, not {text!r}")
    return int(text)


def is_moved(name: str, moved: list[str]) -> bool:
    """Whether the environment or an option names a port for this part."""
    return _variable(name) in os.environ or any(text.startswith(f"{name}=") for text in moved)


def port_of_prometheus(tell: Callable[[str], None]) -> int:
    """Its usual port; where another program holds that, as Debian's own Prometheus does, any free one (0)."""
    usual = DEFAULT_PORTS[PROMETHEUS]
    if ports.is_free(usual):
        return usual
    holder = ports.holder_of(usual) or "another program"
    tell(f"port {usual} is taken by {holder}: this stack's Prometheus takes a free one")
    return 0
