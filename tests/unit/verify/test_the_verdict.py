"""When a verdict is green, and what it says besides."""

from __future__ import annotations

import pytest

from closedloop.verify import Clock, Log, Mark, Terms, judge
from closedloop.verify.judge import CHECKS
from tests.unit.verify import happenings as then
from tests.unit.verify.history import begun
from tests.unit.verify.tales import healthy
from tests.unit.verify.topics import NOW, SOURCE, Topics, at


def ends(topics: Topics) -> Mark:
    return {(topic, 0): end for topic, end in topics.ends.items()}


def test_nothing_checked_is_not_green() -> None:
    verdict = Topics().judge()

    assert not verdict.green
    assert verdict.red == set(CHECKS) - {"silent"}
    assert not any(row.failures for row in verdict.rows)


def test_whoever_says_so_may_find_nothing() -> None:
    topics = Topics()
    begun(topics, "new", NOW - 1)

    assert topics.judge().red == {"verdicts", "timely", "endings"}
    assert topics.judge(may_be_empty={"verdicts", "timely", "endings"}).green


def test_only_what_is_asked_for_is_checked() -> None:
    verdict = healthy().judge(only={"timely", "once"})

    assert [row.invariant for row in verdict.rows] == ["once", "timely"]


def test_a_deadline_may_be_missed_by_less_than_the_bound() -> None:
    topics = Topics()
    begun(topics, "due", NOW - 54, "plain")

    assert topics.judge(only={"moving"}, now=at(NOW) + 59_000).green
    assert topics.judge(only={"moving"}, now=at(NOW) + 61_000).red == {"moving"}


def test_what_has_just_come_in_may_have_time_to_settle() -> None:
    topics = healthy()
    topics.put(f"closedloop.submissions.{SOURCE}", {"id": "new", "subject": "no water"}, hours=NOW)

    assert topics.judge().red == {"kept"}
    assert topics.judge(settle=5_000).green
    assert topics.judge(settle=5_000)["kept"].unsettled == 1


@pytest.mark.parametrize("kind", ["DeadlineMoved", "DeadlineCancelled"])
def test_the_end_of_a_clock_may_still_be_on_its_way(kind: str) -> None:
    topics = Topics()
    then.paused(begun(topics, "paused", NOW - 1, "patient"), NOW, NOW + 9)
    begun(topics, "returned", NOW - 1, "visited").returned(NOW, revision=1)
    topics.drop(*topics.of(kind))

    assert topics.judge(only={"verdicts"}).red == {"verdicts"}
    assert topics.judge(only={"verdicts"}, settle=5_000).green


@pytest.mark.parametrize(("has_heard", "late_s"), [(False, 59), (False, 61), (True, 1)])
def test_a_timer_loses_the_race_when_its_service_had_heard_of_the_end_and_else_after_the_bound(
    has_heard: bool, late_s: float
) -> None:
    topics, late_h = Topics(), late_s / 3600
    complaint = begun(topics, "racing", NOW - 90, "plain")
    complaint.rung("answer", 1)
    complaint.rung("answer", 2)
    complaint.answered(NOW - late_h)
    if has_heard:
        complaint.missed("answer", NOW - late_h, 17)
    complaint.rung("answer", 3)

    rings_on = {failure.id for failure in topics.judge()["legal"].failures if failure.code == "rings_on"}

    assert bool(rings_on) == (has_heard or late_s > 60)


@pytest.mark.parametrize("level", [0, 2])
def test_while_an_incident_is_declared_a_rung_may_be_told_at_both_levels(level: int) -> None:
    topics = healthy()
    complaint = begun(topics, "racing", NOW - 54.001)
    complaint.replied("WorkAccepted", NOW - 54, "accepted")
    complaint.met("accept", NOW - 54)
    then.declared(complaint, NOW - 0.002)
    complaint.rung("answer", 1, late_h=0.002, level=level)

    assert topics.judge().green


