"""The policy packs that come with closedloop, and how a pack is read from its YAML file."""

from __future__ import annotations

from pathlib import Path

from closedloop.policies import checking
from closedloop.policies.source import Source, read
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


def path_of(name_or_path: str | Path) -> Path:
    """The file of the pack of that name, else that file."""
    return HERE / f"{name_or_path}.yaml" if str(name_or_path) in names() else Path(name_or_path)


def load(name_or_path: str | Path) -> PolicyPack:
    """The pack of that name, else the pack in that file; raises BadPack with every reason."""
    path = path_of(name_or_path)
    report = checking.looked_at(source_of(path))
    if report.pack is None:
        raise BadPack(path, [" ".join(fault.lines(report.source, path.name)) for fault in report.faults])
    return report.pack


def source_of(path: Path) -> Source:
    """The file as it stands; raises BadPack where it cannot be read at all."""
    try:
        return read(path)
    except OSError as error:
        raise BadPack(path, [f"cannot be read: {error.strerror}; packs by name: {', '.join(names())}"]) from error
