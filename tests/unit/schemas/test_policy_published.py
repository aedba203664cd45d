"""The pack shown as in force is in force; publishing names its changes first, and a version never changes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import KafkaError

from closedloop import policies
from closedloop.commands import policy
from closedloop.policies import changes
from closedloop.policies.published import Shelf, _order, refusal, shelved
from schemas.policy import PolicyPack
from schemas.topics import POLICIES
from services.shared.machine.letters import Origin
from services.shared.machine.policies import PolicyBook
from tests.builders import MONDAY
from tests.unit.schemas.packs import pack, plan, run

SOURCES = ("app", "hotline")


def rules(version: str = "1", **more: Any) -> PolicyPack:
    return PolicyPack.model_validate(pack(version=version, **more))


ONE, TWO, VILLAGE = rules(), rules("2", assign_within="1h"), rules(name="village")


def records(*published: PolicyPack) -> list[Origin]:
    """The topic of packs: one each minute from Monday on."""
    times = [int((MONDAY + timedelta(minutes=n)).timestamp() * 1000) for n in range(len(published))]
    return [
        Origin(POLICIES.name, 0, n, at, one.hash.encode(), one.model_dump_json().encode())
        for n, (at, one) in enumerate(zip(times, published, strict=True))
    ]


class Stack:
    """A stack of which nothing is there but its topic of packs."""

    def __init__(self, *published: PolicyPack) -> None:
        self.packs = list(published)

    def read(self, kafka: str, bound: Any = None) -> Shelf:
        return Shelf(shelved(records(*self.packs)), SOURCES, bound)

    def publish(self, pack: PolicyPack, kafka: str) -> tuple[int, int]:
        self.packs.append(pack)
        return 0, len(self.packs) - 1


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    found = Stack(ONE)
    monkeypatch.setattr(policy.published, "read", found.read)
    monkeypatch.setattr(policy.provision, "publish", found.publish)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pack.yaml"


def written(file: Path, sort_keys: bool = False, **more: Any) -> str:
    file.write_text(yaml.safe_dump(pack(**more), allow_unicode=True, sort_keys=sort_keys))
    return str(file)


# --- list and show ---------------------------------------------------------------------------------------------------


def test_what_is_published_is_listed_with_what_it_rules(stack: Stack) -> None:
    stack.packs += [TWO, VILLAGE]

    listed = json.loads(run("list", "--json", bound=json.dumps({"app": TWO.hash})).output)

    assert [(row["name"], row["version"], row["hash"], row["rules"]) for row in listed] == [
        ("small", "1", ONE.hash, []),
        ("small", "2", TWO.hash, ["app"]),
        ("village", "1", VILLAGE.hash, ["hotline"]),
    ]
    assert listed[1]["since"] == "2026-09-14T00:01:00Z"


def test_the_list_is_read_by_people(stack: Stack) -> None:
    stack.packs.append(TWO)

    told = run("list", bound='{"crm": "0123456789abcdef"}').output

    (first, second) = (line for line in told.splitlines() if "small" in line)
    assert "app, hotline" in second and "app" not in first
    assert "! crm is bound to 0123456789abcdef, which nobody has published: its complaints wait" in told


@given(st.lists(st.sampled_from([ONE, TWO, VILLAGE]), min_size=1, max_size=6))
def test_what_is_listed_as_in_force_is_what_services_give_a_new_complaint(published: list[PolicyPack]) -> None:
    book = PolicyBook()
    for order, one in enumerate(published):
        book.learn(one.hash, one, order)

    in_force = Stack(*published).read("-").in_force

    assert in_force and in_force.key == book.hash_for("app") == published[-1].hash


def test_the_pack_that_is_shown_is_the_one_that_is_published(stack: Stack) -> None:
    stack.packs.append(TWO)

    told, programs = run("show", "small").output, json.loads(run("show", "small", "--json").output)

    assert f"small version 2, hash {TWO.hash}" in told
    assert "published 2026-09-14 00:01:00 UTC, in force for new complaints from app, hotline" in told
    assert (programs["assign_within"], programs["in_force"]) == ("PT1H", True)


def test_a_pack_that_rules_nothing_any_more_says_so(stack: Stack) -> None:
    stack.packs.append(VILLAGE)

    assert "not in force" in run("show", "small").output


def test_an_older_version_is_shown_by_its_hash(stack: Stack) -> None:
    stack.packs.append(TWO)

    assert f"small version 1, hash {ONE.hash}" in run("show", ONE.hash[:8]).output


def test_a_pack_that_is_not_published_is_not_shown_as_if_it_were(stack: Stack) -> None:
    done = run("show", "demo")

    assert done.exit_code == 1
    assert (
        "no pack demo is published" in done.output
        and "published there: small; --packaged shows the file" in done.output
    )
    assert policies.load("demo").hash in run("show", "demo", "--packaged").output


@pytest.mark.parametrize("command", [("list",), ("show", "demo"), ("publish", "demo")])
def test_where_no_stack_answers_that_is_said(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(kafka: str, bound: Any) -> Shelf:
        raise KafkaError("nobody there")

    monkeypatch.setattr(policy.published, "read", nobody)

    done = run(*command, "--kafka", "nowhere:9092")

    assert done.exit_code == 2
    assert "no stack answers at nowhere:9092" in done.output and "closedloop up" in done.output


# --- publish ---------------------------------------------------------------------------------------------------------


def test_other_content_under_a_published_version_is_refused(stack: Stack, file: Path) -> None:
    done = run("publish", written(file, assign_within="5h"), "--back")

    assert done.exit_code == 1
    assert f"small version 1 is published already, as {ONE.hash}" in done.output
    assert stack.packs == [ONE]


def test_the_same_content_under_another_hash_is_the_same(stack: Stack) -> None:
    record = Origin(POLICIES.name, 0, 0, 0, b"what-an-older-program-computed", ONE.model_dump_json().encode())

    assert refusal(ONE, Shelf(shelved([record])), back=False) is None


@pytest.mark.parametrize(("version", "newest"), [("1", "2"), ("9", "10"), ("2026-1", "2026-2"), ("0.5", "1")])
def test_an_older_version_is_published_only_with_back(stack: Stack, file: Path, version: str, newest: str) -> None:
    stack.packs[:] = [rules(newest, assign_within="1h")]
    older = written(file, version=version)

    refused, taken = run("publish", older), run("publish", older, "--back")

    assert refused.exit_code == 1
    assert f"small version {version} is older than version {newest}" in refused.output and "--back" in refused.output
    assert taken.exit_code == 0
    assert [one.version for one in stack.packs] == [newest, version]


def test_a_version_that_was_in_force_before_is_older_whatever_it_is_called(stack: Stack, file: Path) -> None:
    stack.packs[:] = [rules("spring"), rules("autumn", assign_within="1h")]

    assert run("publish", written(file, version="spring")).exit_code == 1


def test_publishing_says_what_changes_and_which_sources_it_rules(stack: Stack, file: Path) -> None:
    departments = {**pack()["departments"], "power": {"zh": "供电公司", "en": "Power"}}
    routes = [
        {"category": ["power/*"], "department": "power", "plan": "ordinary"},
        {"category": ["water/*"], "area": ["old-town"], "department": "water", "plan": "ordinary"},
    ]
    plans = {"ordinary": plan(targets={"answer": "2d", "accept": "4h"})}
    changed = written(file, version="2", departments=departments, routes=routes, plans=plans, assign_within="1h")

    told = run("publish", changed, bound='{"app": "0123456789abcdef"}').output

    assert told.splitlines()[:-1] == [
        "small version 2 instead of small version 1, in force since 2026-09-14 00:00:00 UTC; it changes:",
        "  - department power (供电公司, Power) joins",
        "  - route category power/*: new, to power by plan ordinary",
        "  - route category water/*; area old-town: new, to water by plan ordinary",
        "  - route category water/*: gone, it led to water by plan ordinary",
        "  - plan ordinary: answer 2 days instead of 3 days",
        "  - plan ordinary: accept 4 h, new",
        "  - assign_within 1 h instead of 4 h",
        "It rules new complaints from: hotline.",
        "Not from app, which CLOSEDLOOP_POLICIES binds to 0123456789abcdef.",
    ]


def test_publishing_tells_programs_what_changes(stack: Stack, file: Path) -> None:
    told = json.loads(run("publish", written(file, version="2"), "--json").output)

    assert (told["changes"], told["rules"], told["offset"]) == ([changes.NOTHING], ["app", "hotline"], 1)


@pytest.mark.parametrize("in_another_order", [False, True])
def test_what_is_in_force_already_may_be_published_again(stack: Stack, file: Path, in_another_order: bool) -> None:
    done = run("publish", written(file, in_another_order))

    assert done.exit_code == 0
    assert "nothing: it is in force already" in done.output


def test_what_the_check_refuses_is_not_published(stack: Stack, file: Path) -> None:
    routes = [{"department": "desk", "plan": "ordinary"}]

    done = run("publish", written(file, version="2", routes=routes))

    assert done.exit_code == 1
    assert "leads to the visit desk" in done.output and stack.packs == [ONE]


def test_somebody_at_a_terminal_is_asked_first(stack: Stack, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_is_a_terminal", lambda: True)
    two = written(file, version="2")

    declined = run("publish", two)  # nothing is typed: the question stays without an answer
    assert declined.exit_code == 1
    assert stack.packs == [ONE]

    assert run("publish", two, "--yes").exit_code == 0
    assert [one.version for one in stack.packs] == ["1", "2"]


@pytest.mark.parametrize("text", ["[]", "{", '{"app": 7}', '"app"'])
def test_bindings_that_cannot_be_read_are_named(stack: Stack, text: str) -> None:
    done = run("list", bound=text)

    assert done.exit_code == 2
    assert "CLOSEDLOOP_POLICIES" in done.output


# --- what changes ----------------------------------------------------------------------------------------------------

SAMPLES = [
    {},
    {"trust": "1h"},
    {"routes": []},
    {"plans": {"ordinary": plan(targets={"answer": {"every": "3d"}}), "other": plan()}},
    {"departments": {**pack()["departments"], "water": {"zh": "水", "en": "W"}}},
    {"people": {"li": {"zh": "李", "en": "Li"}}, "offices": {"head": "li"}},
]


@given(st.sampled_from(SAMPLES), st.sampled_from(SAMPLES))
def test_two_packs_that_differ_are_told_as_different(one: dict[str, Any], other: dict[str, Any]) -> None:
    told = changes.between(rules(**one), rules(**other))

    assert (told == [changes.NOTHING]) == (one == other)


AWAY = {"starts_at": "2026-09-16T00:00:00+08:00", "ends_at": "2026-09-23T00:00:00+08:00"}
VISIT = {"desk": "desk", "opens_after": "1d", "due_after": "2d"}
LED = {
    "rules": [{"name": "danger", "category": ["*/danger"]}],
    "update": "12h",
    "report_within": "3d",
    "ladder": "standard",
}
STEP = {"at_percent": 100, "level": 0, "role": "handler", "action": "urge"}
LATER = {"after": "90m", "level": 1, "role": "head", "action": "report"}

TOLD: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "a part of a visit": (
        {"plans": {"ordinary": plan(visit=VISIT)}},
        {"plans": {"ordinary": plan(visit={**VISIT, "opens_after": "2m"})}},
        ["plan ordinary: visit opens_after 2 min instead of 1 day"],
    ),
    "a pause": (
        {"plans": {"ordinary": plan(pauses={"customer": {"targets": ["answer"], "at_most": "3d"}})}},
        {"plans": {"ordinary": plan(pauses={"customer": {"targets": ["answer"], "at_most": "36h", "times": 2}})}},
        [
            "plan ordinary: pauses customer at_most 36 h instead of 3 days",
            "plan ordinary: pauses customer times 2 instead of 1",
        ],
    ),
    "an absence": (
        {"people": {"li": {"zh": "李", "en": "Li", "absent": [AWAY]}}},
        {"people": {"li": {"zh": "李", "en": "Li"}}},
        ["person li: absent gone, it was starts_at 2026-09-15 16:00 UTC, ends_at 2026-09-22 16:00 UTC"],
    ),
    "no incidents any more": (
        {"incidents": LED},
        {},
        [
            "incidents gone, it was rules name danger, category */danger, update 12 h, report_within 3 days, "
            "ladder standard"
        ],
    ),
    "a step of a ladder": (
        {"ladders": {"standard": {"steps": [STEP]}}},
        {"ladders": {"standard": {"steps": [{**STEP, "role": "head"}, LATER]}}},
        [
            "ladder standard: steps 1 role head instead of handler",
            "ladder standard: steps 2 after 1 h 30 min, level 1, role head, action report, new",
        ],
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_each_change_says_from_what_to_what_in_words_of_the_packs_author(name: str) -> None:
    old, new, told = TOLD[name]

    assert changes.between(rules(**old), rules(**new)) == told


def test_routes_in_another_order_are_told() -> None:
    ways = [{"category": [name], "department": "water", "plan": "ordinary"} for name in ("a", "b")]

    assert changes.between(rules(routes=ways), rules(routes=ways[::-1])) == [
        "routes stand in another order: the first that fits decides"
    ]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=4), st.lists(st.integers(0, 400), min_size=1, max_size=4))
def test_numbers_in_versions_count_as_numbers(one: list[int], other: list[int]) -> None:
    written_one, written_other = (".".join(map(str, numbers)) for numbers in (one, other))

    assert (_order(written_one) < _order(written_other)) == (one < other)
