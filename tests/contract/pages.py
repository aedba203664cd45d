"""Reads the pages of the documentation: their sections, tables and quoted names."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import CollectorRegistry

from schemas import topics
from services.escalation.gauges import LEVELS
from services.shared.machine.table import Service
from services.shared.watching.fact_counters import counts, declared
from services.shared.watching.measures import Measures

ROOT = Path(__file__).parents[2]

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "deploy/**/*.md", "services/**/*.md", "schemas/*.md")
    for path in ROOT.glob(pattern)
)


def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,2}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no heading {heading!r}"
    return found[2]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row but the headings' and the rules below them."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("|")]
    body = [line for line, below in zip(lines, [*lines[1:], ""], strict=True) if "| ---" not in line + below]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def quoted(text: str) -> list[str]:
    """What stands in backticks; a block of code is none of it."""
    return re.findall(r"`([^`\n]+)`", FENCED.sub("", text))


def table(service: str) -> Service:
    found: Service = importlib.import_module(f"services.{service}.service").SERVICE
    return found


def exported() -> Iterator[Metric]:
    """What the services export: what each of them has, the counters of their tables, the gauges of stages."""
    registry = CollectorRegistry()
    Measures("any", {}, registry)
    for service in topics.SERVICES:
        declared(counts(table(service).every_line), registry)
    yield from registry.collect()
    for level in LEVELS:
        yield from level.gauge.describe()
