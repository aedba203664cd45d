"""Work may wait where the policy says so: no time is lost, none is won, and no wait is without an end."""

from __future__ import annotations

import pytest

from tests.builders import Complaint, Town, hour, hours


def waiting(at: float = 20, **reply: object) -> Complaint:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(at)
    complaint.reply("water", "waiting", reason="customer", **reply)
    return complaint


def test_while_the_work_waits_its_date_is_the_latest_that_it_can_be() -> None:
    complaint = waiting()

    assert complaint.targets() == {"answer": 150, "progress": 40, "total": 1000, "resume": 70}
    assert complaint.verdicts("answer") == [(20, "DeadlineMoved")]


def test_resumed_the_date_is_moved_by_as_much_as_was_waited() -> None:
    complaint = waiting()

    complaint.town.at(50)
    complaint.reply("water", "resumed")

    assert complaint.targets()["answer"] == 130
    (moved,) = [f for f in complaint.facts("DeadlineMoved") if f.why == "WorkResumed"]
    assert (hours(moved.before), hours(moved.after), moved.revision, moved.to_revision) == (150, 130, 2, 3)
    assert complaint.verdicts("resume") == [(50, "DeadlineMet")]


def test_at_its_cap_it_resumes_by_itself_and_says_so() -> None:
    complaint = waiting()

    complaint.town.at(149)

    assert complaint.rungs("resume") == [(57.5, "warn", "water", 0), (70, "urge", "water", 1)]
    assert (70, "resumed", "open") in complaint.orders("water")
    assert complaint.rungs("answer", revision=2) == [(125, "warn", "water", 0)]
    complaint.reply("water", "resumed")
    assert complaint.refusals() == ["not_waiting"]


def test_a_shorter_wait_may_be_asked_for_a_longer_one_not() -> None:
    assert waiting(until=hour(30).isoformat()).targets()["resume"] == 30
    assert waiting(until=hour(500).isoformat()).targets()["resume"] == 70


def test_no_rung_is_told_while_it_waits_and_none_twice() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(80)
    complaint.reply("water", "waiting", reason="customer")
    complaint.town.at(120)
    complaint.reply("water", "resumed")

    complaint.town.at(166)

    assert complaint.rungs("answer") == [(75, "warn", "water", 0)]
    assert complaint.rungs("answer", revision=2) == []
    assert complaint.rungs("answer", revision=3) == [(140, "urge", "water", 1), (165, "supervise", "water", 2)]


def test_what_the_policy_does_not_let_wait_goes_on() -> None:
    complaint = waiting()

    complaint.town.at(41)

    assert [kind for _, kind, _, _ in complaint.rungs("progress")] == ["warn", "urge"]


def test_two_waits_are_added_up() -> None:
    complaint = waiting()
    complaint.town.at(30)
    complaint.reply("water", "resumed")
    complaint.town.at(60)
    complaint.reply("water", "waiting", reason="customer")
    complaint.town.at(65)
    complaint.reply("water", "resumed")

    assert complaint.targets()["answer"] == 115


@pytest.mark.parametrize("plan", ["patient", "ordinary"])
def test_time_that_was_waited_is_not_lost_when_the_plan_changes(plan: str) -> None:
    complaint = waiting()
    complaint.town.at(30)
    complaint.reply("water", "resumed")

    complaint.reply("centre", "assigned", assign_to="power", plan=plan)

    assert complaint.targets()["answer"] == 110


def test_a_wait_ends_when_the_complaint_gets_another_department() -> None:
    complaint = waiting()

    complaint.town.at(30)
    complaint.reply("water", "returned", note="not our pipe")

    assert complaint.targets()["answer"] == 110
    assert complaint.verdicts("resume") == [(30, "DeadlineCancelled")]


@pytest.mark.parametrize(("returned", "counts", "due"), [(30.5, 30, 110), (70.5, 69.5, 149.5)])
def test_a_wait_ends_when_the_return_counts_that_ends_it(returned: float, counts: float, due: float) -> None:
    complaint = waiting()

    complaint.town.at(returned)
    complaint.reply("water", "returned", note="not our pipe", stated_at=hour(counts).isoformat())

    (fact,) = complaint.facts("ComplaintReturned")
    answer = next(target for target in fact.targets if target.name == "answer")
    assert hours(fact.judged_at) == hours(answer.pauses[-1].ends_at) == counts
    assert complaint.targets()["answer"] == due
    assert complaint.verdicts("resume")[-1] == (returned, "DeadlineCancelled")


def test_an_answer_ends_the_wait() -> None:
    complaint = waiting()

    complaint.town.at(30)
    complaint.reply("water", "answered")

    assert complaint.verdicts("answer")[-1] == (30, "DeadlineMet")
    assert complaint.verdicts("resume") == [(30, "DeadlineCancelled")]


def test_a_wait_that_began_in_time_takes_back_a_breach_that_was_told_meanwhile() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(100.5)
    assert len(complaint.rungs("answer")) == 2

    complaint.reply("water", "waiting", reason="customer", stated_at=hour(99.9).isoformat())

    assert complaint.verdicts("answer") == [(100.5, "BreachRetracted"), (100.5, "DeadlineMoved")]
    assert complaint.facts("BreachRetracted")[0].why == "moved"


