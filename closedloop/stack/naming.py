"""The command that reaches a stack, for messages: with its directory, unless it is the usual one."""

import os
import shlex
from pathlib import Path

from closedloop.stack.settings import DEFAULT_DATA


def command(verb: str, data: Path) -> str:
    """What to type for a stack in this directory; the usual one need not be named."""
    usual = Path(os.environ.get("CLOSEDLOOP_DATA") or DEFAULT_DATA).resolve()
    data = data.resolve()
    return f"closedloop {verb}" if data == usual else f"closedloop {verb} --data {shlex.quote(str(data))}"
