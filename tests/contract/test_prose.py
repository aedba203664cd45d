"""Pages and docstrings are understood at the first reading, and docstrings name errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from tests.contract.pages import DOCUMENTS, FENCED, ROOT

MOST_WORDS = 25
MOST_CLAUSES = 2
MOST_SHARE = 0.01
"""A list or a quotation may need more; the sentences beyond are listed when there are too many of them."""

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
ANSWERS = {"PydanticCustomError", "NotImplementedError", "KeyboardInterrupt", "Refusal"}
"""Raised for pydantic, for the interpreter and as answers over HTTP."""

CLAUSE = re.compile(r"\b(what|that|which|who|whose|whom|where|whatever|whoever|those|such)\b", re.I)
NO_PROSE = re.compile(r"^\s*[|#<].*$|^.*\S {3,}\S.*$", re.MULTILINE)
"""Headings, and tables of either kind."""
LISTS = {"CHANGELOG.md"}
"""Its lines name things, one after the other."""


def prose() -> Iterator[tuple[str, str]]:
    for path in DOCUMENTS:
        if path.name in LISTS:
            continue
        text = NO_PROSE.sub("", FENCED.sub("", path.read_text("utf-8")))
        yield from ((path.name, block) for block in re.split(r"\n\s*\n|\n\s*(?:[-*]|\d+\.) ", text))
    for path, node in documented():
        yield path, NO_PROSE.sub("", ast.get_docstring(node) or "")
    yield from under_names()


def under_names() -> Iterator[tuple[str, str]]:
    """The texts that stand under constants and fields."""
    for top in ("schemas", "services", "closedloop"):
        for path in sorted((ROOT / top).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                body = node.body if isinstance(node, ast.Module | ast.ClassDef) else []
                for named, text in pairwise(body):
                    if isinstance(named, ast.Assign | ast.AnnAssign) and isinstance(text, ast.Expr):
                        said = text.value.value if isinstance(text.value, ast.Constant) else None
                        yield path.relative_to(ROOT).as_posix(), NO_PROSE.sub("", said if isinstance(said, str) else "")


@cache
def documented() -> tuple[tuple[str, Documented], ...]:
    """Every module, class and function of the product that has a docstring."""
    paths = [path for top in ("schemas", "services", "closedloop") for path in sorted((ROOT / top).rglob("*.py"))]
    nodes = ((path, node) for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return tuple(
        (path.relative_to(ROOT).as_posix(), node)
        for path, node in nodes
        if isinstance(node, Documented) and ast.get_docstring(node)
    )


def raised(function: ast.AST) -> set[str]:
    """The errors of our own that a function raises itself."""
    found = (node.exc for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc)
    errors = (error.func if isinstance(error, ast.Call) else error for error in found)
    names = {error.id if isinstance(error, ast.Name) else "" for error in errors}
    return {name for name in names if name[:1].isupper()} - ANSWERS


def sentences(text: str) -> list[str]:
    plain = re.sub(r"`[^`]*`", "x", " ".join(text.split()))
    return [one for one in re.split(r"(?<=[.!?;:]) +(?=[A-Z\"'(x])", plain) if one]


def is_hard(sentence: str) -> bool:
    return len(sentence.split()) > MOST_WORDS or len(CLAUSE.findall(sentence)) > MOST_CLAUSES


def test_hardly_a_sentence_has_to_be_read_twice() -> None:
    all_of_them = [(path, sentence) for path, text in prose() for sentence in sentences(text)]
    hard = [f"{path}: {sentence}" for path, sentence in all_of_them if is_hard(sentence)]

    assert len(hard) <= MOST_SHARE * len(all_of_them), "\n".join(hard)


@pytest.mark.parametrize(
    ("sentence", "hard"),
    [
        ("Whoever has what that fact names is told.", True),
        ("The owner of the order is told.", False),
        (" ".join(["word"] * 26), True),
    ],
)
def test_a_sentence_that_has_to_be_read_twice_is_known(sentence: str, hard: bool) -> None:
    assert is_hard(sentence) is hard


def test_a_public_docstring_names_the_errors_that_its_function_raises() -> None:
    functions = (one for one in documented() if isinstance(one[1], ast.FunctionDef | ast.AsyncFunctionDef))
    public = ((path, node) for path, node in functions if not node.name.startswith("_"))

    assert not [
        f"{path}:{node.name} raises {', '.join(raised(node))}"
        for path, node in public
        if raised(node) and "aises " not in (ast.get_docstring(node) or "")
    ]
