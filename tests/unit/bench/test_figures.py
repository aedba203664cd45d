"""Figures are kept for programs and for people, under the date and the kind of machine."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
import typer

from closedloop.bench import BENCHES
from closedloop.bench.figures import Figures
from closedloop.bench.machine import Machine
from closedloop.commands.bench import bench

MACHINE = Machine(cores=2, memory_gib=23.5, cpu="AMD EPYC", system="Linux", python="3.11.7")
FIGURES = Figures(
    date="2026-11-22",
    machine=MACHINE,
    sizes="reduced",
    notes=("closed: the machine was not quiet.",),
    figures={
        "closed": defaultdict(dict)
        | {"floor": {"sustained": True, "cpu_cores": {"router": 0.2}}, "search": [{"rate_per_s": 12500}]}
    },
)


def test_they_are_kept_twice_under_date_and_machine(tmp_path: Path) -> None:
    page = FIGURES.write(tmp_path)

    assert page.name == "2026-11-22-2-cores-amd-epyc.md"
    assert json.loads(page.with_suffix(".json").read_text())["figures"] == FIGURES.figures


def test_people_read_one_row_for_each_figure() -> None:
    page = FIGURES.as_markdown()

    assert "- closed: the machine was not quiet." in page
    assert "| floor.sustained | yes |" in page
    assert "| floor.cpu_cores | router 0.2 |" in page
    assert "| search 1 | rate_per_s 12,500 |" in page


def test_a_benchmark_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(typer.BadParameter, match=f"there is no speed; there are {', '.join(BENCHES)}"):
        bench(["speed"])
