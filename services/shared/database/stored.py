"""The form of a document in its database: how it is encoded, decoded, and parked if it cannot be decoded.

An older version may have written it, or somebody changed it by hand. Parts that cannot be decoded are kept as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain
from types import NoneType
from typing import Any

from pydantic import ValidationError

from schemas.envelope import Message, reasons
from schemas.legible import Headers
from services.shared.machine import early
from services.shared.machine.documents import Case, Damage, Document, Outgoing, Parked, Surplus, Timer
from services.shared.machine.letters import Origin
from services.shared.timing.clock import EPOCH

ASIDE = "unreadable"
"""The field in which parking keeps the parts it has to overwrite: a document with this field is not repaired."""
REQUIRED = ("version", "sequence", "marks", "heard", "unsaid")
WRITTEN_OVER = ("sequence", "unsaid", "parked")
MADE_ANEW = (
    *("_id", "version", "sweep_at", "sayer", "next_due", "lane", "stage", "wait_until", "empty"),
    ASIDE,
    *WRITTEN_OVER,
)
AT_ONCE = EPOCH
"""The `sweep_at` of a document whose sayer has not seen all that it is to say."""
Raw = dict[str, Any]


def written(document: Document, timer: Timer | None, sweep_at: datetime) -> Raw:
    """The document as its next version; `sweep_at` is when what it has to say is for anybody to say.

    What of the case stands at its default is left out: reading puts it back.
    """
    optional = {
        "case": document.case and document.case.model_dump(exclude_defaults=True),
        "next_due": timer and timer.due,
        "lane": timer and timer.lane,
        "stage": timer and ("/".join(timer.stage) or None),
        "label": document.case and document.case.label,
        "parked": document.parked and _raw_parked(document.parked),
        "sayer": document.sayer,
        "contact": document.contact,
        "begun": document.begun,
        "early": [_raw_origin(origin) for origin in document.early] or None,
        "surplus": [[place, *each] for place, each in document.surplus.items()] or None,
        "wait_until": early.wait_until(document),
        "empty": early.is_empty(document) or None,
    }
    present = {name: value for name, value in optional.items() if value is not None}
    return {**_required(document, sweep_at), **present, **(document.damage.fields if document.damage else {})}


def _required(document: Document, sweep_at: datetime) -> Raw:
    return {
        "_id": document.id,
        "version": _after(document.version),
        "sequence": document.sequence,
        "marks": dict(document.marks),
        "heard": list(document.heard.items()),
        "unsaid": [_raw_outgoing(item) for item in document.unsaid],
        "sweep_at": sweep_at,
    }


def read(raw: Raw, case: type[Case]) -> Document:
    """The decoded document; of a damaged one the parts that can be decoded, and the damage."""
    parts, wrong = dict[str, Any](), dict[str, str]()
    for name, part in (*PARTS.items(), ("case", case.model_validate)):
        if name in raw or name in REQUIRED:
            try:
                parts[name] = part(raw[name])
            except Exception as problem:  # whatever may stand there instead
                wrong[name] = _why(name, problem)
    return _damaged(raw, parts, wrong) if wrong or ASIDE in raw else Document(raw["_id"], **parts)


def _damaged(raw: Raw, parts: Raw, wrong: Mapping[str, str]) -> Document:
    kept = {name: value for name, value in raw.items() if name not in (*parts, *MADE_ANEW)}
    kept |= {name: raw.get(name) for name in wrong if name not in MADE_ANEW}
    aside = {name: raw.get(name) for name in WRITTEN_OVER if name in wrong}
    why = [*wrong.values()]
    if ASIDE in raw:
        why.append(f"{ASIDE}: what was put aside has to be put back or taken off ({', '.join(_names(raw[ASIDE]))})")
        aside = {**aside, ASIDE: raw[ASIDE]} if aside else raw[ASIDE]
    if aside or ASIDE in raw:
        kept[ASIDE] = aside
    reason = f"document {raw['_id']}: {'; '.join(why)}"
    if "parked" in wrong:
        parts["parked"] = Parked(reason, EPOCH)
    # A wrong version is still the one to compare with; a letter has the number after all that can be read.
    said = max((item.sequence for item in parts.get("unsaid", ())), default=0)
    parts = {"version": raw.get("version"), "sequence": said} | parts
    return Document(raw["_id"], **parts, damage=Damage(reason, kept))


def _names(aside: Any) -> list[str]:
    return [str(name) for name in aside] if isinstance(aside, dict) else []


def _why(name: str, problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        return "; ".join(f"{name}.{why}" for why in reasons(problem.errors(include_input=False, include_url=False)))
    return f"{name}: {type(problem).__name__}: {problem}"


def _after(version: Any) -> int:
    return version + 1 if isinstance(version, int) else 1


def _is(kind: type | tuple[type, ...], value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"a value of type {type(value).__name__}")
    return value


def _number(value: Any) -> int:
    return _is(int, value)  # type: ignore[no-any-return]


def _marks(raw: Raw) -> dict[str, int]:
    return {writer: _number(count) for writer, count in raw.items()}


def _raw_outgoing(item: Outgoing) -> Raw:
    m = item.message
    return {"n": item.sequence, "topic": m.topic, "key": m.key, "value": m.value, "headers": _flat(m.headers)}


def _outgoing(raw: Raw) -> Outgoing:
    key, value = _is((str, bytes, NoneType), raw["key"]), _is(bytes, raw["value"])
    return Outgoing(_number(raw["n"]), Message(_is(str, raw["topic"]), key, value, _headers(raw)))


def _unsaid(raw: list[Raw]) -> tuple[Outgoing, ...]:
    return tuple(_outgoing(item) for item in raw)


def _raw_parked(parked: Parked) -> Raw:
    raw = {"reason": parked.reason, "since": parked.since, "waiting": [_raw_origin(o) for o in parked.waiting]}
    return {**raw, "beyond": parked.beyond} if parked.beyond else raw


def _parked(raw: Raw) -> Parked:
    waiting = tuple(_origin(o) for o in raw["waiting"])
    return Parked(_is(str, raw["reason"]), _is(datetime, raw["since"]), waiting, _is(int, raw.get("beyond", 0)))


def _raw_origin(origin: Origin) -> Raw:
    return {name: getattr(origin, name) for name in Origin.__slots__} | {"headers": _flat(origin.headers)}


def _origin(raw: Raw) -> Origin:
    origin = Origin(**{**raw, "headers": _headers(raw)})
    for number in (origin.partition, origin.offset, origin.timestamp_ms):
        _number(number)
    for content in (origin.key, origin.value):
        _is((bytes, NoneType), content)
    _is(str, origin.topic)
    return origin


def _early(raw: list[Raw]) -> tuple[Origin, ...]:
    return tuple(_origin(each) for each in raw)


def _surplus(raw: list[Any]) -> dict[str, Surplus]:
    return {_is(str, place): Surplus(_number(a), _number(z), _is(datetime, at)) for place, a, z, at in raw}


def _moment(raw: Any) -> datetime:
    return _is(datetime, raw)  # type: ignore[no-any-return]


def _flat(headers: Headers) -> list[str | bytes]:
    """Names and values in turn: to the database a list of pairs is as many lists more."""
    return list(chain.from_iterable(headers))


def _headers(raw: Raw) -> tuple[tuple[str, bytes], ...]:
    names, values = raw["headers"][::2], raw["headers"][1::2]
    if not ({*map(type, names)} <= {str} and {*map(type, values)} <= {bytes, NoneType}):
        raise TypeError("headers that are no names and bytes in turn")
    return tuple(zip(names, values, strict=True))


PARTS: Mapping[str, Callable[[Any], Any]] = {
    "version": _number,
    "sequence": _number,
    "marks": _marks,
    "heard": dict,
    "unsaid": _unsaid,
    "parked": _parked,
    "contact": dict,
    "begun": _moment,
    "early": _early,
    "surplus": _surplus,
    "sayer": lambda raw: raw if isinstance(raw, str) else None,
}
"""How each field is read, but for the case: its service alone knows what it is."""