def test_a_date_that_has_passed_does_not_wait() -> None:
    complaint = waiting(at=101)

    assert complaint.refusals() == ["nothing_waits"]
    complaint.town.at(126)
    assert len(complaint.rungs("answer")) == 3


def test_a_target_that_was_met_does_not_run_again_after_a_wait() -> None:
    complaint = waiting(at=20)
    complaint.reply("water", "answered")
    complaint.town.at(500)

    assert [kind for _, kind in complaint.verdicts("answer")].count("DeadlineMet") == 1


def test_a_wait_that_needs_consent_begins_with_it() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(20)
    complaint.reply("water", "waiting", reason="parts", note="the pump is being made")
    assert complaint.targets() == {"answer": 100, "progress": 40, "total": 1000, "approve": 30}

    complaint.town.at(25)
    complaint.reply("centre", "approved")

    assert complaint.targets() == {"answer": 295, "progress": 235, "total": 1000, "resume": 220}
    assert complaint.verdicts("approve") == [(25, "DeadlineMet")]
    assert [why for _, why, _ in complaint.orders("water")][-2:] == ["granted", "paused"]


def test_consent_to_a_wait_that_is_over_decides_what_was_asked_and_moves_nothing() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(20)
    complaint.reply("water", "waiting", reason="parts", until=hour(24).isoformat(), note="the pump is being made")
    complaint.town.at(25)

    complaint.reply("centre", "approved")

    assert complaint.targets() == {"answer": 100, "progress": 40, "total": 1000}
    assert complaint.verdicts("approve") == [(25, "DeadlineMet")]
    assert complaint.facts("WorkPaused") == []


def test_a_wait_that_is_not_consented_to_changes_nothing() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.reply("water", "waiting", reason="parts", note="the pump is being made")

    complaint.reply("centre", "refused", note="there is one in store")

    assert complaint.targets() == {"answer": 100, "progress": 40, "total": 1000}
    assert complaint.orders("water")[-1][1] == "not_granted"


def test_no_time_waits_twice() -> None:
    complaint = waiting(20)
    complaint.town.at(50)
    complaint.reply("water", "resumed")
    complaint.town.at(50.2)

    complaint.reply("water", "waiting", reason="customer", id="again", stated_at=hour(49.5).isoformat())

    complaint.town.at(60)
    complaint.reply("water", "resumed", id="at last")
    assert complaint.targets()["answer"] == 140


def test_time_before_a_target_began_is_not_waited_for() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(24)
    complaint.visit("not_solved")
    complaint.town.at(24.25)

    complaint.reply("water", "waiting", reason="customer", stated_at=hour(23.75).isoformat())

    assert (complaint.targets()["resume"], complaint.targets()["answer"]) == (73.75, 173.75)
    complaint.town.at(30)
    complaint.reply("water", "resumed")
    assert complaint.targets()["answer"] == 130


def test_a_wait_that_was_consented_to_is_the_departments_own() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.reply("water", "waiting", reason="parts", handler="li", note="the pump is being made")

    complaint.reply("centre", "approved", handler="bai", note="well")

    (paused,) = complaint.facts("WorkPaused")
    assert (paused.department, paused.handler, paused.note) == ("water", None, "")


def test_no_time_waits_twice_though_the_centre_consents_to_it() -> None:
    complaint = waiting(20)
    complaint.town.at(50)
    complaint.reply("water", "resumed")
    complaint.town.at(50.2)
    complaint.reply("water", "waiting", reason="parts", stated_at=hour(49.5).isoformat())

    complaint.reply("centre", "approved", stated_at=hour(49.5).isoformat())

    paused = complaint.facts("WorkPaused")[-1]
    assert (hours(paused.judged_at), paused.trusted) == (50, False)
    complaint.town.at(60)
    complaint.reply("water", "resumed", id="at last")
    assert complaint.targets()["answer"] == 140


@pytest.mark.parametrize(("decision", "kind"), [("approved", "ApprovalGranted"), ("refused", "ApprovalRefused")])
def test_nothing_is_decided_before_it_was_asked(decision: str, kind: str) -> None:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(20)
    complaint.reply("water", "waiting", reason="parts", note="the pump is being made")

    complaint.reply("centre", decision, note="well", stated_at=hour(19.5).isoformat())

    (decided,) = complaint.facts(kind)
    assert (hours(decided.judged_at), hours(decided.stated_at), decided.trusted) == (20, 19.5, False)
    assert [hours(met.met_at) for met in complaint.facts("DeadlineMet") if met.target == "approve"] == [20]
    assert [hours(paused.judged_at) for paused in complaint.facts("WorkPaused")] in ([20], [])


def test_the_end_of_a_wait_is_not_the_top_of_the_chain() -> None:
    complaint = waiting()

    complaint.town.at(71)

    (ended,) = [fact for fact in complaint.facts("DeadlineBreached") if fact.target == "resume"]
    assert not ended.top
