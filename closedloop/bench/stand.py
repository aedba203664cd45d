"""The stack of a benchmark: empty, on free ports, and apart from the caller's own clusters."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from closedloop.policies import load
from closedloop.provision import prepare
from closedloop.stack import SERVICES, Endpoints, ServiceSpec, Stack, StackSettings
from schemas.policy import PolicyPack

PACK = Path(__file__).with_name("pack.yaml")
SOURCE = "app"
FOUNDATIONS = ("kafka", "mongodb")


@contextmanager
def stand(
    services: tuple[ServiceSpec, ...] = SERVICES,
    env: Mapping[str, str] | None = None,
    before: Callable[[Endpoints], None] = lambda endpoints: None,
) -> Iterator[Stack]:
    """A ready stack of these services under the benchmark's policy pack; `before` runs when no service has started."""

    def prepared(endpoints: Endpoints) -> None:
        prepare(endpoints.kafka, packs=(str(PACK),))
        before(endpoints)

    with tempfile.TemporaryDirectory(prefix="closedloop-bench-", ignore_cleanup_errors=True) as data:
        own = {"KAFKA_BOOTSTRAP_SERVERS": "", "MONGODB_URI": ""}
        settings = StackSettings(data=Path(data), services=services, env={**own, **(env or {})}, prepare=prepared)
        with Stack(settings) as stack:
            stack.start()
            yield stack


def parts(stack: Stack) -> list[str]:
    """The names of everything that runs in it."""
    return [*FOUNDATIONS, *(spec.name for spec in stack.settings.services)]


def pack() -> PolicyPack:
    """The benchmark's policy pack."""
    return load(PACK)
