"""Whatever a broker can hold, by every codec and every kind of client: who reads it neither ends nor stands still."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from kafka import KafkaProducer
from pymongo import MongoClient

from closedloop.dead_letters.letters import Letter
from closedloop.outsiders.lag import Lag
from closedloop.provision import prepare
from closedloop.rebuild import Refusal, Result, rebuild
from closedloop.stack import SERVICES, Endpoints, Stack, StackSettings
from closedloop.verify import Clock, check, terms
from closedloop.verify.evidence.reader import mark
from schemas.envelope import complaint_id, type_of
from schemas.facts import ComplaintReceived
from schemas.topics import COMPLAINTS, POLICIES, QUEUE, REPLIES, SUBMISSIONS, VISITS
from services.shared.machine.early import SKEW, WAIT
from tests.conftest import OWN_CLUSTERS, READ_EVERYTHING
from tests.eventually import eventually
from tests.hostile_records import EVERY_CODEC, NAMES, Generator, Sending, of, record
from tests.hostile_wire import Wire
from tests.integration.outside import Outside

SEED, AT_ONCE = 11, 40
NOBODY = "00000000-0000-5000-8000-000000000000"
DESK = VISITS.of("visit-desk")
READERS = ("intake", "router", "escalation", "followup")
DOWN_S = 15.0
ROOM_BYTES = 600 * 2**20
SHARES = {
    SUBMISSIONS.of("app"): 2_000,
    REPLIES.of("water"): 2_000,
    DESK: 1_200,
    COMPLAINTS.name: 240,
    POLICIES.name: 200,
}
"""How many records each topic gets, beside one batch of each strange kind; the edges get 2,000 more in one batch."""


@dataclass
class Sent:
    """What was sent, and what the broker took of it."""

    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    records: int = 0
    good: dict[str, int] = field(default_factory=dict)

    def note(self, topic: str, sending: Sending, error: int) -> None:
        (self.refused if error else self.taken)[f"{topic}: {sending.kind}"] += 1
        self.records += 0 if error else sending.records


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    def provisioned(endpoints: Endpoints) -> None:
        prepare(endpoints.kafka)

    env = OWN_CLUSTERS | READ_EVERYTHING
    settings = StackSettings(data=tmp_path_factory.mktemp("hostile"), env=env, prepare=provisioned)
    with Stack(settings) as stack:
        stack.start(print)
        with closing(Outside(stack)) as found:
            yield found


@pytest.fixture(scope="module", autouse=True)
def report_about_nobody(outside: Outside) -> int:
    """A report that waits for its complaint while the other tests run; returns its offset."""
    return outside.sends(DESK, {"complaint_id": NOBODY, "attempt": 1, "visitor": "wang", "outcome": "solved"})


def given_up(outside: Outside, offset: int) -> Letter:
    """The letter about a visit desk's record, once its complaint has not come for long enough."""

    def look() -> list[Letter]:
        place = {"original-topic": DESK, "original-offset": str(offset)}
        return [letter for letter in outside.letters("followup") if place.items() <= letter.story.items()]

    (letter,) = eventually(look, within=(WAIT + SKEW).total_seconds() + 20, every=0.5)
    return letter


def settled(outside: Outside) -> None:
    with closing(Lag(outside.stack.endpoints.kafka)) as lag:
        eventually(lambda: lag.look() == 0, within=240, every=1.0)


def in_order(outside: Outside) -> None:
    """Every process is the one that was started, alive and ready."""
    for name in (spec.name for spec in SERVICES):
        assert outside.stack.restarts(name) == 0, name
        for page in ("livez", "readyz"):
            answer = httpx.get(f"{outside.stack.endpoints.http[name]}/{page}", timeout=10)
            assert answer.status_code == 200, (name, answer.text)


def causes(outside: Outside) -> set[str]:
    heads = (dict(record.headers) for record in outside.records(COMPLAINTS.name))
    return {head["ce_causationid"].decode() for head in heads if "ce_causationid" in head}


