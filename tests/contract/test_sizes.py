"""A function is read at one look and a file in one sitting: how many lines they may have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("services", "schemas", "closedloop", "tests")

MOST_IN_A_FUNCTION = 30
MOST_IN_A_FILE = 300

LONGER_FUNCTIONS = {
    "services/shared/loop/loop.py:_settle": "the order of load, fold, save and publish is read as one piece",
}
LONGER_FILES = {
    "schemas/facts.py": "every fact in the order of a complaint's life: the file is read from top to bottom",
}
MOST_IN_A_TEST_FILE = 500
"""The rules of one subject stand together, however many they are."""


def lengths_of_functions(text: str) -> Iterator[tuple[str, int]]:
    """The name of each function, and its lines from `def` to its end."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def length_of(text: str) -> int:
    return len(text.splitlines())


def most_in(path: str) -> int:
    return MOST_IN_A_TEST_FILE if path.startswith("tests/") else MOST_IN_A_FILE


def sources() -> Mapping[str, str]:
    paths = (path for top in CODE for path in (ROOT / top).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}


SOURCES = sources()


def test_a_function_has_at_most_30_lines_or_its_reason_stands_here() -> None:
    longer = {
        f"{path}:{name}"
        for path, text in SOURCES.items()
        for name, lines in lengths_of_functions(text)
        if lines > MOST_IN_A_FUNCTION
    }

    assert longer == set(LONGER_FUNCTIONS)


def test_a_file_has_at_most_300_lines_and_a_test_file_500_or_its_reason_stands_here() -> None:
    longer = {path for path, text in SOURCES.items() if length_of(text) > most_in(path)}

    assert longer == set(LONGER_FILES)


@pytest.mark.parametrize(("statements", "too_long"), [(29, False), (30, True)])
def test_a_function_of_too_many_lines_is_found(statements: int, too_long: bool) -> None:
    inner = "        x = 1\n" * statements
    text = f"class A:\n    async def decided(self):\n{inner}"

    assert [(name, lines > MOST_IN_A_FUNCTION) for name, lines in lengths_of_functions(text)] == [("decided", too_long)]
