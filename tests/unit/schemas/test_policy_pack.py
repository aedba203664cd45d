"""An incoherent pack is refused with every reason; the packs that come along hold what they promise."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from closedloop import policies
from schemas import topics
from schemas.generate import schema_of
from schemas.policy import PolicyPack
from tests.unit.schemas.packs import pack, plan, step

SCHEMA = Draft202012Validator(schema_of(PolicyPack))
AGENCIES = [
    "NYPD",
    "HPD",
    "DSNY",
    "DOT",
    "DEP",
    "DOB",
    "DPR",
    "DOF",
    "DOHMH",
    "HRA",
    "TLC",
    "DCA",
    "DFTA",
    "EDC",
    "DOITT",
    "DCAS",
]
SPANS = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=400))
NOT_POSITIVE = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(0))


def refusal(content: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as refused:
        PolicyPack.model_validate(content)
    assert refused.value.error_count() == 1
    return str(refused.value)


# --- what is refused ----------------------------------------------------------------------------------------------


@given(NOT_POSITIVE)
def test_a_target_without_time_is_refused(span: timedelta) -> None:
    plans = {"ordinary": plan(targets={"answer": span})}

    assert "plan ordinary: target answer must be more than zero" in refusal(pack(plans=plans))


@given(NOT_POSITIVE)
def test_a_centre_without_time_to_assign_is_refused(span: timedelta) -> None:
    assert "assign_within must be more than zero" in refusal(pack(assign_within=span))


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=6))
def test_a_ladder_rises_and_has_one_step_at_the_deadline(percents: list[int]) -> None:
    ladders = {"standard": {"steps": [step(percent) for percent in percents]}}
    rises = all(low < high for low, high in pairwise(percents))

    if rises and 100 in percents:
        assert PolicyPack.model_validate(pack(ladders=ladders))
    else:
        assert "ladder standard: steps must rise and one must stand at 100 %" in refusal(pack(ladders=ladders))


AWAY_BACKWARDS = {"starts_at": "2026-09-15T00:00:00Z", "ends_at": "2026-09-15T00:00:00Z"}


def incidents(**changes: Any) -> dict[str, Any]:
    return {"update": "2h", "report_within": "48h", "ladder": "standard", **changes}


@given(SPANS, SPANS)
def test_a_visit_is_due_after_it_opens(opens: timedelta, due: timedelta) -> None:
    plans = {"ordinary": plan(visit={"desk": "desk", "opens_after": opens, "due_after": due})}

    if opens < due:
        assert PolicyPack.model_validate(pack(plans=plans))
    else:
        assert "plan ordinary: a visit must be due after it opens" in refusal(pack(plans=plans))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"trust": "-PT1M"}, "trust must not be negative"),
        ({"centre": "nobody"}, "nobody is not a department of the pack"),
        ({"centre_ladder": "none"}, "no ladder named none"),
        ({"routes": [{"department": "nobody", "plan": "ordinary"}]}, "nobody is not a department of the pack"),
        ({"routes": [{"department": "water", "plan": "none"}]}, "route to unknown plan none"),
        ({"plans": {"ordinary": plan(ladder="none")}}, "no ladder named none"),
        (
            {"plans": {"ordinary": plan(visit={"desk": "water", "opens_after": "1h", "due_after": "2h"})}},
            "desk water is not of kind desk",
        ),
        (
            {"ladders": {"standard": {"steps": [step(100)], "reminder": {"every": "0s", "role": "centre"}}}},
            "ladder standard: the reminder must be more than zero",
        ),
        (
            {"plans": {"ordinary": plan(targets={"answer": {"working": "8h"}})}},
            "working time counts by a calendar: the pack names none as its own",
        ),
        ({"assign_within": {"working": "8h"}}, "working time counts by a calendar: the pack names none as its own"),
        ({"assign_within": {"working": "0h"}}, "assign_within must be more than zero"),
        ({"calendar": "office"}, "the pack: no calendar named office"),
        (
            {"departments": {**pack()["departments"], "water": {"zh": "水", "en": "Water", "calendar": "night"}}},
            "water: no calendar named night",
        ),
        ({"plans": {"ordinary": plan(targets={"answer": {"every": "0h"}})}}, "target answer must be more than zero"),
        ({"plans": {"ordinary": plan(targets={"resume": "3h"})}}, "resume gets its date from replies"),
        (
            {"plans": {"ordinary": plan(pauses={"rain": {"targets": ["answer"], "at_most": "0h"}})}},
            "the cap of pause rain must be more than zero",
        ),
        (
            {"plans": {"ordinary": plan(pauses={"rain": {"targets": ["dinner"], "at_most": "1h"}})}},
            "pause rain of unknown target dinner",
        ),
        (
            {"plans": {"ordinary": plan(extension={"before": "1h", "at_most": "0h", "approved_within": "1h"})}},
            "an extension must be more than zero",
        ),
        (
            {"plans": {"ordinary": plan(extension={"before": "1h", "at_most": "9h", "approved_within": "-PT1H"})}},
            "approval of an extension must be more than zero",
        ),
        (
            {"plans": {"ordinary": plan(holding={"meets": ["answer"], "final_within": "0h"})}},
            "the final answer after a holding reply must be more than zero",
        ),
        (
            {"ladders": {"standard": {"steps": [step(100, after="1h")]}}},
            "a step stands either at_percent, before, after or at",
        ),
        (
            {"ladders": {"standard": {"steps": [step(None, after="1h"), step(100)]}}},
            "steps after the date stand above those at a share of the time",
        ),
        (
            {"ladders": {"standard": {"steps": [step(100), step(None, after="2h"), step(None, after="1h")]}}},
            "steps after the date stand above those at a share of the time, and rise",
        ),
        (
            {"ladders": {"standard": {"steps": [step(100), step(None, after="0h")]}}},
            "a step after the date must be more",
        ),
        ({"offices": {"head": "nobody"}}, "head: nobody named nobody"),
        ({"people": {"li": {"zh": "李", "en": "Li", "deputy": "wu"}}}, "li: no deputy named wu"),
        (
            {"people": {"li": {"zh": "李", "en": "Li", "absent": [AWAY_BACKWARDS]}}},
            "li: an absence ends before it begins",
        ),
        ({"incidents": incidents(ladder="none")}, "no ladder named none"),
        ({"incidents": incidents(manager="nobody")}, "nobody is not a department of the pack"),
        ({"incidents": incidents(update="0h")}, "incidents: update must be more than zero"),
        ({"incidents": incidents(report_within="0h")}, "incidents: report_within must be more than zero"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pack_that_does_not_hold_together_is_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in refusal(pack(**changes))


def test_a_refusal_tells_every_reason_at_once() -> None:
    told = refusal(
        pack(
            centre="nobody",
            centre_ladder="none",
            assign_within="0h",
            routes=[{"department": "nowhere", "plan": "missing"}],
            plans={"ordinary": plan(targets={"answer": "0h", "accept": "-P1D"})},
            ladders={"standard": {"steps": [step(100), step(75)]}},
        )
    )

    for reason in (
        "nobody is not a department",
        "nowhere is not a department",
        "no ladder named none",
        "unknown plan missing",
        "assign_within must be more than zero",
        "target answer must be more than zero",
        "target accept must be more than zero",
        "ladder standard: steps must rise",
    ):
        assert reason in told


@pytest.mark.parametrize(
    "changes",
    [
        {"remainder": "24h"},
        {"routes": [{"categories": ["water/*"], "department": "water", "plan": "ordinary"}]},
        {"plans": {"ordinary": plan(visits={})}},
        {"ladders": {"standard": {"steps": [step(100)], "reminders": {"every": "24h", "role": "centre"}}}},
        {"ladders": {"standard": {"steps": [step(100, quue="centre")]}}},
    ],
    ids=["in the pack", "in a route", "in a plan", "in a ladder", "in a step"],
)
def test_a_mistyped_word_anywhere_in_a_pack_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        PolicyPack.model_validate(pack(**changes))

    assert not SCHEMA.is_valid(pack(**changes))


@pytest.mark.parametrize("span", ["24h", "3d", "PT24H", "P1DT2H", "24", 24, "1 day", "tomorrow", "24H", "P", "stated"])
def test_the_schema_takes_a_length_of_time_exactly_where_the_pack_does(span: Any) -> None:
    content = pack(plans={"ordinary": plan(targets={"answer": span})})

    try:
        PolicyPack.model_validate(content)
    except ValidationError:
        assert not SCHEMA.is_valid(content)
    else:
        assert SCHEMA.is_valid(content)


# --- what a pack is ------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["accept", "answer", "contact"]), SPANS, min_size=1), SPANS)
def test_a_pack_published_and_read_back_is_the_same_pack(targets: dict[str, timedelta], within: timedelta) -> None:
    said = PolicyPack.model_validate(pack(assign_within=within, plans={"ordinary": plan(targets=targets)}))

    read = PolicyPack.model_validate_json(said.model_dump_json())

    assert read == said
    assert read.hash == said.hash
    assert SCHEMA.is_valid(said.model_dump(mode="json"))


def test_packs_that_differ_only_in_how_a_time_is_written_are_the_same() -> None:
    short, iso = (PolicyPack.model_validate(pack(assign_within=span)) for span in ("4h", "PT240M"))

    assert short.hash == iso.hash


def test_any_change_of_a_rule_makes_another_pack() -> None:
    one, other = (PolicyPack.model_validate(pack(assign_within=span)) for span in ("4h", "5h"))

    assert one.hash != other.hash


# --- the packs that come along ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", policies.names())
def test_a_pack_that_comes_along_is_named_as_its_file_and_valid_under_the_schema(name: str) -> None:
    found = policies.load(name)

    assert found.name == name
    assert SCHEMA.is_valid(found.model_dump(mode="json"))


def test_all_topics_of_the_packs_can_be_named() -> None:
    found = topics.names([policies.load(name) for name in policies.names()], ["hotline"])

    assert {"closedloop.queue.visit-desk", "closedloop.visits.visit-desk", "closedloop.replies.nypd"} <= set(found)
    assert "closedloop.replies.visit-desk" not in found


@pytest.mark.parametrize(
    ("category", "area", "department", "kind"),
    [
        ("water/burst", None, "water", "urgent"),
        ("water/quality", "东湖街道", "water", "ordinary"),
        ("housing/structure", None, "housing", "complex"),
        ("environment/noise", "东湖街道", "environment", "ordinary"),
        ("environment/noise", "老城一街", "market", "ordinary"),
        ("environment/noise", "old-town-north", "market", "ordinary"),
        ("environment/noise", None, "environment", "ordinary"),
        ("market/price", None, "market", "ordinary"),
    ],
)
def test_demo_routes_by_category_and_area(category: str, area: str | None, department: str, kind: str) -> None:
    route = policies.load("demo").route(category, area)

    assert route and (route.department, route.plan) == (department, kind)


@pytest.mark.parametrize("category", ["other/unclear", "water", "", None])
def test_demo_leaves_what_fits_no_route_to_the_centre(category: str | None) -> None:
    assert policies.load("demo").route(category, "old-town") is None


def test_demo_promises_an_answer_in_one_three_or_seven_days() -> None:
    plans = policies.load("demo").plans

    assert {name: (p.targets["accept"], p.targets["answer"]) for name, p in plans.items()} == {
        "urgent": (timedelta(hours=2), timedelta(hours=24)),
        "ordinary": (timedelta(hours=24), timedelta(days=3)),
        "complex": (timedelta(hours=24), timedelta(days=7)),
    }


def test_demo_tells_one_level_more_at_each_step_and_then_reminds_the_centre_daily() -> None:
    ladder = policies.load("demo").ladders["standard"]

    assert [(s.at_percent, s.level, s.role) for s in ladder.steps] == [
        (75, 0, "handler"),
        (100, 1, "head"),
        (125, 2, "vice-director"),
        (150, 3, "leadership"),
    ]
    assert ladder.reminder and (ladder.reminder.every, ladder.reminder.queue) == (timedelta(hours=24), "centre")


@pytest.mark.parametrize("agency", AGENCIES)
def test_nyc311_routes_what_names_an_agency_to_that_agency(agency: str) -> None:
    route = policies.load("nyc311").route(f"{agency}/Noise - Street/Sidewalk", "QUEENS")

    assert route and route.department == agency.lower()


def test_nyc311_has_the_agencies_of_the_records_and_the_centre() -> None:
    assert set(policies.load("nyc311").departments) == {"centre", *(agency.lower() for agency in AGENCIES)}


def test_nyc311_promises_only_the_stated_date() -> None:
    found = policies.load("nyc311")

    assert found.trust == "unlimited"
    assert [(p.targets, p.visit) for p in found.plans.values()] == [({"answer": "stated"}, None)]
    assert [s.at_percent for s in found.ladders["stated"].steps] == [75, 100]
    assert found.ladders["stated"].reminder is None
