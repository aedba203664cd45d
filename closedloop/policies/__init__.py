"""The policy packs that come with closedloop, and how a pack is read from its YAML file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from schemas.envelope import reasons
from schemas.policy import PolicyPack

HERE = Path(__file__).parent


class BadPack(ValueError):
    """A file that is no policy pack; `reasons` holds every fault that was found in it."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{path}: {'; '.join(faults)}")
        self.reasons = tuple(faults)


def names() -> list[str]:
    """The packs that come with closedloop."""
    return sorted(path.stem for path in HERE.glob("*.yaml"))


def load(name_or_path: str | Path) -> PolicyPack:
    """The pack of that name, else the pack in that file; raises BadPack with every reason."""
    path = HERE / f"{name_or_path}.yaml" if str(name_or_path) in names() else Path(name_or_path)
    try:
        return PolicyPack.model_validate(_content(path))
    except ValidationError as error:
        raise BadPack(path, _faults(error)) from error


def _content(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPack(path, [f"cannot be read: {error.strerror}; packs by name: {', '.join(names())}"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadPack(path, [f"is not YAML: {' '.join(str(error).split())}"]) from error


def _faults(error: ValidationError) -> list[str]:
    """One line per reason; what does not hold together comes from the model as one message."""
    found = error.errors(include_url=False)
    whole = [
        fault for e in found if "error" in e.get("ctx", {}) and not e["loc"] for fault in _split(e["ctx"]["error"])
    ]
    return whole or reasons(found)


def _split(error: object) -> list[str]:
    return str(error).split("; ")
