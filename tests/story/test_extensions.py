"""A later date is asked for before the date, within the policy's limit, and holds when the centre consents in time."""

from __future__ import annotations

import pytest

from tests.builders import TOWN, Complaint, Town, hour, hours, pack


def asking(at: float = 50, until: float = 150, **reply: object) -> Complaint:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(at)
    complaint.reply("water", "extension", until=hour(until).isoformat(), note="the street has to be opened", **reply)
    return complaint


def test_granted_the_date_moves_and_department_and_customer_hear_of_it() -> None:
    complaint = asking()
    complaint.town.at(52)

    complaint.reply("centre", "approved")

    assert complaint.targets()["answer"] == 150
    (moved,) = complaint.facts("DeadlineMoved")
    assert (hours(moved.before), hours(moved.after), moved.why) == (100, 150, "ApprovalGranted")
    assert complaint.orders("water")[-1] == (52, "granted", "open")
    status = complaint.town.receipts()[-1]
    assert (status.kind, hours(status.due_at), status.reasons) == ("status", 150, ("ApprovalGranted",))


def test_the_old_date_is_not_breached_the_new_one_is() -> None:
    complaint = asking()
    complaint.reply("centre", "approved")

    complaint.town.at(151)

    assert complaint.rungs("answer") == []
    assert complaint.rungs("answer", revision=2) == [(112.5, "warn", "water", 0), (150, "urge", "water", 1)]


def test_refused_the_date_stays_and_the_department_hears_why() -> None:
    complaint = asking()

    complaint.reply("centre", "refused", note="use the bypass")

    assert complaint.targets()["answer"] == 100
    assert complaint.orders("water")[-1][1] == "not_granted"
    assert complaint.verdicts("approve") == [(50, "DeadlineMet")]


def test_the_centres_silence_is_escalated_and_moves_nothing() -> None:
    complaint = asking()

    complaint.town.at(101)

    assert [level for _, _, _, level in complaint.rungs("approve")][:4] == [0, 1, 2, 3]
    assert (100, "urge", "water", 1) in complaint.rungs("answer")
    complaint.reply("centre", "approved")
    assert complaint.refusals() == ["too_late"]
    assert complaint.targets()["answer"] == 100


def test_who_asks_late_has_to_be_answered_by_the_date_itself() -> None:
    complaint = asking(at=89)

    assert complaint.targets()["approve"] == 97
    assert asking(at=89.9).targets()["approve"] == 97.9


def test_consent_that_came_in_time_takes_back_a_breach_that_was_told_meanwhile() -> None:
    complaint = asking(at=60)
    complaint.town.at(100.2)

    complaint.reply("centre", "approved", stated_at=hour(99.5).isoformat())

    assert complaint.verdicts("answer") == [(100.2, "BreachRetracted"), (100.2, "DeadlineMoved")]


@pytest.mark.parametrize(
    ("at", "until", "code"),
    [
        pytest.param(91, 150, "too_late", id="less than the policy's notice before the date"),
        pytest.param(101, 150, "too_late", id="after the date"),
        pytest.param(50, 100, "not_later", id="no later than the date"),
        pytest.param(50, 161, "beyond_the_limit", id="beyond the limit"),
        pytest.param(50, 40, "not_ahead", id="in the past"),
    ],
)
def test_it_is_refused_when_asked(at: float, until: float, code: str) -> None:
    complaint = asking(at, until)

    assert complaint.refusals() == [code]
    assert [notice.reason for notice in complaint.town.notices("water")] == [code]


def test_the_limit_itself_is_within_the_limit() -> None:
    assert asking(50, 160).refusals() == []


def test_it_is_granted_once() -> None:
    complaint = asking()
    complaint.reply("centre", "approved")

    complaint.reply("water", "extension", until=hour(155).isoformat(), note="again")

    assert complaint.refusals() == ["too_often"]


def test_who_has_asked_waits_for_the_decision() -> None:
    complaint = asking()

    complaint.reply("water", "extension", until=hour(140).isoformat(), note="or rather")

    assert complaint.refusals() == ["already_asked"]


def test_an_answer_makes_the_decision_unnecessary() -> None:
    complaint = asking()

    complaint.reply("water", "answered")

    assert complaint.verdicts("approve") == [(50, "DeadlineCancelled")]
    complaint.reply("centre", "approved")
    assert complaint.refusals() == ["already_answered"]


def test_a_date_that_was_granted_outlives_the_department() -> None:
    complaint = asking()
    complaint.reply("centre", "approved")

    complaint.reply("water", "returned", note="not our pipe")
    complaint.reply("centre", "assigned", assign_to="power")

    assert complaint.targets()["answer"] == 150


