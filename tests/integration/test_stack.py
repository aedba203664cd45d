"""The local stack on a real broker and a real database, with stand-ins for the services."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from pymongo import MongoClient

from closedloop.stack import Endpoints, ServiceSpec, Stack, StackError, StackSettings, process, state
from closedloop.stack.http_ready import answers
from tests.conftest import OWN_CLUSTERS
from tests.eventually import eventually
from tests.signals import tell

STAND_IN = """
import http.server, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200 if self.path == "/readyz" else 404); self.end_headers()
    def log_message(self, *_): pass
address = (os.environ["CLOSEDLOOP_HTTP_HOST"], int(os.environ["CLOSEDLOOP_HTTP_PORT"]))
http.server.ThreadingHTTPServer(address, Ready).serve_forever()
"""
DESK = ServiceSpec("desk", (sys.executable, "-c", STAND_IN))
CLERK = ServiceSpec("clerk", (sys.executable, "-c", STAND_IN))

SUPERVISOR = f"""
import sys
from pathlib import Path
from closedloop.commands.stack import supervise
from closedloop.stack import ServiceSpec, StackSettings
desk = ServiceSpec("desk", (sys.executable, "-c", {STAND_IN!r}))
sys.exit(supervise(StackSettings(data=Path(sys.argv[1]), services=(desk,), env={OWN_CLUSTERS!r})))
"""

EVERY_PART = ("kafka", "mongodb", "desk", "clerk")


def parts_of(data: Path) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = json.loads(closedloop("status", "--json", "--data", str(data)).stdout)["parts"]
    return parts


def settings(data: Path, *services: ServiceSpec) -> StackSettings:
    return StackSettings(data=data, services=services, env=OWN_CLUSTERS)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(settings(tmp_path_factory.mktemp("running"), DESK, CLERK)) as stack:
        stack.start(print)
        yield stack


@pytest.mark.parametrize("name", EVERY_PART)
def test_a_part_that_is_killed_comes_back_by_itself(running: Stack, name: str) -> None:
    killed, restarts = running.pid(name), running.restarts(name)

    tell(killed, signal.SIGKILL)

    eventually(lambda: running.restarts(name) == restarts + 1)
    running.wait_ready(name, timeout=150)
    assert running.pid(name) != killed


def test_every_restart_and_its_reason_is_written_down_for_the_operator(running: Stack) -> None:
    running.kill("desk", signal.SIGKILL)
    running.wait_ready("desk", timeout=60)

    seen = state.running(running.data)

    assert seen is not None
    desk = next(part for part in seen.parts if part.name == "desk")
    assert (desk.state, desk.last_exit, desk.restarts) == ("ready", "SIGKILL", running.restarts("desk"))


def test_a_suspended_part_stays_down_as_long_as_asked_and_then_returns(running: Stack) -> None:
    down_at = time.monotonic()
    running.suspend("desk", seconds=1.0)

    assert not answers(f"{running.endpoints.http['desk']}/readyz")
    running.wait_ready("desk", timeout=60)
    assert time.monotonic() - down_at >= 1.0


def test_what_was_acknowledged_survives_the_kill_of_broker_and_database(running: Stack) -> None:
    publish(running.endpoints, topic="survives", value=b"received")
    store(running.endpoints, {"_id": "complaint", "state": "received"})

    for name in ("kafka", "mongodb"):
        running.kill(name, signal.SIGKILL)
    for name in ("kafka", "mongodb"):
        running.wait_ready(name, timeout=150)

    assert published(running.endpoints, topic="survives") == [b"received"]
    assert stored(running.endpoints) == [{"_id": "complaint", "state": "received"}]


def test_the_whole_stack_fits_into_a_small_machine(running: Stack) -> None:
    resident = running.rss()

    assert resident.keys() == set(EVERY_PART)
    assert all(resident.values())
    assert sum(resident.values()) < 1.5 * 2**30


def test_preparation_runs_between_broker_and_services_and_completion_after_them(tmp_path: Path) -> None:
    heard: list[str] = []

    def note(moment: str, endpoints: Endpoints) -> None:
        up = answers(f"{endpoints.http['desk']}/readyz")
        publish(endpoints, topic=moment, value=b"the broker takes it")
        heard.append(f"{moment}: desk {'up' if up else 'down'}")

    asked = StackSettings(
        data=tmp_path,
        services=(DESK,),
        env=OWN_CLUSTERS,
        prepare=lambda endpoints: note("prepare", endpoints),
        ready=lambda endpoints: note("ready", endpoints),
    )
    with Stack(asked) as stack:
        stack.start(print)

    assert heard == ["prepare: desk down", "ready: desk up"]


def test_stopping_leaves_no_process_and_the_data_for_next_time(tmp_path: Path) -> None:
    with Stack(settings(tmp_path, DESK)) as first:
        endpoints = first.start(print)
        publish(endpoints, topic="kept", value=b"received")
        store(endpoints, {"_id": "complaint"})
    assert process.leftovers(tmp_path) == []
    assert state.read(tmp_path) is None

    begun = time.monotonic()
    with Stack(settings(tmp_path, DESK)) as second:
        endpoints = second.start(print)
        print(f"warm start: {time.monotonic() - begun:.1f} s")
        assert published(endpoints, topic="kept") == [b"received"]
        assert stored(endpoints) == [{"_id": "complaint"}]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A stack under a supervisor of its own, ready, as `closedloop up` runs it."""
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(tmp_path)]) as running:
        eventually(lambda: is_ready(tmp_path), within=60)
        yield running
        running.kill()


