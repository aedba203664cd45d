"""Who is told: the holder of the office, the deputy of who is absent, nobody twice, and at the top again and again."""

from __future__ import annotations

from schemas.policy import PolicyPack
from tests.builders import TOWN, Complaint, Town, hours, pack
from tests.offices import absent, staffed


def climbed(policy: PolicyPack, until: float = 200) -> Complaint:
    complaint = Town(policy=policy).complaint("water/leak")
    complaint.reply("water", "accepted")
    complaint.town.at(until)
    return complaint


def told(complaint: Complaint) -> list[tuple[str, str | None]]:
    """Which office and which person each rung about the answer was told."""
    kinds = ("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")
    return [(f.role, f.person) for f in complaint.facts(*kinds) if f.target == "answer"]


def test_each_level_is_told_to_who_holds_the_office() -> None:
    assert told(climbed(staffed()))[:4] == [
        ("handler", "li"),
        ("head", "wang"),
        ("director", "zhao"),
        ("mayor", "chen"),
    ]


def test_who_is_absent_is_passed_over_for_the_deputy() -> None:
    complaint = climbed(staffed(people={"wang": absent(90, 110, deputy="sun")}))

    assert told(complaint)[1] == ("head", "sun")
    (breach,) = [f for f in complaint.facts("DeadlineBreached") if f.target == "answer"]
    assert breach.deputy_for == "wang"


def test_an_absence_is_over_at_its_end() -> None:
    assert told(climbed(staffed(people={"wang": absent(90, 100, deputy="sun")})))[1] == ("head", "wang")


def test_the_deputy_of_an_absent_deputy_is_asked() -> None:
    away = {"wang": absent(90, 110, deputy="sun"), "sun": absent(0, 500, deputy="zhou")}

    assert told(climbed(staffed(people=away | {"zhou": {"zh": "周", "en": "Zhou"}})))[1] == ("head", "zhou")


def test_where_nobody_is_there_the_holder_is_told_all_the_same() -> None:
    away = {"wang": absent(90, 110, deputy="sun"), "sun": absent(0, 500, deputy="wang")}

    assert told(climbed(staffed(people=away)))[1] == ("head", "wang")


def test_who_holds_two_offices_is_told_once_and_the_next_level_hears_instead() -> None:
    complaint = climbed(staffed(offices={"director": "wang"}), until=130)

    assert told(complaint) == [("handler", "li"), ("head", "wang"), ("mayor", "chen")]


def test_a_copy_goes_to_nobody_twice() -> None:
    steps = [step.model_dump() for step in TOWN.ladders["standard"].steps]
    steps[1]["copies"] = ["head", "director", "mayor"]
    ladders = {name: ladder.model_dump() for name, ladder in TOWN.ladders.items()} | {"standard": {"steps": steps}}

    complaint = climbed(staffed(offices={"mayor": "zhao"}, ladders=ladders), until=101)

    (breach,) = [f for f in complaint.facts("DeadlineBreached") if f.target == "answer"]
    assert (breach.person, breach.copies) == ("wang", ("zhao",))


def test_the_top_of_the_chain_is_told_again_and_again_and_says_that_it_is_the_top() -> None:
    complaint = climbed(staffed(), until=200)

    rungs = [f for f in complaint.facts("ComplaintEscalated") if f.target == "answer"]
    assert [(f.role, f.top) for f in rungs] == [
        ("director", False),
        ("mayor", True),
        ("centre", True),
        ("centre", True),
    ]


def test_people_are_those_of_today_rules_those_of_the_beginning() -> None:
    town = Town(policy=staffed())
    complaint = town.complaint("water/leak")
    complaint.reply("water", "accepted")
    town.at(80)
    newer = staffed(version="2", assign_within="1h", offices={"director": "sun"})

    town.world.policies.learn(newer.hash, newer, 7)
    town.at(130)

    assert told(complaint)[-1] == ("director", "sun")
    assert complaint.document("escalation").case.policy != newer.hash


def test_a_complaint_that_nobody_has_climbs_as_well() -> None:
    complaint = Town(policy=staffed()).complaint("other/strange")

    complaint.town.at(7)

    assert [action for _, action, _, _ in complaint.rungs("assign")] == ["warn", "urge", "supervise", "report"]


def test_a_step_may_stand_so_long_after_the_date() -> None:
    steps = [step.model_dump() for step in TOWN.ladders["standard"].steps[:2]]
    late = {"after": "5d", "level": 2, "role": "director", "action": "criticise"}
    ladders = {name: ladder.model_dump() for name, ladder in TOWN.ladders.items()}

    complaint = climbed(pack(ladders=ladders | {"standard": {"steps": [*steps, late]}}), until=400)

    assert complaint.rungs("answer")[-1] == (220, "criticise", "water", 2)


def test_what_nobody_was_there_to_tell_is_told_in_order_with_its_own_date_and_marked() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "accepted")

    complaint.town.nobody_looks_until(130)

    rungs = complaint.facts("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")
    assert [(f.rung, hours(f.at), f.caught_up) for f in rungs] == [(1, 75, True), (2, 100, True), (3, 125, True)]
