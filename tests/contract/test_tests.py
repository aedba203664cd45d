"""What tests share stands in modules that are no tests: each test file can be read, run and moved by itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


def files_used(text: str) -> set[str]:
    """The test files that a module imports, or imports from."""
    return {part for name in _imported(ast.parse(text)) for part in name.split(".") if part.startswith("test_")}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module
            if module.partition(".")[0] == "tests":
                yield from (alias.name for alias in node.names)


def test_nothing_is_imported_from_a_test_file() -> None:
    using = {path.relative_to(TESTS).as_posix(): files_used(path.read_text()) for path in TESTS.rglob("*.py")}

    assert {path: found for path, found in using.items() if found} == {}


@pytest.mark.parametrize(
    "text", ["from tests.unit.test_one import thing", "import tests.unit.test_one", "from tests.unit import test_one"]
)
def test_whoever_does_is_found(text: str) -> None:
    assert files_used(text) == {"test_one"}


def test_signals_are_sent_from_one_place_that_cannot_reach_the_tests_themselves() -> None:
    pattern = re.compile(r"os\.(kill|killpg)\((?!os\.getpid\(\))")
    sending = {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.py") if pattern.search(path.read_text())}

    assert sending == {"signals.py"}