def test_after_the_supervisor_is_killed_nothing_is_in_the_way_of_the_next_start(
    supervisor: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    supervisor.kill()
    supervisor.wait()

    with Stack(settings(tmp_path, DESK)) as stack:
        stack.start(print)
        assert {p.pid for p in process.leftovers(tmp_path)} == {
            stack.pid(name) for name in ("kafka", "mongodb", "desk")
        }


def test_after_everything_is_killed_at_once_the_next_start_works(
    supervisor: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    for doomed in [process.Identity.of(supervisor.pid), *process.leftovers(tmp_path)]:
        doomed.signal(signal.SIGKILL)
    supervisor.wait()

    with Stack(settings(tmp_path, DESK)) as stack:
        stack.start(print)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_supervisor_that_is_asked_to_end_leaves_no_process(
    supervisor: subprocess.Popen[bytes], tmp_path: Path, ending: signal.Signals
) -> None:
    supervisor.send_signal(ending)

    assert supervisor.wait(timeout=300) == 0
    assert process.leftovers(tmp_path) == []


def test_status_shows_every_part_and_down_ends_them_all(supervisor: subprocess.Popen[bytes], tmp_path: Path) -> None:
    shown = closedloop("status", "--json", "--data", str(tmp_path))
    ended = closedloop("down", "--data", str(tmp_path))
    after = closedloop("status", "--data", str(tmp_path))

    assert shown.returncode == 0
    assert {part["name"]: part["ready"] for part in json.loads(shown.stdout)["parts"]} == {
        "kafka": True,
        "mongodb": True,
        "desk": True,
    }
    assert (ended.returncode, supervisor.wait(timeout=300)) == (0, 0)
    assert process.leftovers(tmp_path) == []
    assert after.returncode == 3
    assert "nothing runs" in after.stdout


def test_a_part_is_restarted_on_command_and_works_again(supervisor: subprocess.Popen[bytes], tmp_path: Path) -> None:
    before = {part["name"]: part["pid"] for part in parts_of(tmp_path)}

    done = closedloop("restart", "desk", "--data", str(tmp_path))

    after = {part["name"]: part["pid"] for part in parts_of(tmp_path)}
    assert (done.returncode, "desk works again" in done.stdout) == (0, True), done.stdout
    assert after["desk"] != before["desk"]
    assert {name: pid for name, pid in after.items() if name != "desk"} == {
        name: pid for name, pid in before.items() if name != "desk"
    }
    assert closedloop("restart", "nobody", "--data", str(tmp_path)).returncode == 2


def test_status_tells_a_part_that_hangs_from_one_that_works(
    supervisor: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    seen = state.running(tmp_path)
    assert seen is not None
    desk = next(part for part in seen.parts if part.name == "desk")
    tell(desk.pid, signal.SIGSTOP)

    shown = closedloop("status", "--data", str(tmp_path))

    assert shown.returncode == 1
    assert re.search(r"desk +not answering", shown.stdout)


def test_a_service_that_cannot_start_ends_the_start_with_its_last_words(tmp_path: Path) -> None:
    broken = ServiceSpec("broken", (sys.executable, "-c", "raise SystemExit('no policy found')"))
    stack = Stack(settings(tmp_path, broken))

    with pytest.raises(StackError, match=r"broken did not become ready .*\n.*no policy found"):
        stack.start(print)

    assert process.leftovers(tmp_path) == []


def test_clusters_that_the_user_names_are_used_instead_of_own_ones(running: Stack, tmp_path: Path) -> None:
    theirs = {"KAFKA_BOOTSTRAP_SERVERS": running.endpoints.kafka, "MONGODB_URI": running.endpoints.mongodb}

    with Stack(StackSettings(data=tmp_path, services=(DESK,), env=theirs)) as stack:
        endpoints = stack.start(print)

        assert (endpoints.kafka, endpoints.mongodb) == (running.endpoints.kafka, running.endpoints.mongodb)
        assert stack.rss().keys() == {"desk"}


def closedloop(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "closedloop", *arguments], capture_output=True, text=True, timeout=400)


def is_ready(data: Path) -> bool:
    seen = state.running(data)
    return seen is not None and seen.phase == "ready"


def publish(endpoints: Endpoints, topic: str, value: bytes) -> None:
    admin = KafkaAdminClient(bootstrap_servers=endpoints.kafka)
    admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    admin.close()
    producer = KafkaProducer(bootstrap_servers=endpoints.kafka, acks="all")
    producer.send(topic, value).get(timeout=150)
    producer.close()


def published(endpoints: Endpoints, topic: str) -> list[bytes]:
    consumer = KafkaConsumer(bootstrap_servers=endpoints.kafka, auto_offset_reset="earliest", enable_auto_commit=False)
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    found = eventually(lambda: consumer.poll(timeout_ms=500).get(partition), within=20)
    consumer.close()
    return [record.value for record in found]


def store(endpoints: Endpoints, document: dict[str, str]) -> None:
    with MongoClient[dict[str, str]](endpoints.mongodb, w="majority", journal=True) as client:
        client.kept.cases.insert_one(document)


def stored(endpoints: Endpoints) -> list[dict[str, str]]:
    with MongoClient[dict[str, str]](endpoints.mongodb) as client:
        return list(client.kept.cases.find())