@pytest.mark.parametrize("codec", EVERY_CODEC, ids=NAMES.values())
def test_a_reply_takes_effect_by_whatever_codec_it_was_sent(outside: Outside, codec: int) -> None:
    id = outside.complaint(f"by-{NAMES[codec]}")
    reply = json.dumps({"id": f"by-{NAMES[codec]}", "complaint_id": id, "reply": "accepted"}).encode()

    async def send() -> int:
        async with Wire(outside.stack.endpoints.kafka) as wire:
            return await wire.send(REPLIES.of("water"), of([record(0, reply)], codec))

    assert asyncio.run(send()) == 0

    eventually(lambda: outside.facts(id, "WorkAccepted"), within=30)


def test_what_a_transaction_took_back_has_no_effect_and_its_end_keeps_nobody_waiting(outside: Outside) -> None:
    kept, dropped = outside.complaint("kept"), outside.complaint("dropped")
    producer = KafkaProducer(bootstrap_servers=outside.stack.endpoints.kafka, transactional_id="department")
    producer.init_transactions()
    for id, end in ((kept, producer.commit_transaction), (dropped, producer.abort_transaction)):
        producer.begin_transaction()
        producer.send(REPLIES.of("water"), json.dumps({"complaint_id": id, "reply": "accepted"}).encode())
        producer.flush(timeout=30)
        end()
    producer.close()

    eventually(lambda: outside.facts(kept, "WorkAccepted"), within=30)
    settled(outside)
    assert outside.facts(dropped, "WorkAccepted") == []
    eventually(lambda: outside.counted("router", "closedloop_consumer_lag", topic=REPLIES.of("water")) == 0, within=20)


