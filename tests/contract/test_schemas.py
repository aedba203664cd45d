"""The contracts as outsiders see them: JSON Schemas, golden examples, who says what, and the table of topics."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from pydantic import BaseModel
from referencing import Registry, Resource

from schemas import generate, topics
from schemas.edges import EDGES, Reply, Submission, VisitReport
from schemas.envelope import FACT_TYPES, MESSAGE_TYPES, event_id, parse, read_edge, read_fact, schema_id, type_of
from schemas.facts import PLOT, ComplaintReceived, Fact
from schemas.history import HistoryMap
from schemas.policy import PolicyPack
from tests import forgotten

ROOT = Path(generate.__file__).parent
CONTRACT: dict[str, Any] = json.loads(generate.CONTRACT.read_text("utf-8"))
SCHEMAS: dict[str, dict[str, Any]] = CONTRACT["$defs"]
EXAMPLES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "examples").glob("*.json"))}
FACTS = {type_of(fact) for fact in PLOT}

NOT_IN_DRAFT_07 = {
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$vocabulary",
    "dependentRequired",
    "dependentSchemas",
    "maxContains",
    "minContains",
    "prefixItems",
    "unevaluatedItems",
    "unevaluatedProperties",
}
CONTACT = {"address", "contact", "customer", "email", "mobile", "name", "phone", "tel", "telephone"}
NO_CONTACT = {"customer_ref", "Target.name"}
"""A pseudonym, and the name of a deadline: fields that only sound like contact data."""


def kind_of(name: str) -> str:
    """The type of the message that a file holds; behind a hyphen stands what this example shows besides."""
    return name.partition("-")[0]


def headers_of(example: dict[str, Any]) -> list[tuple[str, bytes]]:
    return [(name, value.encode()) for name, value in example["headers"].items()]


def value_of(example: dict[str, Any]) -> bytes:
    return json.dumps(example["value"], ensure_ascii=False).encode()


def read(name: str, example: dict[str, Any]) -> BaseModel:
    """The example's value, read as the services read it."""
    model = MESSAGE_TYPES[kind_of(name)]
    if issubclass(model, Fact):
        return read_fact(headers_of(example), value_of(example))[0]
    return read_edge(model, headers_of(example), value_of(example), "closedloop.somewhere#0-0").body


def keywords(node: Any) -> Iterator[str]:
    """Every JSON Schema keyword in use; what stands under `properties` and the like are names, not keywords."""
    for key, value in node.items() if isinstance(node, dict) else ():
        yield key
        if key in ("properties", "patternProperties", "$defs"):
            for inner in value.values():
                yield from keywords(inner)
        elif key not in ("default", "const", "enum", "examples"):
            for inner in value if isinstance(value, list) else [value]:
                yield from keywords(inner)


def fields(schema: dict[str, Any]) -> Iterator[str]:
    """Every field of a message as `Owner.field`, whatever is nested in it included."""
    for owner in (schema, *schema.get("$defs", {}).values()):
        yield from (f"{owner['title']}.{name}" for name in owner.get("properties", {}))


def contact_fields(schema: dict[str, Any]) -> list[str]:
    """The fields whose name says that they hold contact data of a person."""
    return [
        field
        for field in fields(schema)
        if field not in NO_CONTACT
        and field.split(".")[1] not in NO_CONTACT
        and CONTACT & set(field.split(".")[1].lower().split("_"))
    ]


# --- JSON Schemas -------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
def test_the_committed_contract_is_the_one_the_models_give() -> None:
    given = generate.published()
    parts = {f"{part}/{name}": body for part in given for name, body in parts_of(given[part])}
    committed = {f"{part}/{name}": body for part in CONTRACT for name, body in parts_of(CONTRACT[part])}
    stale = [name for name in {**parts, **committed} if parts.get(name) != committed.get(name)]

    forgotten.nothing(
        forgotten.each(stale, "schemas/contract.json is out of date at {}. Run: python -m schemas.generate"),
        ["The order of schemas/contract.json is another. Run: python -m schemas.generate"]
        if not stale and json.dumps(given) != json.dumps(CONTRACT)
        else [],
    )


