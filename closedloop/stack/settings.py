"""The parts of a local stack: its services, its ports, its directory and its addresses."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_DATA = PROJECT / ".closedloop"

# The ports of `closedloop up`; a stack started by a program takes free ones unless told.
DEFAULT_PORTS: Mapping[str, int] = {
    "kafka": 19092,
    "mongodb": 27117,
    "intake-http": 8080,
    "intake": 8081,
    "router": 8082,
    "escalation": 8083,
    "followup": 8084,
    "prometheus": 9090,
}


@dataclass(frozen=True)
class ServiceSpec:
    """A process that answers `GET /readyz` with 200 once it works; port 0 = choose a free one.

    `awaited` is False for a service that only reads: the stack is ready without it.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    awaited: bool = True


@dataclass(frozen=True)
class Endpoints:
    """Where to reach the running stack; `http` maps a service's name to its base URL."""

    kafka: str
    mongodb: str
    http: Mapping[str, str]


def _module(*argv: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *argv)


SERVICES = (
    ServiceSpec("intake-http", _module("services.intake", "http")),
    ServiceSpec("intake", _module("services.intake", "loop")),
    ServiceSpec("router", _module("services.router")),
    ServiceSpec("escalation", _module("services.escalation")),
    ServiceSpec("followup", _module("services.followup")),
)


@dataclass(frozen=True)
class StackSettings:
    """One stack in one data directory.

    `env` is added to every service's environment; `KAFKA_BOOTSTRAP_SERVERS` and `MONGODB_URI` in it (else in the
    process's own environment) name existing clusters, and an empty value asks for the embedded ones.
    `prepare` runs when broker and database are ready and no service has started, `ready` when all services are.
    """

    data: Path
    kafka_port: int = 0
    mongo_port: int = 0
    http_ports: Mapping[str, int] = field(default_factory=dict)
    prometheus: bool = False
    services: tuple[ServiceSpec, ...] = SERVICES
    env: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Endpoints], None] | None = None
    ready: Callable[[Endpoints], None] | None = None
