"""Whatever is refused is refused in words: each reason has a sentence in English and in Chinese, in one table."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from schemas.edges import Reply, Submission, VisitReport
from schemas.faults import CHINESE, what, where_and_what
from schemas.languages import LANGUAGES
from schemas.refusals import Reason, because
from schemas.sentences import SENTENCES, STATUSES
from services.intake import described
from tests.contract.pages import ROOT

FILES = {
    path: ast.parse(path.read_text("utf-8")) for part in ("schemas", "services") for path in (ROOT / part).rglob("*.py")
}
REFUSING = {"Refused", "Refusal", "Unreadable", "Unnamed", "NotTaken", "Mistyped", "TooLarge", "HTTPException"}
FACTS = {"read_fact", "_fact", "edge_of", "_decide"}
"""Where what is wrong lies in our own messages: operators read of it, nobody outside."""


def called(node: ast.AST) -> str:
    named = node.func if isinstance(node, ast.Call) else None
    return named.id if isinstance(named, ast.Name) else named.attr if isinstance(named, ast.Attribute) else ""


def calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in names)


def given_reasons() -> Iterator[tuple[str, set[str] | None]]:
    """Each sentence that the code says, and the values it names there; None where they are put together elsewhere."""
    for tree in FILES.values():
        for call in calls(tree, {"because"}):
            (sentence,) = (one.value for one in call.args if isinstance(one, ast.Constant))
            values = {keyword.arg for keyword in call.keywords}
            yield sentence, None if None in values else {name for name in values if name}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def is_chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


def unexplained(tree: ast.AST) -> list[str]:
    """The functions that refuse something in a text of their own instead of a sentence of the table."""
    return [
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name not in FACTS
        for call in calls(function, REFUSING)
        if any(isinstance(part, ast.Constant | ast.JoinedStr) and not _is_number(part) for part in call.args)
    ]


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def test_every_reason_that_is_given_has_a_sentence_and_every_sentence_is_said() -> None:
    assert {sentence for sentence, _ in given_reasons()} == set(SENTENCES)


def test_a_sentence_stands_in_each_language_and_names_the_same_in_both() -> None:
    assert {name for name, row in SENTENCES.items() if set(row) != set(LANGUAGES)} == set()
    assert {name for name, row in SENTENCES.items() if placeholders(row["en"]) != placeholders(row["zh"])} == set()
    assert {name for name, row in SENTENCES.items() if not is_chinese(row["zh"]) or is_chinese(row["en"])} == set()


def test_whoever_refuses_names_what_the_sentence_needs() -> None:
    known = [(sentence, values) for sentence, values in given_reasons() if values is not None]

    assert [(sentence, values) for sentence, values in known if values != placeholders(SENTENCES[sentence]["en"])] == []


def test_nothing_is_refused_in_words_that_stand_in_no_table() -> None:
    assert {str(path.relative_to(ROOT)): found for path, tree in FILES.items() if (found := unexplained(tree))} == {}


def test_a_refusal_in_words_of_its_own_is_found() -> None:
    text = (
        'def door():\n    raise Refused("too_late", f"not {now}")\n\ndef fine():\n    raise Refusal(404, because("x"))'
    )

    assert unexplained(ast.parse(text)) == ["door"]


@pytest.mark.parametrize("meanings", [described.ACCEPT, described.STATUS, described.REFERENCE])
def test_each_error_that_the_door_describes_has_a_title_in_chinese(meanings: dict[int, str]) -> None:
    assert set(meanings) <= set(STATUSES)


@pytest.mark.parametrize("text", STATUSES.values())
def test_a_title_in_chinese_is_chinese(text: str) -> None:
    assert is_chinese(text)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["at", "owner", "times"]), st.text()), st.sampled_from([*SENTENCES, "newer.one"])
)
def test_a_reason_of_another_version_is_said_or_known_not_to_be_sayable(values: dict[str, str], sentence: str) -> None:
    reason = Reason(sentence=sentence, values=values)

    assert not reason.can_be_said or all(reason.said(language) for language in LANGUAGES)


def test_what_a_sender_wrote_is_said_back_whatever_is_in_it_but_not_at_any_length() -> None:
    reason = because("unknown_plan", plan="{at}\ud800" * 1_000, policy="p")

    assert reason.can_be_said and len(reason.said("zh").encode()) < 2_000


# --- fields -------------------------------------------------------------------------------------------------------

WRONG: list[Any] = [
    None, True, 7, -1, 10**30, 1.5, "", "x" * 30_000, "X Y", [], [1], {}, {"a": 1}, "\ud800", "2026-13-01",
    "2026-01-01", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "NaN",
]  # fmt: skip


def errors_of(model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    """Pydantic's errors about a message with faults of every kind."""
    for name in model.model_fields:
        for wrong in WRONG:
            yield from found(lambda name=name, wrong=wrong: model.model_validate({name: wrong}))
            yield from found(
                lambda name=name, wrong=wrong: model.model_validate({name: {"name": wrong, "cause": wrong}})
            )
    for text in (b"", b"{", b"[]", b"\xff", b"NaN", b'{"subject": "\\ud800"}', b'{"subject": NaN, "affected": 1e400}'):
        yield from found(lambda text=text: model.model_validate_json(text))


def found(validate: Any) -> list[Any]:
    try:
        validate()
    except ValidationError as error:
        return [*error.errors(include_url=False, include_input=False)]
    return []


@pytest.mark.parametrize("model", [Submission, Reply, VisitReport])
def test_whatever_is_wrong_in_a_field_is_said_in_chinese_too(model: type[BaseModel]) -> None:
    found = [*errors_of(model)]

    assert {error["type"] for error in found} >= {"missing", "literal_error", "int_type", "json_invalid"}
    assert [error for error in found if not is_chinese(what(error, "zh"))] == []
    assert [error for error in found if what(error, "en") != error["msg"]] == []


def test_chinese_words_stand_beside_types_of_errors_that_there_are() -> None:
    of_maps = {"time_zone", "time_format", "day_format", "own_source", "encoding"}

    assert set(CHINESE) <= {*get_args(ErrorType), "instant_out_of_range", "blank", "base64_decode", *of_maps}


def test_what_chinese_has_no_words_for_is_said_in_english() -> None:
    error = {"type": "a_newer_one", "loc": ("subject",), "msg": "Not like this", "ctx": {}}

    assert where_and_what(error, "zh") == "subject: Not like this"