def parts_of(part: Any) -> Iterator[tuple[str, Any]]:
    yield from part.items() if isinstance(part, dict) else [("", part)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_who_has_loaded_the_contract_finds_a_messages_schema_by_the_name_in_its_header(name: str) -> None:
    known = Registry().with_resource(CONTRACT["$id"], Resource.from_contents(CONTRACT)).crawl()

    found = Draft202012Validator({"$ref": EXAMPLES[name]["headers"]["ce_dataschema"]}, registry=known)

    assert found.is_valid(EXAMPLES[name]["value"])
    assert not found.is_valid({})


def test_who_wants_one_file_for_each_schema_gets_them(tmp_path: Path) -> None:
    before = generate.CONTRACT.read_bytes()

    generate.main(str(tmp_path / "schemas"))

    written = {path.stem: json.loads(path.read_text("utf-8")) for path in (tmp_path / "schemas").iterdir()}
    assert written == generate.published()["$defs"]
    assert generate.CONTRACT.read_bytes() == before


@pytest.mark.parametrize("model", generate.MODELS, ids=type_of)
def test_a_schema_says_who_it_is_and_keeps_to_what_other_languages_validators_know(model: type[BaseModel]) -> None:
    schema = SCHEMAS[type_of(model)]

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == schema_id(model)
    assert schema["title"] == model.__name__
    assert schema["description"] == model.__doc__
    assert not NOT_IN_DRAFT_07 & set(keywords(schema))


def test_each_message_has_a_type_of_its_own() -> None:
    assert len({type_of(model) for model in generate.MODELS}) == len(generate.MODELS)
    assert all(re.fullmatch(r"closedloop(\.[a-z]+)+\.v\d+", type_of(model)) for model in generate.MODELS)


@pytest.mark.parametrize("fact", PLOT, ids=type_of)
def test_a_field_that_a_fact_cannot_do_without_is_required(fact: type[Fact]) -> None:
    """A property of a parent class silently becomes a field's default; then the field could be left out."""
    taken_over = [name for name, field in fact.model_fields.items() if isinstance(field.default, property)]

    assert not taken_over


# --- golden examples ----------------------------------------------------------------------------------------------


def test_every_message_has_an_example_and_every_example_a_message() -> None:
    forgotten.nothing(map(draft, MESSAGE_TYPES.keys() - EXAMPLES.keys()))
    assert {kind_of(name) for name in EXAMPLES} == set(MESSAGE_TYPES)
    assert set(SCHEMAS) == {*MESSAGE_TYPES, type_of(PolicyPack), type_of(HistoryMap)}


@pytest.mark.parametrize("validator", [Draft202012Validator, Draft7Validator])
def test_an_example_is_valid_under_its_schema(validator: Any) -> None:
    validators = {kind: validator(schema) for kind, schema in SCHEMAS.items()}
    faults = {
        name: [error.message for error in validators[kind_of(name)].iter_errors(example["value"])]
        for name, example in EXAMPLES.items()
    }

    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_message_of_old_can_still_be_read(name: str) -> None:
    example = EXAMPLES[name]

    body = read(name, example)

    assert type(body) is MESSAGE_TYPES[kind_of(name)]
    assert body == parse(type(body), body.model_dump_json().encode())
    assert set(example["value"]) <= body.model_fields_set


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_field_that_a_reader_does_not_know_is_ignored(name: str) -> None:
    example = EXAMPLES[name]
    newer = {**example, "value": {**example["value"], "added_in_a_later_minor": {"any": ["thing"]}}}

    assert read(name, newer) == read(name, example)
    assert Draft202012Validator(SCHEMAS[kind_of(name)]).is_valid(newer["value"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_examples_headers_name_its_type_its_schema_and_its_sender(name: str) -> None:
    example, model = EXAMPLES[name], MESSAGE_TYPES[kind_of(name)]
    headers = example["headers"]

    assert headers["content-type"] == "application/json"
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_type"] == kind_of(name)
    assert headers["ce_dataschema"] == schema_id(model)
    if issubclass(model, Fact):
        assert headers["ce_source"] == f"/closedloop/{model.said_by}"
        assert headers["ce_subject"] == example["key"] == example["value"]["complaint_id"]
        assert headers["ce_id"] == event_id(example["key"], model.said_by, int(headers["ce_sequence"]))


def test_the_examples_tell_one_complaints_story() -> None:
    told = {name: example for name, example in EXAMPLES.items() if kind_of(name) in FACTS}
    numbers = sorted(
        (e["headers"]["ce_source"], int(e["headers"]["ce_sequence"]), e["value"]["at"], name)
        for name, e in told.items()
    )

    assert len({example["key"] for example in told.values()}) == 1
    for (source, number, earlier, name), (next_source, next_number, later, next_name) in pairwise(numbers):
        if source == next_source:
            assert number != next_number, f"{name} and {next_name} have the same ce_sequence, {number}"
            assert earlier <= later, f"{next_name} is later than {name} by its ce_sequence, and earlier by its `at`"


def test_whatever_the_examples_say_was_caused_by_a_fact_is_told_after_it() -> None:
    told = {e["headers"]["ce_id"]: e["value"]["at"] for name, e in EXAMPLES.items() if kind_of(name) in FACTS}
    caused = [(e["headers"].get("ce_causationid"), e["value"].get("at")) for e in EXAMPLES.values()]

    assert all(told[cause] <= at for cause, at in caused if cause in told)


def draft(type_name: str) -> str:
    """What to write where a message has no example; the numbers of a service rise with the time of what it says."""
    place, model = f"schemas/examples/{type_name}.json", MESSAGE_TYPES[type_name]
    if not issubclass(model, Fact):
        return f"{model.__name__} has no example. Write {place}"
    source = f"/closedloop/{model.said_by}"
    said = [e for name, e in EXAMPLES.items() if kind_of(name) in FACTS and e["headers"]["ce_source"] == source]
    last = max(said, key=lambda example: int(example["headers"]["ce_sequence"]))
    number = int(last["headers"]["ce_sequence"]) + 1
    headers = last["headers"] | {
        "ce_type": type_name,
        "ce_dataschema": schema_id(model),
        "ce_id": event_id(last["key"], model.said_by, number),
        "ce_sequence": str(number),
    }
    begun = json.dumps({"headers": headers, "key": last["key"], "value": {}}, ensure_ascii=False, indent=2)
    return (
        f"{model.__name__} has no example. Write {place} beside the others; for example, as the last that"
        f" {model.said_by} says, not before {last['value']['at']}:\n{begun}"
    )


def names_in(node: Any) -> Iterator[str]:
    for key, value in node.items() if isinstance(node, dict) else ():
        yield key
        # What stands there is named by its senders, or by a sentence.
        yield from names_in(value) if key not in ("did_you_mean", "values") else ()
    for value in node if isinstance(node, list) else ():
        yield from names_in(value)


def test_whatever_a_message_may_hold_is_shown_by_an_example() -> None:
    """Optional fields included: who reads them in another language has nothing else to learn them from."""
    shown = {name for example in EXAMPLES.values() for name in names_in(example["value"])}
    there = {field.split(".")[1] for type_name in MESSAGE_TYPES for field in fields(SCHEMAS[type_name])}

    forgotten.nothing(
        forgotten.beyond(there, shown, "no example in schemas/examples shows the field {}"),
        forgotten.beyond(shown, there, "an example in schemas/examples has the field {}, which no message has"),
    )


@pytest.mark.parametrize(
    ("fact", "cause"),
    [
        ("closedloop.complaint.received.v1", type_of(Submission)),
        ("closedloop.work.accepted.v1", type_of(Reply)),
        ("closedloop.visit.attempted.v1", type_of(VisitReport)),
    ],
)
def test_a_fact_names_the_message_from_outside_that_caused_it(fact: str, cause: str) -> None:
    sender = EXAMPLES[cause]["headers"]

    assert EXAMPLES[fact]["headers"]["ce_causationid"] == f"{sender['ce_source']}/{sender['ce_id']}"


# --- who says what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", PLOT, ids=type_of)
def test_a_fact_has_exactly_one_writer(fact: type[Fact]) -> None:
    assert fact.said_by in topics.SPEAKING
    assert list(PLOT).count(fact) == 1


@pytest.mark.parametrize("name", topics.SERVICES)
def test_a_service_says_the_facts_that_are_its_own_and_no_others(name: str) -> None:
    table = importlib.import_module(f"services.{name}.service").SERVICE

    own = [fact for fact in PLOT if fact.said_by == name]

    assert table.name == name
    forgotten.nothing(
        forgotten.beyond(own, table.says, f"{name} says {{}}, but services/{name}/service.py has no line for it"),
        forgotten.beyond(table.says, own, f"services/{name}/service.py has a line for {{}}, which stands not in PLOT"),
    )


@pytest.mark.parametrize("name", topics.SERVICES)
def test_a_table_has_one_line_per_fact_in_the_order_of_the_plot(name: str) -> None:
    lines = [on.fact for on in importlib.import_module(f"services.{name}.service").SERVICE.facts]

    place = f"services/{name}/service.py"
    forgotten.nothing(
        forgotten.out_of_order(lines, PLOT, f"the line of {{}} in {place} stands elsewhere than its row in PLOT"),
        [f"a fact has two lines in {place}"] if len(lines) != len(set(lines)) else [],
    )


CARRY_THE_PLAN = [fact for fact in PLOT if "targets" in fact.model_fields]


@pytest.mark.parametrize("name", ["router", "escalation"])
def test_a_fact_that_may_carry_the_plan_changes_the_plan_that_router_and_escalation_know(name: str) -> None:
    evolve = importlib.import_module(f"services.{name}.service").SERVICE.evolve

    says = f"{{}} may carry the plan: its line in services/{name}/service.py needs an `evolve`"
    forgotten.nothing(forgotten.beyond(CARRY_THE_PLAN, evolve, says))


def test_every_fact_there_is_stands_in_the_plot() -> None:
    def leaves(parent: type[Fact]) -> set[type[Fact]]:
        children = parent.__subclasses__()
        return set().union(*map(leaves, children)) if children else {parent}

    there = {fact for fact in leaves(Fact) if fact.__module__ == Fact.__module__}
    forgotten.nothing(forgotten.beyond(there, PLOT, "{} has no row in PLOT, at the end of schemas/facts.py"))
    assert there == set(PLOT)
    assert len(FACT_TYPES) == len(PLOT)


# --- personal data ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_name", sorted(FACTS))
def test_a_fact_never_carries_contact_data(type_name: str) -> None:
    says = "{} sounds like contact data, which stay in intake: no fact carries them (else: NO_CONTACT, in this test)"
    forgotten.nothing(forgotten.each(contact_fields(SCHEMAS[type_name]), says))


def test_contact_data_in_a_message_is_noticed_wherever_it_is_nested() -> None:
    assert contact_fields(SCHEMAS[type_of(Submission)]) == [
        "Submission.customer",
        "Customer.name",
        "Customer.phone",
        "Customer.email",
    ]


def test_a_complaint_is_received_with_a_pseudonym_of_the_customer() -> None:
    assert "customer_ref" in SCHEMAS[type_of(ComplaintReceived)]["required"]


# --- topics -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", topics.TOPICS, ids=lambda row: row.name)
def test_a_topics_name_has_lower_case_letters_dots_and_hyphens_only(row: topics.Topic) -> None:
    assert re.fullmatch(r"closedloop(\.[a-z]+(-[a-z]+)*)+(\.<[a-z]+>)?", row.name)


@pytest.mark.parametrize("row", topics.TOPICS, ids=lambda row: row.name)
def test_a_topic_has_exactly_one_writer(row: topics.Topic) -> None:
    """The facts' topic is shared by the services; there each type has its one writer."""
    assert row.writer and not re.search(r",|/|\band\b|\bor\b", row.writer)
    assert "all" not in row.writer.split() or row == topics.COMPLAINTS


def test_no_topic_belongs_to_two_rows() -> None:
    one_each = [row.of("some-member") if "<" in row.name else row.name for row in topics.TOPICS]

    for name in one_each:
        assert len([row for row in topics.TOPICS if row.member(name) is not None]) == 1


def test_the_facts_are_kept_for_ever_and_never_compacted() -> None:
    assert topics.COMPLAINTS.retention_ms == topics.FOREVER
    assert topics.COMPLAINTS.cleanup == "delete"


def test_the_facts_topic_keeps_its_number_of_partitions() -> None:
    """Another number would move complaints to other partitions and break the order of their facts."""
    assert topics.COMPLAINTS.partitions == 6


@pytest.mark.parametrize("model", EDGES, ids=type_of)
def test_an_edge_message_is_no_fact(model: type[BaseModel]) -> None:
    assert not issubclass(model, Fact)
