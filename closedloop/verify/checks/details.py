"""What a verdict says of how a clock ended, held against how it did end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from closedloop.verify.derive.watching import Watch
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.clock import to_text
from closedloop.verify.pack.policy import Pack

Detail = tuple[str, object, object]
"""What is said, as what, and what is right."""


def says(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """Each detail that a verdict says."""
    for name in fact.row.says.split():
        yield from DETAILS[name](fact, watch, pack)


def how(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """How the clock ended that what is taken back had been told of."""
    yield "why", fact.body.get("why", "met"), watch.how


def why(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """Which fact moved or cancelled it."""
    yield "why", fact.body["why"], watch.end.kind if watch.end else ""


def rungs(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """Which rungs had been told."""
    yield "rungs", _listed(fact.body["rungs"]), _listed(rung.body["rung"] for rung in watch.rungs)


def queues(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """Where they had been told."""
    yield "queues", _listed(fact.body["queues"]), _listed(rung.body["queue"] for rung in watch.rungs)


def taken_back(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """What is taken back is what was told too much, each rung once, on the queue and of the people that heard it."""
    if "taken_back" not in fact.body:
        return
    wrong = {rung.body["rung"]: rung.body for rung in watch.rungs if not watch.is_right(rung)}
    yield "rungs taken back", str(sorted(watch.taken_back)), str(sorted(wrong))
    for telling in fact.body["taken_back"]:
        for rung in (wrong[number] for number in telling.rungs if number in wrong):
            yield f"queue of rung {rung['rung']}", telling.queue, rung["queue"]
            people = {name for name in (rung.get("person"), *rung.get("copies", ())) if name}
            yield f"people of rung {rung['rung']}", _listed(telling.people), _listed(people)


def after(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """To which date it moved."""
    if watch.successor:
        yield "after", to_text(fact.body["after"]), to_text(watch.successor.due)


def to_revision(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """Under which revision it goes on."""
    if watch.successor:
        yield "to_revision", fact.body["to_revision"], watch.successor.revision


def late(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """How late it was, in the time that counts for it."""
    if pack:
        right = pack.counting_for(watch.target).between(watch.target.due, watch.at)
        yield "late", f"{fact.body['late']} ms", f"{right} ms"


def late_wall(fact: Said, watch: Watch, pack: Pack | None) -> Iterator[Detail]:
    """How late it was by the clock on the wall."""
    if pack:
        yield "late_wall", f"{fact.body['late_wall']} ms", f"{watch.at - watch.target.due} ms"


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted({str(value) for value in values})) or "-"


DETAILS: Mapping[str, Callable[[Said, Watch, Pack | None], Iterator[Detail]]] = {
    detail.__name__: detail for detail in (how, why, rungs, queues, taken_back, after, to_revision, late, late_wall)
}
"""The checks by the names in a fact's row."""
