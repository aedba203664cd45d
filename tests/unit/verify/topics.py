"""The topics of a system, as a test writes and spoils them; time is counted in hours since the history's beginning."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from closedloop.verify import Clock, Log, Record, Terms, Verdict, judge
from closedloop.verify.pack.clock import to_ms, to_text
from closedloop.verify.tables.contract import EDGES, FIELDS, KIND_OF

BEGIN = to_ms("2026-03-02T08:00:00Z")
HOUR = 3_600_000
NOW = 200.0
"""The hour at which is judged; every time in a history is in hours since its beginning."""

LATENCY_MS = 20
SOURCE = "hotline"

LADDER: dict[str, Any] = {
    "steps": [
        {"at_percent": 75, "level": 0, "role": "handler", "queue": "owner", "action": "warn"},
        {"at_percent": 100, "level": 1, "role": "head", "queue": "owner", "action": "urge"},
        {"at_percent": 125, "level": 2, "role": "director", "queue": "owner", "action": "supervise"},
    ],
    "reminder": {"every": "PT24H", "role": "centre", "queue": "centre", "action": "remind"},
}
PACK = {
    "centre_ladder": "standard",
    "centre": "centre",
    "departments": {
        "water": {"kind": "department"},
        "power": {"kind": "department"},
        "centre": {"kind": "centre"},
        "visit-desk": {"kind": "desk"},
    },
    "assign_within": "PT4H",
    "trust": "PT10M",
    "plans": {
        "visited": {
            "targets": {"accept": "PT24H", "answer": "P3D"},
            "ladder": "standard",
            "visit": {"desk": "visit-desk", "opens_after": "PT24H", "due_after": "PT48H", "attempts": 2},
        },
        "plain": {"targets": {"answer": "P3D"}, "ladder": "standard"},
        "patient": {
            "targets": {"answer": "P3D", "total": "P30D"},
            "ladder": "standard",
            "pauses": {
                "customer": {"targets": ["answer"], "at_most": "PT24H", "times": 1},
                "parts": {"targets": ["answer"], "at_most": "PT48H", "approved_within": "PT5H"},
            },
            "extension": {"before": "PT10H", "at_most": "PT48H", "approved_within": "PT8H"},
            "holding": {"meets": ["answer"], "final_within": "P10D"},
        },
        "newsy": {
            "targets": {
                "acknowledge": "PT24H",
                "contact": {"every": "PT100H"},
                "answer": "P3D",
                "progress": {"every": "PT40H"},
            },
            "ladder": "standard",
            "holding": {"meets": ["progress"], "final_within": "P10D"},
        },
        "followed": {
            "targets": {"answer": "P3D", "total": "P5D"},
            "ladder": "standard",
            "visit": {"desk": "visit-desk", "opens_after": "PT24H", "due_after": "PT48H", "attempts": 2},
        },
    },
    "ladders": {"standard": LADDER, "top": {"steps": [{**LADDER["steps"][1], "level": 2, "queue": "centre"}]}},
    "arbitrated_after": 2,
    "incidents": {"rules": [], "level": 2, "update": "PT2H", "report_within": "PT48H", "ladder": "top"},
}
PERCENT = (75, 100, 125)


def at(hours: float) -> int:
    """An hour of the history in milliseconds since 1970."""
    return round(BEGIN + hours * HOUR)


def when(hours: float) -> str:
    return to_text(at(hours))


def hours_of(moment: str) -> float:
    """The hour of the history that a moment is."""
    return (to_ms(moment) - BEGIN) / HOUR


def target(name: str, starts: float, due: float, revision: int = 1, **more: Any) -> dict[str, Any]:
    return {"name": name, "starts_at": when(starts), "due_at": when(due), "revision": revision, **more}


def _neutral(ce_type: str, hours: float) -> dict[str, Any]:
    """What stands in the fields of a message that a story has nothing to say about."""
    forms = {
        "name": "-",
        "text": "",
        "number": 1,
        "instant": when(hours),
        "duration": "PT0S",
        "flag": False,
        "record": {},
    }
    fields = FIELDS.get(KIND_OF.get(ce_type, ""), ())
    neutral = {field.name: forms.get(field.form, []) for field in fields if not field.may_be_absent}
    return neutral | ({"policy": "pack-1"} if "policy" in neutral else {})


class Topics:
    """What lies on all topics."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.ends: Counter[str] = Counter()
        self.put("closedloop.policies", PACK, hours=0, key="pack-1")

    def put(
        self, topic: str, value: object, *, hours: float, key: str | None = None, headers: dict[str, str] | None = None
    ) -> Record:
        """Append to a topic; `hours` is when, give or take the usual latency."""
        if isinstance(value, dict) and headers:
            value = _neutral(headers.get("ce_type", ""), hours) | value
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        latency = 0 if topic.startswith(EDGES) else LATENCY_MS
        record = Record(topic, 0, self.ends[topic], at(hours) + latency, key, headers or {}, raw)
        self.ends[topic] += 1
        self.records.append(record)
        return record

    def put_again(self, record: Record) -> None:
        """Deliver a record a second time, as after a crash."""
        self.records.append(replace(record, offset=self.ends[record.topic]))
        self.ends[record.topic] += 1

    def put_letter(self, original: Record, reason: str, service: str) -> None:
        """The dead letter about a record."""
        story = {
            "dlq-original-topic": original.topic,
            "dlq-original-partition": str(original.partition),
            "dlq-original-offset": str(original.offset),
            "dlq-reason": reason,
            "dlq-service": service,
        }
        topic, headers = f"closedloop.dead-letters.{service}", {**original.headers, **story}
        kept = Record(topic, 0, self.ends[topic], original.timestamp_ms, original.key, headers, original.value)
        self.ends[topic] += 1
        self.records.append(kept)

    def of(self, kind: str, /, **fields: object) -> list[Record]:
        """The messages of a kind whose values have these fields."""
        return [r for r in self.records if kind_of(r) == kind and fields.items() <= body_of(r).items()]

    def drop(self, *records: Record) -> None:
        self.records = [record for record in self.records if record not in records]

    def change(self, record: Record, **fields: object) -> None:
        """Let a record's value say something else."""
        self.put_instead(record, replace(record, value=json.dumps({**body_of(record), **fields}).encode()))

    def put_instead(self, record: Record, other: Record) -> None:
        self.records[self.records.index(record)] = other

    def judge(self, *, only: Collection[str] = (), may_be_empty: Collection[str] = (), **terms: Any) -> Verdict:
        """The verdict at hour NOW, by a clock that runs like ours."""
        given = Terms(Clock(), terms.pop("now", at(NOW)), **terms)
        return judge(Log.of(self.records), given, only=only, may_be_empty=may_be_empty)


def kind_of(record: Record) -> str:
    return "".join(part.title() for part in record.headers.get("ce_type", "").split(".")[1:-1])


def body_of(record: Record) -> dict[str, Any]:
    found = json.loads(record.value or b"{}")
    assert isinstance(found, dict)
    return found
