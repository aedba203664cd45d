"""The figures of one run, as JSON for programs and as a table for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from closedloop.bench.machine import Machine
from closedloop.stack.settings import PROJECT

HERE = PROJECT / "docs" / "figures"


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one run, with machine, time and remarks."""

    date: str
    machine: Machine
    sizes: str
    notes: tuple[str, ...]
    figures: Mapping[str, Mapping[str, Any]]

    def as_json(self) -> str:
        """Everything, indented."""
        # asdict would copy the figures, and of a counter's kind it cannot.
        whole = {field.name: getattr(self, field.name) for field in fields(self)} | {"machine": asdict(self.machine)}
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

    def as_markdown(self) -> str:
        """A page: the machine, the notes, one table for each benchmark."""
        m = self.machine
        lines = [f"# Figures of {self.date}", ""]
        lines += [
            f"{m.cores} cores ({m.cpu}), {m.memory_gib} GiB, {m.system}, Python {m.python}; {self.sizes} sizes.",
            "",
        ]
        lines += [*(f"- {note}" for note in self.notes), ""] if self.notes else []
        for name, found in self.figures.items():
            lines += [f"## {name}", "", "| figure | value |", "| --- | ---: |"]
            lines += [f"| {path} | {value} |" for path, value in flat(found)]
            lines.append("")
        return "\n".join(lines)

    def write(self, directory: Path = HERE) -> Path:
        """Keep them under date and machine; returns the page's path."""
        directory.mkdir(parents=True, exist_ok=True)
        page = directory / f"{self.date}-{self.machine.kind}.md"
        page.write_text(self.as_markdown(), encoding="utf-8")
        page.with_suffix(".json").write_text(self.as_json(), encoding="utf-8")
        return page


def flat(found: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    """One row for each figure; maps of plain figures share a row."""
    for name, value in found.items():
        path = f"{under}{name}"
        if isinstance(value, Mapping) and any(isinstance(inner, Mapping) for inner in value.values()):
            yield from flat(value, f"{path}.")
        elif isinstance(value, list):
            for number, inner in enumerate(value, start=1):
                yield from flat({f"{path} {number}": inner})
        else:
            yield path, _cell(value)


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_cell(inner)}" for name, inner in value.items())
    return (
        "yes" if value is True else "no" if value is False else f"{value:,}" if isinstance(value, int) else str(value)
    )
