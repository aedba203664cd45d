"""The embedded database: one mongod as a replica set of one, so that majority writes and change streams work."""

import signal
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from closedloop.stack.part import Part
from closedloop.stack.ports import LOOPBACK

REPLICA_SET = "rs0"


def uri(port: int) -> str:
    return f"mongodb://{LOOPBACK}:{port}/?replicaSet={REPLICA_SET}"


def _member_config(port: int) -> dict[str, Any]:
    return {"_id": REPLICA_SET, "version": 1, "members": [{"_id": 0, "host": f"{LOOPBACK}:{port}"}]}


def _stored_config(client: MongoClient[dict[str, Any]]) -> dict[str, Any] | None:
    return client.local["system.replset"].find_one()


def _join_own_set(client: MongoClient[dict[str, Any]], port: int) -> None:
    """Founds the set on the first start; rewrites its only member's address when the port has moved since."""
    stored = _stored_config(client)
    if stored is None:
        client.admin.command("replSetInitiate", _member_config(port))
    elif stored["members"][0]["host"] != f"{LOOPBACK}:{port}":
        stored["members"][0]["host"] = f"{LOOPBACK}:{port}"
        stored["version"] += 1
        client.admin.command("replSetReconfig", stored, force=True)


def is_primary(port: int) -> bool:
    """True when this mongod takes writes; brings it there where it is new or has moved."""
    client: MongoClient[dict[str, Any]] = MongoClient(
        LOOPBACK, port, directConnection=True, serverSelectionTimeoutMS=1_000, timeoutMS=3_000
    )
    try:
        if client.admin.command("hello")["isWritablePrimary"]:
            return True
        _join_own_set(client, port)
    except PyMongoError:
        pass  # not listening yet, or still electing: asked again
    finally:
        client.close()
    return False


def part(data: Path, mongod: Path, env: Mapping[str, str], port: int) -> Part:
    directory = data / "mongodb"
    argv = (
        *(str(mongod), "--dbpath", str(directory), "--journal"),
        *("--bind_ip", LOOPBACK, "--port", str(port), "--nounixsocket"),
        *("--replSet", REPLICA_SET, "--oplogSize", "512", "--wiredTigerCacheSizeGB", "0.25"),
        # A slow statement would be logged with what it writes: names and telephone numbers.
        *("--slowOpSampleRate", "0"),
        # Diagnostic files of MongoDB's own support: megabytes nobody here reads.
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    )
    return Part(
        name="mongodb",
        argv=argv,
        env=env,
        address=f"{LOOPBACK}:{port}",
        probe=partial(is_primary, port),
        before=partial(directory.mkdir, parents=True, exist_ok=True),
        grace_seconds=20.0,
        orphan_signal=signal.SIGTERM,
    )
