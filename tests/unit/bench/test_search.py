"""When a rate is sustained, and which one is tried next."""

from dataclasses import replace

import pytest

from closedloop.bench.closed import Trial, next_rate, percentiles
from closedloop.bench.poster import length, request

HELD = Trial(
    rate=100.0,
    seconds=20.0,
    closed_per_second=100.0,
    in_flight=(130, 130, 130),
    latency=(1.2, 1.5),
    lag=({"router": 10}, {"router": 12}, {"router": 11}),
    cpu_s={"router": 4.0},
    rss_mib={"router": 90.0},
)
FAILED = replace(HELD, closed_per_second=80.0)


def held(rate: float) -> Trial:
    return replace(HELD, rate=rate, closed_per_second=rate)


def failed(rate: float) -> Trial:
    return replace(HELD, rate=rate, closed_per_second=rate / 2)


def test_a_rate_is_sustained_while_nothing_piles_up() -> None:
    assert HELD.sustained


@pytest.mark.parametrize(
    "trial",
    [FAILED, replace(HELD, in_flight=(130, 130, 170)), replace(HELD, closed_per_second=0.0)],
    ids=["fewer are closed than sent", "ever more are in flight", "nothing is closed"],
)
def test_a_rate_is_not_sustained_where(trial: Trial) -> None:
    assert not trial.sustained


@pytest.mark.parametrize(
    ("tried", "following"),
    [
        ([held(100)], 125),
        ([failed(100)], 80),
        ([held(100), held(125), failed(156)], 140),
        ([held(125), failed(156), held(140)], None),
    ],
    ids=["up while it holds", "down while it fails", "half-way in between", "known closely enough"],
)
def test_the_rate_that_is_tried_next(tried: list[Trial], following: float | None) -> None:
    assert next_rate(tried) == following


def test_cost_is_told_per_closed_complaint() -> None:
    assert HELD.as_json()["cpu_ms_per_closed"] == {"router": 2.0}


def test_percentiles_of_nothing_are_endless() -> None:
    assert percentiles([float(n) for n in range(100)]) == (50.0, 99.0)
    assert percentiles([]) == (float("inf"), float("inf"))


def test_a_request_says_how_long_it_is_and_an_answer_too() -> None:
    asked = request("/v1/complaints", "127.0.0.1:80", "key-1", b"{}")

    assert asked.endswith(b"\r\ncontent-length: 2\r\n\r\n{}")
    assert length(b"HTTP/1.1 202 Accepted\r\nContent-Length: 17\r\n\r\n") == 17
