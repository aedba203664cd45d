"""The settings of a process: read from its environment at the start, and frozen."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.shared.machine.stopping import MOST_IN_A_ROW


@dataclass(frozen=True)
class Settings:
    """Addresses, the port to answer on, and how the clock is known."""

    kafka: str = "127.0.0.1:19092"
    mongodb: str = "mongodb://127.0.0.1:27117/?replicaSet=rs0"
    host: str = "127.0.0.1"
    port: int = 8080
    clock: Literal["real", "record"] = "real"
    """`record`: wait for the one clock record in the database before anything is handled."""
    pseudonym_key: str = "not-secret"
    """Keys what must not be computed by others, such as pseudonyms; the same for all processes of a site."""
    log_level: str = "info"
    """`debug` writes a line for everything that is said."""
    instance: str | None = None
    """The lasting name of this process, such as its pod's. After a crash the successor of that name gets the partitions
    at once. Without a name it waits until the dead one's session has timed out."""
    policies: Mapping[str, str] = field(default_factory=dict)
    """Sources that are bound to a pack, by its content hash; all others get the newest."""

    most_in_a_row: int = MOST_IN_A_ROW
    """How many records of one sender in a row may be turned away before its topic is not read on; 0: any number."""
    lookups_per_minute: int = 20
    """How often one client may look up a reference over HTTP in each process."""
    client_header: str | None = None
    """The header in which the proxy in front names the client, such as X-Forwarded-For; else the peer is the client."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; raises ValueError in one clear line."""
        clock = environment.get("CLOSEDLOOP_CLOCK", cls.clock)
        if clock not in ("real", "record"):
            raise ValueError(f"CLOSEDLOOP_CLOCK is {clock!r}: it must be real or record")
        return cls(
            kafka=environment.get("KAFKA_BOOTSTRAP_SERVERS", cls.kafka),
            mongodb=environment.get("MONGODB_URI", cls.mongodb),
            host=environment.get("CLOSEDLOOP_HTTP_HOST", cls.host),
            port=int(environment.get("CLOSEDLOOP_HTTP_PORT", cls.port)),
            clock="record" if clock == "record" else "real",
            pseudonym_key=environment.get("CLOSEDLOOP_PSEUDONYM_KEY", cls.pseudonym_key),
            log_level=environment.get("CLOSEDLOOP_LOG_LEVEL", cls.log_level),
            instance=environment.get("CLOSEDLOOP_INSTANCE") or None,
            policies=bound_sources(environment.get("CLOSEDLOOP_POLICIES", "{}")),
            most_in_a_row=int(environment.get("CLOSEDLOOP_DEAD_LETTERS_IN_A_ROW", cls.most_in_a_row)),
            lookups_per_minute=int(environment.get("CLOSEDLOOP_LOOKUPS_PER_MINUTE", cls.lookups_per_minute)),
            client_header=environment.get("CLOSEDLOOP_CLIENT_HEADER") or None,
        )


def bound_sources(text: str) -> Mapping[str, str]:
    """The sources that are bound to a pack, with its hash. Raises ValueError, with one clear line, for a wrong text."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(hash, str) and hash for hash in found.values()):
        example = '{"crm": "0123456789abcdef"}'
        raise ValueError(f"CLOSEDLOOP_POLICIES is {text!r}: it must be JSON of sources and hashes, such as {example}")
    return found
