"""A complaint is found by its id, by how that begins, or by the number that people read to each other."""

from __future__ import annotations

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from closedloop.casebook import Ambiguous, CaseFile, NoPack, NotFound, begins_with
from closedloop.casebook.finding import reference_in, the_only, whole
from closedloop.casebook.reader import _called
from closedloop.commands import explain, replay, whatif
from schemas.topics import COMPLAINTS
from tests.builders import Town
from tests.cases import file_of

ID = "2b14556b-8a1c-5fb4-96a6-61e7c7d2b953"


@pytest.mark.parametrize("asked", [ID, ID.upper(), "CL-FMKFK24K", "cl-fmkfk24k", "2b14", f" {ID} "])
def test_every_way_to_name_a_complaint_leads_to_its_id(asked: str) -> None:
    assert ID.startswith(begins_with(asked))


def test_an_earlier_reference_is_the_beginning_of_an_id() -> None:
    assert begins_with("CL-FMKFK24K") == ID[:11]
    assert [whole(begins_with(asked)) for asked in (ID, "CL-FMKFK24K")] == [True, False]


def test_a_reference_leads_to_the_complaint_that_was_received_under_it() -> None:
    town = Town()
    complaints = [town.complaint() for _ in range(3)]
    references = [complaint.facts("ComplaintReceived")[0].reference for complaint in complaints]
    records = town.on(COMPLAINTS.name)

    asked = [reference_in(reference.replace("-", "").lower()) for reference in references]

    assert asked == references
    assert [_called(reference, records) for reference in references] == [{complaint.id} for complaint in complaints]


@pytest.mark.parametrize("asked", ["", "CL-", "CL-0000000!", "CL-00T-4XC-RNF", "the one of yesterday", "../" + ID])
def test_what_names_no_complaint_is_refused(asked: str) -> None:
    with pytest.raises(NotFound):
        begins_with(asked)


def test_nobody_and_several_are_told_apart() -> None:
    assert the_only("2b", [ID]) == ID
    with pytest.raises(NotFound, match="no complaint 2b"):
        the_only("2b", [])
    with pytest.raises(Ambiguous, match=r"any of 2 .*2b14556b"):
        the_only("2b", [ID, ID.replace("b953", "b954")])


def test_a_complaint_whose_pack_is_not_there_cannot_be_explained() -> None:
    town = Town()
    town.complaint()

    with pytest.raises(NoPack, match=town.policy.hash):
        CaseFile.of(ID, town.on(COMPLAINTS.name), {})


def test_a_fact_that_stands_on_the_topic_twice_is_read_once_and_what_is_none_is_named() -> None:
    town = Town()
    complaint = town.complaint()
    once = file_of(complaint)
    town.world.log.append(once.records[-1])
    town.world.send(COMPLAINTS.name, b"nothing", key=complaint.id)

    again = file_of(complaint)

    assert again.facts == once.facts
    assert len(again.records) == len(once.records) + 2
    assert "unknown fact type" in again.unreadable[0]


def run(command: object, *arguments: str) -> Result:
    app = Typer()
    command.register(app)  # type: ignore[attr-defined]
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        (explain, ["yesterday"], "neither a complaint's id"),
        (whatif, ["yesterday"], "neither a complaint's id"),
        (explain, [ID, "--json", "--table"], "say one"),
        (explain, [ID, "--clock", "no-such-file"], "holds no clock"),
        (replay, [], "name either a FILE"),
        (replay, ["history.csv", "--case", ID], "name either a FILE"),
        (replay, ["--case", "yesterday"], "neither a complaint's id"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(command: object, arguments: list[str], said: str) -> None:
    outcome = run(command, *arguments)

    assert outcome.exit_code == 2
    assert said in " ".join(outcome.output.replace("│", " ").split())
