"""Turns a service's description into a part of the stack: its environment, its port, its readiness."""

from collections.abc import Mapping
from functools import partial

from closedloop.stack.http_ready import answers
from closedloop.stack.part import Part
from closedloop.stack.ports import LOOPBACK
from closedloop.stack.settings import Endpoints, ServiceSpec


def environment(
    spec: ServiceSpec, base: Mapping[str, str], extra: Mapping[str, str], endpoints: Endpoints, port: int
) -> dict[str, str]:
    """What the service is told; where it listens and where broker and database are is never overridden."""
    return {
        **base,
        "CLOSEDLOOP_CLOCK": "real",
        "PYTHONUNBUFFERED": "1",
        **extra,
        **spec.env,
        "KAFKA_BOOTSTRAP_SERVERS": endpoints.kafka,
        "MONGODB_URI": endpoints.mongodb,
        "CLOSEDLOOP_HTTP_HOST": LOOPBACK,
        "CLOSEDLOOP_HTTP_PORT": str(port),
    }


def part(spec: ServiceSpec, env: Mapping[str, str], port: int) -> Part:
    return Part(
        name=spec.name,
        argv=spec.argv,
        env=env,
        address=f"http://{LOOPBACK}:{port}",
        probe=partial(answers, port),
    )