def test_of_ten_thousand_hostile_records_each_good_one_counts_and_each_other_one_has_its_letter(
    outside: Outside, report_about_nobody: int, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [outside.complaint(f"asked-{n}") for n in range(8)]
    answered = [outside.complaint(f"answered-{n}") for n in range(4)]
    for id in answered:
        outside.reply("water", id, "answered", note="done")
    eventually(lambda: all(outside.facts(id, "VisitScheduled") for id in answered), within=60)

    sent = asyncio.run(hostile(outside.stack.endpoints.kafka, asked, answered))
    settled(outside)
    given_up(outside, report_about_nobody)

    with capsys.disabled():
        print(f"\n{sent.records:,} records; the broker refused {dict(sent.refused)}")
    assert sent.records >= 10_000
    in_order(outside)
    heard = causes(outside)
    for topic, what in ((SUBMISSIONS.of("app"), "s"), (REPLIES.of("water"), "r"), (DESK, "v")):
        missing = [n for n in range(sent.good[topic]) if f"{topic}/{what}-{n}" not in heard]
        assert sent.good[topic] > 100 and missing == []
    # Nothing falls due within the minutes of this test.
    verdict = check(outside.stack.endpoints.kafka, terms(Clock()), may_be_empty=("endings",))
    wrong = {row.invariant: [(f.id, f.why()) for f in row.failures[:5]] for row in verdict if not row.green}
    assert verdict.green, wrong
    assert verdict["kept"].checked > 9_000
    resident = outside.stack.rss()
    assert all(resident[name] < ROOM_BYTES for name in READERS), resident


def test_a_report_about_a_complaint_that_nobody_knows_is_a_dead_letter_and_its_desk_hears_so(
    outside: Outside, report_about_nobody: int
) -> None:
    letter = given_up(outside, report_about_nobody)

    assert letter.story["reason"] == "unknown_subject"
    assert outside.counted("followup", "closedloop_inputs_early_total") >= 1
    (refusal,) = eventually(lambda: [x for x in outside.notices("visit-desk") if x.complaint_id == NOBODY], within=20)
    assert refusal.detail.startswith("unknown_subject: ")


async def hostile(kafka: str, asked: list[str], answered: list[str]) -> Sent:
    """Send it all; each topic has a generator of its own."""
    good = {
        SUBMISSIONS.of("app"): lambda n: {"id": f"s-{n}", "subject": "it leaks", "category": "water/leak"},
        REPLIES.of("water"): lambda n: {"id": f"r-{n}", "complaint_id": asked[n % len(asked)], "reply": "progress"},
        DESK: lambda n: visit(n, answered[n % len(answered)]),
    }
    sent = Sent()
    async with Wire(kafka) as wire:
        for number, (topic, share) in enumerate(SHARES.items()):
            value = good.get(topic)
            generator = Generator(SEED + number, None if value is None else in_bytes(value))
            for sending in (*generator.strange(), *(generator.large() if value else ())):
                sent.note(topic, sending, await wire.send(topic, sending.raw))
            for _ in range(share // AT_ONCE):
                sending = generator.mixed(AT_ONCE)
                error = await wire.send(topic, sending.raw)
                sent.note(topic, sending, error)
                assert error == 0 or value is None, (topic, sending.kind, error)
            sent.good[topic] = generator.made
    return sent


def visit(number: int, complaint: str) -> dict[str, Any]:
    return {"id": f"v-{number}", "complaint_id": complaint, "attempt": 1, "visitor": "wang", "outcome": "solved"}


def in_bytes(value: Any) -> Any:
    return lambda number: json.dumps(value(number)).encode()


def park(outside: Outside) -> None:
    """Of one complaint the fact topic holds something that cannot be read; a reply waits behind it."""
    id = outside.complaint("parked")
    heads = (("ce_type", type_of(ComplaintReceived).encode()), ("ce_sequence", b"99"))
    outside.sends(COMPLAINTS.name, b"{", heads, key=id.encode())
    outside.sends(QUEUE.of("water"), b"{", heads, key=id.encode())
    eventually(lambda: stored(outside, "router")[id]["waiting"], within=30)
    outside.reply("water", id, "accepted")
    settled(outside)
    for name in READERS:
        eventually(lambda name=name: all(each["unsaid"] == [] for each in stored(outside, name).values()), within=30)


def stopped(outside: Outside, seconds: float) -> None:
    """No process of a service runs, for that long."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda spec: outside.stack.suspend(spec.name, seconds), SERVICES))


def stored(outside: Outside, service: str) -> dict[str, dict[str, Any]]:
    """What the documents of a service hold of cases, and what they wait for."""
    with MongoClient[dict[str, Any]](outside.stack.endpoints.mongodb, tz_aware=True) as client:
        found = {raw["_id"]: raw for raw in client[f"closedloop_{service}"].cases.find()}
    for raw in found.values():
        raw["waiting"] = [f"{each['topic']} {each['offset']}" for each in raw.get("parked", {}).get("waiting", ())]
    parts = ["case", "marks", "next_due", "unsaid", "waiting"]
    if service != "intake":
        # Intake alone begins a case itself, so nothing ever waits there for one to begin.
        parts.append("begun")
    return {
        id: {part: raw.get(part) for part in parts} for id, raw in found.items() if "case" in raw or "parked" in raw
    }


def lost(outside: Outside) -> None:
    """No service has its documents; one that starts now refuses to, until they are made again."""
    with MongoClient[dict[str, Any]](outside.stack.endpoints.mongodb) as client:
        for name in READERS:
            client.drop_database(f"closedloop_{name}")


def made_again(outside: Outside, service: str) -> Result:
    """From nothing, as soon as the broker has noticed that the service is down."""
    endpoints = outside.stack.endpoints

    def attempt() -> Result | None:
        with suppress(Refusal):
            return rebuild(service, endpoints.kafka, endpoints.mongodb, lambda line: None)
        return None

    return eventually(attempt, within=40)


def test_a_service_is_made_again_from_a_log_with_all_of_these_and_says_nothing_again(outside: Outside) -> None:
    park(outside)
    before, said = {name: stored(outside, name) for name in READERS}, mark(outside.stack.endpoints.kafka)

    stopped(outside, DOWN_S)
    lost(outside)
    for name in READERS:
        made_again(outside, name)
        again = stored(outside, name)
        assert again.keys() == before[name].keys(), name
        for id, parts in before[name].items():
            other = {part: (was, again[id][part]) for part, was in parts.items() if again[id][part] != was}
            assert not other, (name, id, other)
    assert any(document["waiting"] for document in before["router"].values())
    for spec in SERVICES:
        outside.stack.wait_ready(spec.name, 90)
    settled(outside)

    assert mark(outside.stack.endpoints.kafka) == said


def test_a_complaint_among_them_is_handled_to_its_end(outside: Outside) -> None:
    id = complaint_id("app", "s-0")

    outside.reply("water", id, "answered", note="done")

    eventually(lambda: outside.facts(id, "VisitScheduled"), within=30)