@pytest.mark.parametrize(("declared_h", "is_right"), [(0.19, True), (0.21, True), (0.25, False)])
def test_a_rung_that_was_due_before_an_incident_keeps_its_level_however_late_it_is_said(
    declared_h: float, is_right: bool
) -> None:
    topics = healthy()
    complaint = begun(topics, "racing", NOW - 54.2)
    complaint.replied("WorkAccepted", NOW - 54, "accepted")
    complaint.met("accept", NOW - 54)
    then.declared(complaint, NOW - declared_h)
    complaint.rung("answer", 1, late_h=0.15, level=0)

    wrong = {failure.id for failure in topics.judge()["legal"].failures if failure.code == "wrong_level"}

    assert bool(wrong) != is_right


def test_an_incident_that_is_declared_as_the_complaint_ends_has_missed_it() -> None:
    topics = healthy()
    complaint = begun(topics, "crossing", NOW - 9, "plain")
    complaint.answered(NOW - 8)
    complaint.met("answer", NOW - 8)
    complaint.closed(NOW - 8, "answered")
    closed = complaint.cause
    then.declared(complaint, NOW - 7.999, name="report")
    then.lapsed(complaint, NOW - 8, closed)

    assert topics.judge().green


@pytest.mark.parametrize("heard", [True, False])
def test_who_had_heard_of_an_incident_may_not_close_without_its_report_however_soon(heard: bool) -> None:
    topics = healthy()
    complaint = begun(topics, "swift", NOW - 0.01)
    if heard:
        then.declared(complaint, NOW - 0.009)
    complaint.answered(NOW - 0.008)
    complaint.scheduled(1, NOW - 0.008)
    if not heard:
        then.declared(complaint, NOW - 0.0075)
    complaint.closed(NOW - 0.007, "solved")

    wrong = {failure.code for failure in topics.judge()["endings"].failures if failure.id == complaint.id}

    assert ("unreported" in wrong) == heard


def test_a_replay_that_says_nothing_is_silent() -> None:
    topics = healthy()

    assert topics.judge(since=ends(topics))["silent"].green


def test_a_replay_that_repeats_what_was_said_is_silent() -> None:
    topics = healthy()
    before = ends(topics)
    topics.put_again(topics.of("DeadlineBreached")[0])

    assert topics.judge(since=before)["silent"].green


def test_a_replay_that_says_something_new_is_not_silent() -> None:
    topics = healthy()
    before = ends(topics)
    begun(topics, "new", NOW)

    assert topics.judge(since=before).red == {"silent"}


def test_nobody_is_silent_who_said_nothing_before() -> None:
    assert not Topics().judge(since={})["silent"].green


def test_the_verdict_for_programs_says_why() -> None:
    topics = healthy()
    topics.put("closedloop.complaints", b"{}", hours=50)

    document = topics.judge().as_json("zh")

    rows = {row["invariant"]: row for row in document["rows"]}
    assert not document["green"]
    assert rows["kept"]["failing"] == 1
    assert rows["kept"]["failures"][0]["code"] == "stray"
    assert "契约" in rows["kept"]["failures"][0]["why"]
    assert rows["kept"]["sums"] == {"live": 7, "ended": 16, "dead": 3}


def test_the_order_in_which_partitions_are_read_does_not_matter() -> None:
    topics = healthy()
    topics.records.reverse()

    assert topics.judge().green
    assert Log.of(topics.records).facts == Log.of(reversed(topics.records)).facts


def test_what_a_topic_has_forgotten_is_not_held_against_anybody() -> None:
    topics = healthy()
    queue = "closedloop.queue.water"
    topics.drop(*(record for record in topics.of("WorkOrder", why="warned") if record.topic == queue))

    verdict = judge(Log.of(topics.records, cut={queue}), Terms(Clock(), at(NOW)))

    assert verdict.green


def test_a_verdict_on_a_young_answer_may_still_be_on_its_way() -> None:
    topics = Topics()
    complaint = begun(topics, "young", NOW - 1, "plain")
    complaint.answered(NOW)

    assert topics.judge(only={"verdicts"}).red == {"verdicts"}
    assert topics.judge(only={"verdicts"}, may_be_empty={"verdicts"}, settle=5_000).green
