"""A reference is short, unmistakable when it is read aloud, and never another complaint's."""

from __future__ import annotations

from itertools import islice, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.edges import Submission
from schemas.envelope import complaint_id
from schemas.references import ALPHABET, Mistyped, beginning, candidates, has_check, read
from services.shared.privacy import without_private
from tests.builders import Town

PAIR = ("portal-239808", "portal-922651")
"""Two complaints of the HTTP door whose ids begin alike: they had one reference between them."""
IDS = st.uuids(version=5).map(str)


def the_first(complaint: str) -> str:
    return next(candidates(complaint))


@given(IDS)
def test_a_reference_is_three_groups_of_three_letters_that_nobody_mistakes(id: str) -> None:
    prefix, *groups = the_first(id).split("-")

    assert (prefix, [len(group) for group in groups]) == ("CL", [3, 3, 3])
    assert set("".join(groups)) <= set(ALPHABET) and set("ILOU").isdisjoint(ALPHABET)


@given(IDS)
def test_a_complaint_has_the_same_candidates_in_the_same_order_for_ever(id: str) -> None:
    assert [*islice(candidates(id), 5)] == [*islice(candidates(id), 5)]
    assert len({*islice(candidates(id), 50)}) == 50


@given(IDS)
def test_a_reference_in_a_free_text_is_nothing_private(id: str) -> None:
    text = f"about {the_first(id)}, please; 编号{the_first(id)}请回复"

    assert without_private(Submission(subject="-", text=text)).text == text


@given(IDS)
def test_any_one_wrong_letter_is_noticed(id: str) -> None:
    letters = the_first(id).replace("-", "").removeprefix("CL")

    for place, right in enumerate(letters):
        for wrong in set(ALPHABET) - {right}:
            with pytest.raises(Mistyped):
                read(f"CL{letters[:place]}{wrong}{letters[place + 1 :]}")


@given(IDS)
def test_any_two_letters_that_changed_places_are_noticed(id: str) -> None:
    letters = the_first(id).replace("-", "").removeprefix("CL")

    for one, other in permutations(range(len(letters)), 2):
        swapped = [*letters]
        swapped[one], swapped[other] = letters[other], letters[one]
        if letters[one] != letters[other]:
            with pytest.raises(Mistyped):
                read("".join(swapped))


@pytest.mark.parametrize(
    "written",
    [
        *("CL-00T-4XC-RNE", "cl-00t-4xc-rne", "CL00T4XCRNE", "00t 4xc rne", " CL 00T 4XC RNE ", "cl-oot-4xc-rne"),
        *("CL\uff0d00T\uff0d4XC\uff0dRNE", "CL\u201300T\u20134XC\u2013RNE", "CL-00T4-XCRN-E"),
    ],
)
def test_however_it_is_written_the_same_reference_is_read(written: str) -> None:
    assert read(written) == "CL-00T-4XC-RNE"


@pytest.mark.parametrize("written", ["CL-FMKFK24K", "cl-fmkfk24k", "clfmkfk24k", "FMKFK24K"])
def test_an_earlier_reference_stays_valid(written: str) -> None:
    assert read(written) == "CL-FMKFK24K"
    assert beginning("CL-FMKFK24K") == "2b14556b-8a"
    assert [has_check(reference) for reference in ("CL-FMKFK24K", "CL-00T-4XC-RNE")] == [False, True]


@pytest.mark.parametrize(
    "written", ["", "CL-", "CL-00T-4XC-RN", "CL-00T-4XC-RNEE", "CL-00T-4XC-RN!", "漏水", "CL-UUU-UUU-UUU"]
)
def test_what_is_no_reference_is_said_to_be_none(written: str) -> None:
    with pytest.raises(Mistyped, match="a reference is CL-"):
        read(written)


def references_of(town: Town) -> dict[str, str]:
    return {fact.source_id: fact.reference for fact in town.facts() if hasattr(fact, "reference")}


def send(town: Town, name: str) -> None:
    town.world.command("closedloop.submissions.http", b'{"id": "%s", "subject": "-"}' % name.encode())


def test_two_complaints_that_would_have_the_same_reference_get_two() -> None:
    assert len({the_first(complaint_id("http", name)) for name in PAIR}) == 1
    town = Town()

    for name in PAIR:
        send(town, name)

    assert len({*references_of(town).values()}) == 2


@pytest.mark.parametrize("order", [PAIR, PAIR[::-1]])
def test_who_comes_first_keeps_it_and_who_sends_again_hears_the_same(order: tuple[str, str]) -> None:
    town = Town()
    for name in (*order, *order):
        send(town, name)

    first, second = (references_of(town)[name] for name in order)

    assert first == the_first(complaint_id("http", order[0]))
    assert second == [*islice(candidates(complaint_id("http", order[1])), 2)][1]
    assert [receipt.reference for receipt in town.receipts("http")] == [first, second]
