"""The plan of a demo: the same for the same seed, with everything in it that a city has."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from closedloop.demo.behaviour import decide_by
from closedloop.demo.cast import CHANNELS, DAYS, V0, Cast, cast, deal
from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.rehearsal import log_of, rehearse, world_of
from closedloop.policies import load
from closedloop.verify import Clock, judge, terms
from schemas.facts import ComplaintClosed, ComplaintReceived, ComplaintUnroutable

PACK = load("demo")


@pytest.fixture(scope="module")
def city() -> Cast:
    return cast(100, 7, PACK)


def test_one_seed_is_one_city_and_another_is_another(city: Cast) -> None:
    assert cast(100, 7, PACK) == city
    assert cast(100, 8, PACK) != city


def test_complaints_come_within_ten_days_from_all_sources_in_both_languages(city: Cast) -> None:
    ends = V0 + timedelta(days=DAYS)

    assert all(V0 <= complaint.at < ends for complaint in city.complaints)
    assert {complaint.source for complaint in city.complaints} == set(CHANNELS)
    assert {complaint.submission.language for complaint in city.complaints} == {"zh", "en"}


def test_each_complaint_has_an_id_of_its_own(city: Cast) -> None:
    assert len(city.scripts) == len(city.complaints) == 100


def test_on_a_real_stack_only_what_comes_over_http_has_an_id_that_nobody_knows_beforehand(city: Cast) -> None:
    behind = city.scripts_behind("a secret")

    over_http = {complaint.complaint_id for complaint in city.complaints if complaint.source == "http"}
    assert city.scripts.keys() - behind.keys() == over_http
    assert len(behind) == len(city.complaints)


def test_a_retry_is_word_for_word_what_it_repeats(city: Cast) -> None:
    sent = {(post.topic, post.value, post.headers) for post in (c.post for c in city.complaints)}

    assert city.repeats
    assert all((post.topic, post.value, post.headers) in sent for post in city.repeats)


def test_shares_are_dealt_as_exactly_as_whole_cards_allow() -> None:
    cards = deal(Random(1), {"many": 6, "some": 3, "few": 1}, 101)

    assert Counter(cards) in ({"many": 61, "some": 30, "few": 10}, {"many": 60, "some": 31, "few": 10})


@pytest.mark.parametrize("number", [1, 2, 5, 60])
def test_a_city_of_any_size_comes_to_its_end_with_every_invariant_green(number: int) -> None:
    city, world = cast(number, 3, PACK), world_of(PACK, V0)

    rehearse(world, city.posts, Agenda(decide_by(city.scripts)), V0 + timedelta(days=40), lambda now: None)

    kinds = Counter(type(fact) for fact in world.facts())
    assert (kinds[ComplaintReceived], kinds[ComplaintClosed]) == (number, number)
    verdict = judge(log_of(world, PACK), terms(Clock(), now=world.now))
    assert verdict.red == set()


def test_what_cannot_become_a_complaint_is_a_dead_letter_and_what_nobody_owns_goes_to_the_centre(city: Cast) -> None:
    world = world_of(PACK, V0)

    rehearse(world, city.posts, Agenda(decide_by({})), V0 + timedelta(days=DAYS), lambda now: None)

    reasons = Counter(letter.reason for letter in log_of(world, PACK).letters)
    assert reasons == {"unreadable": 2, "too_far_ahead": 1, "conflict": 1}
    assert any(isinstance(fact, ComplaintUnroutable) for fact in world.facts())
