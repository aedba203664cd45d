"""Departments, visit desks and sources that join a running stack: each is heard soon, and nothing it says is lost."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, count, product
from typing import Any

import pytest
from kafka import KafkaAdminClient
from typer.testing import CliRunner

from closedloop.app import app
from closedloop.policies import load
from closedloop.provision import prepare, publish
from closedloop.stack import SERVICES, Endpoints, Stack, StackSettings
from schemas.envelope import complaint_id
from schemas.policy import Department, PolicyPack
from schemas.topics import REPLIES, SUBMISSIONS, VISITS
from tests.conftest import OWN_CLUSTERS
from tests.eventually import eventually
from tests.integration.outside import Outside

HEARD_S = 30.0
BUSY = 400
HEARING = ("router", "followup", "intake")
"""The services that hear what a new department, desk or source says."""
SECONDS = tuple(replace(spec, name=f"{spec.name}-2") for spec in SERVICES if spec.name in HEARING)

ORDERS = {"one after the other": (0, 1), "the last one first": (1, 0), "one of them twice": (0, 0)}
"""In which order the processes of a service end; where there is one, it is the same."""
EVERY_TIME = {(signal.SIGKILL, "the last one first"), (signal.SIGTERM, "one of them twice")}
"""The soak ends them in each way and each order."""


def endings() -> Iterator[Any]:
    """Each signal with each order of the processes of a service."""
    for ending, (name, order) in product((signal.SIGTERM, signal.SIGKILL), ORDERS.items()):
        marks = () if (ending, name) in EVERY_TIME else pytest.mark.soak
        yield pytest.param(ending, order, marks=marks, id=f"{ending.name}, {name}")


@dataclass
class Site:
    """A running stack that grows."""

    outside: Outside
    names: Mapping[str, tuple[str, ...]]
    """The processes of each service that hears somebody new."""
    pack: PolicyPack = field(default_factory=lambda: load("demo"))
    _number: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def stack(self) -> Stack:
        return self.outside.stack

    def grow(self) -> dict[str, str]:
        """A department, a desk and a source join; returns which service is to hear which topic."""
        number = next(self._number)
        department = Department(zh=f"新部门{number}", en=f"New department {number}")
        joined = {f"new-{number}": department, f"desk-{number}": department.model_copy(update={"kind": "desk"})}
        self.pack = self.pack.model_copy(
            update={"version": f"grown-{number}", "departments": {**self.pack.departments, **joined}}
        )
        self.pack.__dict__.pop("hash", None)
        kafka = self.stack.endpoints.kafka
        publish(self.pack, kafka)
        added = CliRunner().invoke(app, ["source", "add", f"source-{number}", "--kafka", kafka])
        assert added.exit_code == 0, added.output
        return {
            REPLIES.of(f"new-{number}"): "router",
            VISITS.of(f"desk-{number}"): "followup",
            SUBMISSIONS.of(f"source-{number}"): "intake",
        }

    def says_something(self, topics: dict[str, str]) -> None:
        for topic in topics:
            self.outside.sends(topic, b"is anybody there?")

    def unheard(self, topics: dict[str, str]) -> set[str]:
        """The topics on which something was said that has not come back as a letter."""
        services = set(topics.values())
        return set(topics) - {
            letter.story["original-topic"] for name in services for letter in self.outside.letters(name)
        }

    def hears(self, topics: dict[str, str], since: float) -> None:
        """Within HEARD_S of the time at which they joined."""
        left = max(1.0, HEARD_S - (time.monotonic() - since))
        try:
            eventually(lambda: self.unheard(topics) == set(), within=left, every=0.5)
        except AssertionError:
            pytest.fail(f"after {time.monotonic() - since:.1f} s nobody heard {self.unheard(topics)}")
        print(f"heard after {time.monotonic() - since:.1f} s: {sorted(topics)}")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SECONDS, id="two"),
        pytest.param((), id="one", marks=pytest.mark.soak),
    ],
)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A stack of its own, with one process or two of each service that hears somebody new."""

    def provisioned(endpoints: Endpoints) -> None:
        prepare(endpoints.kafka)

    settings = StackSettings(
        data=tmp_path_factory.mktemp("growing"),
        env=OWN_CLUSTERS,
        services=(*SERVICES, *request.param),
        prepare=provisioned,
    )
    with Stack(settings) as stack:
        stack.start(print)
        with closing(Outside(stack)) as outside:
            names = {name: (name, f"{name}-2") if request.param else (name,) for name in HEARING}
            yield Site(outside, names)


def test_who_joins_a_quiet_stack_is_heard_within_half_a_minute(site: Site) -> None:
    began = time.monotonic()

    joined = site.grow()
    site.says_something(joined)

    site.hears(joined, began)


def test_who_joins_a_busy_stack_is_heard_within_half_a_minute_and_nothing_is_lost(site: Site) -> None:
    busy = [f"busy-{each}" for each in range(BUSY)]
    for id in busy:
        site.outside.sends_soon(SUBMISSIONS.of("app"), {"id": id, "subject": "it leaks", "category": "water/leak"})
    began = time.monotonic()

    joined = site.grow()
    site.says_something(joined)

    site.hears(joined, began)
    asked = {complaint_id("app", id) for id in busy}
    eventually(lambda: asked <= {order.complaint_id for order in site.outside.orders("water")}, within=120, every=2.0)


@pytest.mark.parametrize(("ending", "order"), endings())
def test_who_joins_is_heard_in_whatever_order_processes_end_meanwhile(
    site: Site, ending: signal.Signals, order: tuple[int, int]
) -> None:
    began = time.monotonic()

    joined = site.grow()
    for names, n in product(site.names.values(), order):
        site.stack.kill(names[min(n, len(names) - 1)], ending)
    site.says_something(joined)

    site.hears(joined, began)


def test_who_joined_is_heard_after_all_have_been_down_and_up(site: Site) -> None:
    joined = site.grow()
    for name in chain(*site.names.values()):
        site.stack.suspend(name, 1.0)
    began = time.monotonic()
    site.says_something(joined)

    site.hears(joined, began)


def test_a_process_is_ready_only_when_somebody_owns_every_partition_of_what_its_service_subscribes(site: Site) -> None:
    joined = site.grow()
    admin = KafkaAdminClient(bootstrap_servers=site.stack.endpoints.kafka)

    def owned() -> set[str]:
        group = admin.describe_groups(["closedloop-router"])["closedloop-router"]
        return {t["topic"] for m in group["members"] for t in m["member_assignment"]["assigned_partitions"]}

    try:
        eventually(lambda: set(joined) & owned(), within=HEARD_S)
        for service, names in site.names.items():
            for name in names:
                site.stack.wait_ready(name, 30)
                assert site.outside.counted(name, "closedloop_partitions_unowned", service=service) == 0
    finally:
        admin.close()
