"""What is tried less often than it could be on every change is tried in full by `make soak`."""

from __future__ import annotations

from pathlib import Path

MAKEFILE = (Path(__file__).parents[2] / "Makefile").read_text()
RUNS = [line for line in MAKEFILE.splitlines() if "-m pytest" in line]


def test_the_soak_tries_all_examples_of_every_test_without_servers_and_of_those_with_an_oracle() -> None:
    (line,) = [line for line in RUNS if "EXAMPLES=all" in line]

    assert line.endswith(" $(QUICK) tests/machine")


def test_what_runs_alone_runs_once_and_after_everything_else() -> None:
    runs = [line for line in RUNS if "alone and not soak" in line]

    assert [line.count('"not alone and not soak"') for line in runs] == [1, 0]
