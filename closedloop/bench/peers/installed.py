"""What the peers need, fetched on demand by pinned version and checksum, into a cache and a venv apart from ours."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from closedloop.stack import StackError
from closedloop.stack.downloads import cache, once, require_supported

HERE = Path(__file__).parent
PYTHON, NPM = HERE / "python.txt", HERE / "npm.txt"
SERVER = "package/bin/restate-server"
DEBIANS = "/usr/lib/postgresql"

Say = Callable[[str], None]


class NotInstalled(Exception):
    """A peer cannot be had on this machine; the text says why."""


def python(say: Say) -> Path:
    """The interpreter that has the peers' libraries. Raises NotInstalled."""
    return _kept("venv", PYTHON, say, _fetch_venv) / "bin" / "python"


def restate_server(say: Say) -> Path:
    """The server's binary. Raises NotInstalled."""
    return _kept("restate", NPM, say, _fetch_restate) / "restate-server"


def postgres(say: Say) -> Path:
    """The directory of PostgreSQL's programs, the newest that is there. Raises NotInstalled."""
    if not (found := _postgres()) and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing PostgreSQL with apt-get")
        _done(["apt-get", "install", "-y", "-q", "--no-install-recommends", "postgresql"])
        found = _postgres()
    if not found:
        raise NotInstalled("PostgreSQL is not installed: apt-get install postgresql")
    return found


def _postgres() -> Path | None:
    places = [path.parent for path in Path(DEBIANS).glob("*/bin/initdb")]
    if elsewhere := shutil.which("initdb"):
        places.append(Path(elsewhere).resolve().parent)
    return max(places, key=lambda place: place.parent.name, default=None)


def _kept(name: str, pins: Path, say: Say, fetch: Callable[[Path, Say], None]) -> Path:
    """A directory per set of pins, as the stack's own downloads are kept."""
    try:
        require_supported()
    except StackError as reason:
        raise NotInstalled(str(reason)) from reason
    target = cache() / "peers" / f"{name}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    return once(target, say, fetch)


def _fetch_venv(aside: Path, say: Say) -> None:
    say("fetching the peers' libraries with pip, once")
    _done([sys.executable, "-m", "venv", str(aside)])
    pip = [str(aside / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _done([*pip, "--require-hashes", "--only-binary=:all:", "-r", str(PYTHON)])


def _fetch_restate(aside: Path, say: Say) -> None:
    say("fetching Restate's server (81 MB) with npm, once")
    name, version, digest = NPM.read_text().splitlines()[-1].split()
    _done(["npm", "pack", "--silent", "--pack-destination", str(aside), f"{name}@{version}"])
    (archive,) = aside.glob("*.tgz")
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != digest:
        raise NotInstalled(f"{name}@{version} is not the package that {NPM.name} pins")
    with tarfile.open(archive) as packed, (aside / "restate-server").open("wb") as binary:
        member = packed.extractfile(SERVER)
        assert member is not None
        for block in iter(partial(member.read, 2**20), b""):
            binary.write(block)
    (aside / "restate-server").chmod(0o755)
    archive.unlink()


def _done(argv: list[str]) -> None:
    """Run an installer. Raises NotInstalled with its last words."""
    try:
        run = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        raise NotInstalled(f"{argv[0]} is needed and not installed") from None
    if run.returncode:
        words = " ".join(run.stdout.split()[-40:])
        raise NotInstalled(f"{Path(argv[0]).name} failed: {words}")
