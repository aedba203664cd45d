"""What the facts alone say of each department."""

from __future__ import annotations

from closedloop.verify import Counts, Log, counts
from tests.unit.verify import tales_of_dates
from tests.unit.verify.faults.allowances import consent_late
from tests.unit.verify.history import begun
from tests.unit.verify.tales import assigned, healthy, never_reached, raced, reopened, turned_away
from tests.unit.verify.topics import NOW, Topics


def counted(*tales: object) -> dict[str, Counts]:
    topics = Topics()
    for tale in tales:
        assert callable(tale)
        tale(topics)
    return counts(Log.of(topics.records))


def test_a_late_answer_is_a_standing_breach() -> None:
    water = counted(never_reached)["water"]

    assert (water.deadlines, water.met, water.breached, water.escalated) == (1, 0, 1, 1)


def test_a_breach_that_was_taken_back_does_not_count() -> None:
    water = counted(raced)["water"]

    assert (water.deadlines, water.met, water.breached, water.escalated) == (1, 1, 0, 0)


def test_each_cycle_has_its_own_deadline() -> None:
    water = counted(reopened)["water"]

    assert (water.received, water.deadlines, water.met, water.reopened, water.closed) == (1, 2, 2, 1, 1)


def test_a_deadline_belongs_to_whoever_owns_the_complaint_now() -> None:
    found = counted(assigned)

    assert found["centre"].received == 1
    assert (found["power"].deadlines, found["power"].open) == (1, 1)
    assert "water" not in found


def test_dead_letters_count_at_the_department_whose_message_they_were() -> None:
    found = counted(turned_away)

    assert found["water"].dead_lettered == 1
    assert found["-"].dead_lettered == 2


def test_a_repeated_delivery_counts_once() -> None:
    topics = Topics()
    begun(topics, "new", NOW - 1)
    before = counts(Log.of(topics.records))

    for record in list(topics.records):
        topics.put_again(record)

    assert counts(Log.of(topics.records)) == before


def test_a_date_that_was_moved_in_time_counts_once() -> None:
    water = counted(tales_of_dates.extended)["water"]

    assert (water.deadlines, water.met, water.breached) == (1, 1, 0)


def test_what_the_centre_consents_to_late_is_breached_all_the_same() -> None:
    water = counted(consent_late)["water"]

    assert (water.deadlines, water.met, water.breached) == (2, 1, 1)


def test_deadlines_are_met_breached_or_open() -> None:
    for found in counts(Log.of(healthy().records)).values():
        assert found.deadlines == found.met + found.breached + found.open
