"""Complaints of the town whose facts are judged again, and ways to spoil what stands on their topic."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from closedloop.casebook import CaseFile
from closedloop.replay.one_case import Compared, compare
from schemas.legible import header
from services.shared.machine.letters import Origin
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock
from tests.builders import Town, hour
from tests.cases import file_of
from tests.offices import absent, staffed

MINUTE = timedelta(minutes=1)
BREACH, MET, MISSED = "deadline.breached", "deadline.met", "deadline.missed"
MOVED, CANCELLED = "deadline.moved", "deadline.cancelled"


def judged(file: CaseFile, now: datetime | None = None) -> Compared:
    return compare(file, Clock(), now or hour(1000), MINUTE)


def named(compared: Compared) -> list[tuple[str, str, str]]:
    return [(d.what, d.clock, d.kind) for d in compared.differences]


def kind(record: Origin) -> str:
    return (header(record.headers, "ce_type") or b"").decode()


def without(file: CaseFile, *indices: int) -> CaseFile:
    return again(file, [r for n, r in enumerate(file.records) if n not in indices])


def changed(file: CaseFile, index: int, **fields: object) -> CaseFile:
    records = list(file.records)
    body = json.loads(records[index].value or b"{}") | fields
    records[index] = replace(records[index], value=json.dumps(body).encode())
    return again(file, records)


def moved(file: CaseFile, index: int, to: float) -> CaseFile:
    """The same record, appended at another hour."""
    records = list(file.records)
    records[index] = replace(records[index], timestamp_ms=(hour(to) - EPOCH) // MILLISECOND)
    return again(file, records)


def again(file: CaseFile, records: list[Origin]) -> CaseFile:
    return CaseFile.of(file.id, records, {file.pack.hash: file.pack})


def place(file: CaseFile, type_: str, nth: int = 0) -> int:
    return [n for n, record in enumerate(file.records) if kind(record) == f"closedloop.{type_}.v1"][nth]


def a_late_answer(town: Town) -> CaseFile:
    complaint = town.complaint("water/leak")
    town.at(9)
    complaint.reply("water", "accepted")
    town.at(110)
    complaint.reply("water", "answered")
    town.at(1000)
    return file_of(complaint)


@cache
def late() -> CaseFile:
    return a_late_answer(Town())


def a_breach_taken_back(town: Town) -> CaseFile:
    complaint = town.complaint("water/leak")
    town.at(100.5)
    complaint.reply("water", "answered", stated_at=hour(99.75).isoformat())
    town.at(1000)
    return file_of(complaint)


def a_second_cycle(town: Town) -> CaseFile:
    complaint = town.complaint("nobody/knows")
    town.at(9)
    complaint.reply("centre", "assigned", assign_to="water")
    town.at(20)
    complaint.reply("water", "returned", note="not ours")
    complaint.reply("centre", "assigned", assign_to="water")
    complaint.reply("water", "answered", handler="li")
    town.at(60)
    complaint.visit("not_solved")
    town.at(400)
    complaint.reply("water", "answered", handler="li")
    town.at(430)
    complaint.visit("solved")
    town.at(1000)
    return file_of(complaint)


def a_wait_and_a_later_date(town: Town) -> CaseFile:
    complaint = town.complaint("patient/pump")
    for at, department, reply, more in (
        (20, "water", "waiting", {"reason": "customer"}),
        (50, "water", "resumed", {}),
        (60, "water", "waiting", {"reason": "parts", "note": "-"}),
        (65, "centre", "approved", {}),
        (90, "water", "progress", {}),
        (120, "water", "resumed", {}),
        (150, "water", "extension", {"until": hour(200).isoformat(), "note": "-"}),
        (152, "centre", "approved", {}),
        (220, "water", "answered", {}),
    ):
        town.at(at)
        complaint.reply(department, reply, **more)
    assert complaint.refusals() == []
    town.at(1000)
    return file_of(complaint)


def a_wait_to_its_cap(town: Town) -> CaseFile:
    complaint = town.complaint("patient/pump")
    town.at(80)
    complaint.reply("water", "waiting", reason="customer")
    town.at(1000)
    return file_of(complaint)


def an_incident(town: Town) -> CaseFile:
    complaint = town.complaint("patient/pump")
    for at, department, reply, more in (
        (1, "water", "promised", {"until": hour(5).isoformat()}),
        (3, "water", "incident", {"note": "it sinks"}),
        (4, "water", "progress", {}),
        (30, "water", "holding", {"note": "we ask"}),
        (40, "water", "returned", {"note": "not ours"}),
        (50, "centre", "assigned", {"assign_to": "power", "plan": "ordinary"}),
        (70, "power", "answered", {"handler": "li"}),
    ):
        town.at(at)
        complaint.reply(department, reply, **more)
    assert complaint.refusals() == []
    town.at(1000)
    return file_of(complaint)


LIVES = [a_late_answer, a_breach_taken_back, a_second_cycle, a_wait_and_a_later_date, a_wait_to_its_cap, an_incident]


def with_people(**changes: object) -> Town:
    return Town(policy=staffed(people={"wang": absent(0, 200, deputy="sun")}, **changes))
