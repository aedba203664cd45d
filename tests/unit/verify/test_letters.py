"""A dead letter tells its own story, whatever its original brought under the same names."""

from __future__ import annotations

from datetime import UTC, datetime

from kafka.consumer.fetcher import ConsumerRecord

from closedloop.verify import Clock, Log, judge, terms
from closedloop.verify.evidence.reader import as_record
from closedloop.verify.evidence.records import Record
from schemas.topics import REPLIES
from services.shared.machine.letters import Origin, dead_letter

CLAIMS = (("DLQ-reason", b"x"), ("dlq-original-offset", b"?"), ("dlq-original-topic", b"elsewhere"))


def record(topic: str, value: bytes, headers: tuple[tuple[str, bytes], ...]) -> Record:
    return as_record(ConsumerRecord(topic, 0, -1, 7, 0, 1, None, value, headers, None, -1, -1, -1))


def test_a_record_that_looks_like_a_dead_letter_has_its_letter_like_any_other() -> None:
    original = Origin(REPLIES.of("water"), 0, 7, 0, None, b"?", CLAIMS)
    letter = dead_letter("router", original, "unreadable", "no JSON", datetime.now(UTC))

    log = Log.of([record(original.topic, b"?", CLAIMS), record(letter.topic, letter.value, letter.headers)])
    verdict = judge(log, terms(Clock()), only={"kept"})

    assert [failure.why() for failure in verdict["kept"].failures] == []
    assert verdict["kept"].checked == 1
