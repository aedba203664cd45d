"""Each date that router gives tells where it comes from: the rule of the policy, and the fact that moved it."""

from __future__ import annotations

import pytest

from schemas.facts import Target
from tests.builders import TOWN, Complaint, Town, hour


def complaint(category: str = "patient/leak") -> Complaint:
    return Town().complaint(category)


def last_of(complaint: Complaint, name: str) -> Target:
    plans = [fact.targets for fact in complaint.facts() if getattr(fact, "targets", None)]
    return next(target for target in plans[-1] if target.name == name)


def provenance(complaint: Complaint, name: str) -> tuple[str | None, str | None]:
    target = last_of(complaint, name)
    return target.rule, target.moved_by


def test_a_date_of_the_plan_names_the_length_that_the_plan_gives_it() -> None:
    assert provenance(complaint(), "answer") == ("/plans/patient/targets/answer", None)


def test_the_centres_own_date_names_the_policys_time_to_assign() -> None:
    assert provenance(complaint("nobody/knows"), "assign") == ("/assign_within", None)


def test_the_end_of_a_pause_names_its_cap_and_what_waits_names_the_pause() -> None:
    waiting = complaint()
    waiting.town.at(20)

    waiting.reply("water", "waiting", reason="customer")

    assert provenance(waiting, "resume") == ("/plans/patient/pauses/customer/at_most", None)
    assert provenance(waiting, "answer") == ("/plans/patient/targets/answer", "WorkPaused")
    assert provenance(waiting, "total") == ("/plans/patient/targets/total", None)


def test_a_pause_that_ends_early_moves_the_date_once_more() -> None:
    waiting = complaint()
    waiting.town.at(20)
    waiting.reply("water", "waiting", reason="customer")
    waiting.town.at(50)

    waiting.reply("water", "resumed")

    assert provenance(waiting, "answer") == ("/plans/patient/targets/answer", "WorkResumed")


def test_a_date_that_was_consented_to_names_the_consent() -> None:
    asking = complaint()
    asking.reply("water", "extension", target="answer", until=hour(110).isoformat(), note="parts")
    assert provenance(asking, "approve") == ("/plans/patient/extension/approved_within", None)

    asking.reply("centre", "approved")

    assert provenance(asking, "answer") == ("/plans/patient/targets/answer", "ApprovalGranted")


def test_what_is_wanted_again_begins_anew_and_is_not_moved() -> None:
    told = complaint()
    told.town.at(20)

    told.reply("water", "progress", note="on our way")

    assert last_of(told, "progress").revision == 2
    assert provenance(told, "progress") == ("/plans/patient/targets/progress", None)


def test_a_call_that_is_promised_again_was_moved_by_the_promise_and_has_no_rule() -> None:
    promising = complaint()
    promising.reply("water", "promised", until=hour(5).isoformat())
    assert provenance(promising, "callback") == (None, None)

    promising.reply("water", "promised", until=hour(6).isoformat())

    assert provenance(promising, "callback") == (None, "CallbackPromised")


def test_a_major_incidents_news_and_report_name_the_incidents_lengths() -> None:
    incident = complaint()
    incident.reply("water", "incident", note="flood")
    assert provenance(incident, "update") == ("/incidents/update", None)

    incident.reply("water", "answered")

    assert provenance(incident, "report") == ("/incidents/report_within", None)


def test_in_the_next_cycle_every_date_is_a_first_one() -> None:
    again = complaint("water/leak")
    again.reply("water", "answered")
    again.town.at(24)
    again.visit("not_solved")

    assert again.facts("ComplaintReopened")
    assert provenance(again, "answer") == ("/plans/ordinary/targets/answer", None)


def test_a_place_of_the_pack_that_does_not_exist_is_no_rule() -> None:
    assert TOWN.at("/plans/patient/targets/answer") == TOWN.plans["patient"].targets["answer"]
    for pointer in ("/plans/nobody/targets/answer", "/nothing", "/plans/patient/nothing"):
        with pytest.raises(LookupError):
            TOWN.at(pointer)
