"""One thing that is wrong with a pack, or hardly meant, in the words of the pack's author."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from closedloop.policies.slips import Position
from closedloop.policies.source import Source, Where
from schemas.generate import schema_of
from schemas.policy import PolicyPack

LENGTH = "a length of time, such as 24h, 3d or {working: 16h}"


@dataclass(frozen=True)
class Finding:
    """One fault with its place and what was expected there; `nearest` is the known word most like the one given."""

    where: Where
    says: str
    expected: str = ""
    nearest: str = ""
    of_the_key: bool = False
    also: tuple[Where, ...] = ()
    """Other places without which it would not be found."""
    at: Position | None = None
    """Line and column, where the file has no parts yet because it cannot be read on."""

    def as_json(self, source: Source, file: str) -> dict[str, Any]:
        """The finding for programs, with its place in the file."""
        line, column = self._position(source)
        place = {"file": file, "line": line, "column": column, "path": dotted(self.where)}
        return {**place, "says": self.says, "expected": self.expected or None, "nearest": self.nearest or None}

    def lines(self, source: Source, file: str) -> list[str]:
        """The finding for people: the fault, then its place and the correction."""
        line, column = self._position(source)
        hints = [f"expected {self.expected}"] if self.expected else []
        hints += [f"did you mean {self.nearest}?"] if self.nearest else []
        return [self.says, "; ".join([f"{file}:{line}:{column}", *hints])]

    def _position(self, source: Source) -> tuple[int, int]:
        if self.at is not None:
            return self.at
        return source.key_position(self.where) if self.of_the_key else source.position(self.where)


def dotted(where: Where) -> str:
    """The way to a part as people write it: `routes 3.department`, entries counted from 1."""
    text = ""
    for part in where:
        text += f" {part + 1}" if isinstance(part, int) else f".{part}" if text else part
    return text


def nearest(word: object, known: Iterable[str]) -> str:
    """The known word that is most like this one; empty where none is."""
    return next(iter(get_close_matches(str(word), [*known], n=1, cutoff=0.55)), "")


def faults_of(errors: Iterable[Mapping[str, Any]], source: Source) -> list[Finding]:
    """What pydantic objects to, once for each place: a place that may hold several kinds of things is named once."""
    found: dict[Where, Finding] = {}
    for error in errors:
        where, is_length = _place(error["loc"], source.content)
        finding = _length(where, source) if is_length else _told(where, error, source)
        found.setdefault(finding.where, finding)
    return list(found.values())


def words_at(where: Where) -> list[str]:
    """Which keys a part of a pack knows."""
    found = schemas_at(where)
    return sorted({name for schema in found for name in schema.get("properties", {})})


def _length(where: Where, source: Source) -> Finding:
    given = source.written(where)
    known = set(words_at(where))
    wrong = [word for word in given if word not in known] if isinstance(given, dict) else []
    hint = nearest(wrong[0], known) if wrong else ""
    return Finding(where, f"{dotted(where)}: {_shown(given)} is no length of time", LENGTH, hint)


def _told(where: Where, error: Mapping[str, Any], source: Source) -> Finding:
    kind, given = error["type"], error["input"]
    if kind == "missing":
        return Finding(where, f"{dotted(where)} is missing")
    if kind == "extra_forbidden":
        known = words_at(where[:-1])
        unknown = f"{dotted(where)}: unknown word {where[-1]}"
        return Finding(where, unknown, f"one of {', '.join(known)}", nearest(where[-1], known), of_the_key=True)
    if error["loc"] and error["loc"][-1] == "[key]":
        return _key(where, error)
    if kind == "literal_error":
        known = [str(value) for schema in schemas_at(where) for value in schema.get("enum", [schema.get("const")])]
        return Finding(where, f"{dotted(where)}: {_shown(given)}", error["ctx"]["expected"], nearest(given, known))
    if kind == "string_type" and isinstance(given, bool | int | float):
        quoted = "yes, no, on and off mean true and false unless they stand in quotes" if given in (True, False) else ""
        said = f"{dotted(where)}: {_shown(given)} is {'a truth value' if isinstance(given, bool) else 'a number'}"
        return Finding(where, said, f"text in quotes{': ' + quoted if isinstance(given, bool) else ''}")
    if not where and kind != "value_error":
        what = "nothing stands in the file" if given is None else f"the file holds {_shown(given)}, and that is no pack"
        return Finding(where, what, "`key: value` lines, such as `name: demo`")
    said = str(error["ctx"]["error"]) if kind == "value_error" else f"{_shown(given)}"
    if kind == "value_error":
        likely = nearest(given, available_timezones()) if where[-1:] == ("zone",) else ""
        return Finding(where, f"{dotted(where)}: {said}" if where else said, nearest=likely)
    return Finding(where, f"{dotted(where)}: {said}", EXPECTED.get(kind, error["msg"]), _slug(kind, given))


def _key(where: Where, error: Mapping[str, Any]) -> Finding:
    kind, given = error["type"], where[-1]
    said = str(error["ctx"]["error"]) if kind == "value_error" else f"{given} is no name"
    expected = EXPECTED.get(kind, "" if kind == "value_error" else error["msg"])
    return Finding(where, f"{dotted(where)}: {said}", expected, _slug(kind, given), of_the_key=True)


EXPECTED = {
    "string_pattern_mismatch": "a name of lower-case letters, digits and hyphens",
    "string_type": "text",
    "tuple_type": "a list: [one, another]",
    "list_type": "a list: [one, another]",
    "dict_type": "a mapping: {name: value}",
    "model_type": "a mapping: {name: value}",
    "model_attributes_type": "a mapping: {name: value}",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "timezone_aware": "a moment with its zone, such as 2026-09-16T00:00:00+08:00",
    "datetime_parsing": "a moment with its zone, such as 2026-09-16T00:00:00+08:00",
    "datetime_from_date_parsing": "a moment with its zone, such as 2026-09-16T00:00:00+08:00",
    "date_from_datetime_parsing": "a day, such as 2026-10-01",
}


def _slug(kind: str, given: object) -> str:
    if kind != "string_pattern_mismatch":
        return ""
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in str(given).lower())
    return "-".join(part for part in kept.split("-") if part)


def _shown(given: object) -> str:
    text = "nothing" if given is None else str(given)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _place(loc: Iterable[str | int], content: Any) -> tuple[Where, bool]:
    """The way in the file, without the names that pydantic gives to alternatives; and whether a length stands there."""
    where: list[str | int] = []
    parts = [part for part in loc if part != "[key]"]
    for n, part in enumerate(parts):
        schemas = schemas_at(tuple(where))
        if any("working" in schema.get("properties", {}) for schema in schemas) and len(schemas) > 1:
            return tuple(where), True
        within = isinstance(content, dict) and part in content
        within = within or (isinstance(content, list) and isinstance(part, int) and part < len(content))
        if within:
            content = content[part]
        elif n < len(parts) - 1 or not any(part in schema.get("properties", {}) for schema in schemas):
            continue
        where.append(part)
    return tuple(where), False


@cache
def _schema() -> dict[str, Any]:
    return schema_of(PolicyPack)


@cache
def schemas_at(where: Where) -> list[dict[str, Any]]:
    """The JSON Schemas of what may stand in a place, alternatives apart."""
    found = _apart(_schema())
    for part in where:
        found = [one for schema in found for one in _below(schema, part)]
    return found


def _below(schema: dict[str, Any], part: str | int) -> list[dict[str, Any]]:
    if isinstance(part, int):
        return _apart(schema.get("items", {}))
    named = schema.get("properties", {}).get(part)
    if named is None:
        others = schema.get("additionalProperties")
        patterns = [*schema.get("patternProperties", {}).values()]
        named = others if isinstance(others, dict) else next(iter(patterns), {})
    return _apart(named)


def _apart(schema: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        return _apart(_schema()["$defs"][schema["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in schema:
        return [one for alternative in schema["anyOf"] for one in _apart(alternative)]
    return [schema] if schema else []