def test_an_extended_date_waits_like_any_other() -> None:
    complaint = asking()
    complaint.reply("centre", "approved")
    complaint.town.at(60)

    complaint.reply("water", "waiting", reason="customer")

    assert complaint.targets()["answer"] == 200


def test_a_holding_reply_meets_what_the_policy_lets_it_meet_and_the_final_answer_gets_a_date() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(90)

    complaint.reply("water", "holding", note="we have to ask the manufacturer")

    assert complaint.verdicts("answer") == [(90, "DeadlineMet")]
    assert complaint.targets()["final"] == 300
    complaint.town.at(301)
    assert (300, "urge", "water", 1) in complaint.rungs("final")
    complaint.reply("water", "answered")
    assert complaint.verdicts("final") == [(301, "DeadlineMissed")]


def test_a_promised_call_has_a_date_of_its_own() -> None:
    complaint = Town().complaint("patient/leak")

    complaint.reply("water", "promised", until=hour(4).isoformat())

    complaint.town.at(4)
    assert complaint.rungs("callback") == [(3, "warn", "water", 0), (4, "urge", "water", 1)]
    complaint.reply("water", "contacted", stated_at=hour(3.9).isoformat())
    assert complaint.verdicts("callback") == [(4, "BreachRetracted"), (4, "DeadlineMet")]


def test_news_is_due_again_and_again() -> None:
    complaint = Town().complaint("patient/leak")
    for at in (30, 65):
        complaint.town.at(at)
        complaint.reply("water", "progress", note="digging")

    assert complaint.targets()["progress"] == 105
    assert complaint.verdicts("progress") == [(30, "DeadlineMet"), (65, "DeadlineMet")]
    complaint.town.at(105)
    assert complaint.rungs("progress", revision=3)[-1] == (105, "urge", "water", 1)


def again_and_again() -> Complaint:
    """Whoever complains is to be called every day and told how it stands every forty hours."""
    plan = TOWN.plans["patient"].model_dump(mode="json")
    plan["targets"]["contact"] = {"every": "24h"}
    plan["holding"]["meets"] = ["answer", "progress"]
    patient = pack(plans={**TOWN.model_dump(mode="json")["plans"], "patient": plan})
    return Town(policy=patient).complaint("patient/leak")


def test_who_was_promised_a_call_is_to_be_called_again_after_it() -> None:
    complaint = again_and_again()
    complaint.town.at(10)

    complaint.reply("water", "promised", until=hour(20).isoformat())

    assert complaint.verdicts("contact") == [(10, "DeadlineMet")]
    assert (complaint.targets()["contact"], complaint.targets()["callback"]) == (34, 20)
    complaint.town.at(34)
    assert complaint.rungs("contact", revision=2)[-1] == (34, "urge", "water", 1)


def test_what_a_holding_reply_meets_is_wanted_again_where_the_policy_says_so() -> None:
    complaint = again_and_again()
    complaint.town.at(15)

    complaint.reply("water", "holding", note="we have to ask the manufacturer")

    assert [complaint.verdicts(name) for name in ("answer", "contact", "progress")] == [[(15, "DeadlineMet")]] * 3
    assert complaint.targets() == {"answer": 100, "contact": 39, "progress": 55, "total": 1000, "final": 300}


def test_news_told_twice_at_one_moment_counts_once_and_is_due_again() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(30)
    for id in ("a", "b"):
        complaint.reply("water", "progress", id=id)

    complaint.town.at(70)

    assert complaint.rungs("progress", revision=3)[-1] == (70, "urge", "water", 1)


def test_older_news_that_comes_late_moves_no_date_back() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(30)
    complaint.reply("water", "progress")

    complaint.reply("water", "progress", id="late", stated_at=hour(29.5).isoformat())

    assert complaint.targets()["progress"] == 70


def test_news_told_while_the_work_waits_is_due_again_after_the_wait() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.reply("water", "waiting", reason="parts")
    complaint.reply("centre", "approved")
    complaint.town.at(50)

    complaint.reply("water", "progress")

    assert complaint.targets()["progress"] == 200 + 40


def test_a_promised_call_outlives_the_department() -> None:
    complaint = Town().complaint("patient/leak")
    complaint.reply("water", "promised", until=hour(9).isoformat())

    complaint.reply("water", "returned", note="not our pipe")
    complaint.reply("centre", "assigned", assign_to="power", plan="ordinary")

    assert complaint.targets()["callback"] == 9
    complaint.reply("power", "contacted")
    assert complaint.verdicts("callback") == [(0, "DeadlineMet")]
