"""The secret of a local stack: whoever does not hold it can compute neither a pseudonym nor the id of a complaint."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

PSEUDONYM_KEY = "CLOSEDLOOP_PSEUDONYM_KEY"
FILE = "pseudonym.key"


def pseudonym_key(data: Path, environment: Mapping[str, str]) -> str:
    """The key that the environment names, else the one of this directory: random, made once, for its owner alone."""
    file = data / FILE
    key = environment.get(PSEUDONYM_KEY) or (file.read_text().strip() if file.exists() else "")
    return key or _new(file)


def _new(file: Path) -> str:
    key, aside = secrets.token_hex(32), file.with_suffix(".new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(key + "\n")
    aside.replace(file)
    return key
