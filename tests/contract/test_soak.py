"""What is tried less often than it could be on every change is tried in full by `make soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MAKEFILE = (TESTS.parent / "Makefile").read_text()
SAMPLED = sorted(path for path in TESTS.rglob("test_*.py") if "import sampled, so_many" in path.read_text())


@pytest.mark.parametrize("file", SAMPLED, ids=lambda file: file.stem)
def test_whoever_tries_fewer_examples_is_marked_so_that_the_soak_tries_all(file: Path) -> None:
    text = file.read_text()

    asked, marked = text.count("so_many("), text.count("@sampled\n") + text.count("sampled(")
    assert 0 < asked <= marked


def test_the_soak_tries_all_examples_of_what_is_marked() -> None:
    (line,) = [line for line in MAKEFILE.splitlines() if "-m sampled" in line]

    assert "EXAMPLES=all" in line
    assert len(SAMPLED) > 5


def test_what_runs_alone_runs_once_and_after_everything_else() -> None:
    runs = [line for line in MAKEFILE.splitlines() if "-m pytest" in line and "alone and not soak" in line]

    assert [line.count('"not alone and not soak"') for line in runs] == [1, 0]
