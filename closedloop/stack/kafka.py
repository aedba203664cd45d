"""The embedded broker: one Apache Kafka node in KRaft mode, broker and controller in one process."""

import base64
import shutil
import signal
import socket
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from closedloop.stack.errors import PartFailed
from closedloop.stack.part import Part
from closedloop.stack.ports import LOOPBACK

# A broker that has run out of memory limps on; one that exits is started again.
# The second compiler never pays on two shared cores: in the first minutes it takes more than the broker's own work.
HEAP = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")
LOGGING = Path(__file__).with_name("log4j2.properties")

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers={host}:{controller_port}
log.dirs={directory}

auto.create.topics.enable=false
log.message.timestamp.type=LogAppendTime
group.initial.rebalance.delay.ms=0

offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=1000
log.cleaner.dedupe.buffer.size=2097152
"""


def _write_properties(path: Path, directory: Path, port: int, controller_port: int) -> None:
    text = _PROPERTIES.format(host=LOOPBACK, port=port, controller_port=controller_port, directory=directory)
    path.write_text(text)


@dataclass(frozen=True)
class Java:
    """How the broker's programs are run: which jars, and which options of the virtual machine besides the heap's."""

    jars: Path
    options: tuple[str, ...] = ()

    def command(self, main: str, *arguments: str) -> tuple[str, ...]:
        logging = f"-Dlog4j2.configurationFile={LOGGING}"
        return ("java", *HEAP, *self.options, logging, "-cp", f"{self.jars}/*", main, *arguments)


def _cluster_id() -> str:
    """A random id in Kafka's own form; one that begins with a dash would be read as an option."""
    text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return text if not text.startswith("-") else _cluster_id()


def format_once(directory: Path, java: Java, env: Mapping[str, str], port: int, controller_port: int) -> None:
    """Formats the storage beside its place and renames it, so that no half-formatted directory is left.

    Raises PartFailed.
    """
    if directory.exists():
        return
    aside = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    properties = directory.with_name("kafka-format.properties")
    _write_properties(properties, aside, port, controller_port)
    arguments = ("format", "-t", _cluster_id(), "-c", str(properties), "--standalone")
    argv = java.command("kafka.tools.StorageTool", *arguments)
    done = subprocess.run(argv, env=dict(env), capture_output=True, text=True)
    if done.returncode:
        raise PartFailed(f"kafka's storage could not be formatted: {(done.stdout + done.stderr).strip()[-500:]}")
    aside.rename(directory)
    properties.unlink()


def answers(bootstrap: str) -> bool:
    """True when the cluster describes itself to the admin client."""
    host, port = bootstrap.rsplit(":", 1)
    try:
        # The admin client waits for its whole time-out where nobody listens yet; a refused connection is quicker.
        socket.create_connection((host, int(port)), timeout=1.0).close()
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=3_000, request_timeout_ms=3_000)
    except (OSError, KafkaError):
        return False
    try:
        return bool(admin.describe_cluster()["brokers"])
    except KafkaError:
        return False
    finally:
        admin.close()


def part(data: Path, java: Java, env: Mapping[str, str], port: int, controller_port: int) -> Part:
    directory, properties = data / "kafka", data / "kafka.properties"

    def before() -> None:
        format_once(directory, java, env, port, controller_port)
        _write_properties(properties, directory, port, controller_port)

    address = f"{LOOPBACK}:{port}"
    return Part(
        name="kafka",
        argv=java.command("kafka.Kafka", str(properties)),
        env=env,
        address=address,
        probe=partial(answers, address),
        before=before,
        grace_seconds=20.0,
        orphan_signal=signal.SIGTERM,
    )
