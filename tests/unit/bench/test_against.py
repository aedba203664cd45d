"""Two commits are compared by figures that both have, as the median of the ratios of pairs."""

from __future__ import annotations

import pytest

from closedloop.bench.against import NotComparable, Row, flat, rows, tree_of


def test_every_number_has_its_path_and_the_cost_of_a_complaint_is_summed_without_the_driver() -> None:
    found = {
        "closed": {
            "floor": {"sustained": True, "cpu_ms_per_closed": {"router": 2.0, "mongodb": 4.0, "driver": 9.0}},
            "search": [{"rate_per_s": 125}],
        }
    }

    assert dict(flat(found)) == {
        "closed.floor.cpu_ms_per_closed.router": 2.0,
        "closed.floor.cpu_ms_per_closed.mongodb": 4.0,
        "closed.floor.cpu_ms_per_closed.driver": 9.0,
        "closed.floor.cpu_ms_per_closed.together": 6.0,
    }


def test_a_ratio_is_the_median_of_those_of_the_pairs() -> None:
    row = Row("cost", before=(10.0, 20.0, 10.0), now=(5.0, 11.0, 9.0))

    assert row.as_json() == {"figure": "cost", "before": 10.0, "now": 9.0, "ratio": 0.55, "ratios": [0.5, 0.55, 0.9]}


def test_what_one_of_them_lacks_or_counts_as_none_is_not_compared() -> None:
    before, now = [{"a": 1.0, "gone": 2.0, "none": 0.0}], [{"a": 2.0, "new": 1.0, "none": 1.0}]

    assert [row.name for row in rows(before, now)] == ["a"]


def test_a_commit_that_is_not_there_is_not_compared_with() -> None:
    with pytest.raises(NotComparable, match="there is no commit of-nobody here"):
        tree_of("of-nobody")
