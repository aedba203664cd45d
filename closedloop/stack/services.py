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
    """The environment of a service; its port and the addresses of broker and database are never overridden."""
    return {
        **base,
        "CLOSEDLOOP_CLOCK": "real",
        "CLOSEDLOOP_INSTANCE": spec.name,
        "PYTHONUNBUFFERED": "1",
        **extra,
        **spec.env,
        "KAFKA_BOOTSTRAP_SERVERS": endpoints.kafka,
        "MONGODB_URI": endpoints.mongodb,
        "CLOSEDLOOP_HTTP_HOST": LOOPBACK,
        "CLOSEDLOOP_HTTP_PORT": str(port),
    }


def part(spec: ServiceSpec, env: Mapping[str, str], port: int) -> Part:
    address = f"http://{LOOPBACK}:{port}"
    ready_url = f"{address}/readyz"
    return Part(spec.name, spec.argv, env, address, partial(answers, ready_url), ready_url, awaited=spec.awaited)
