"""The pack of a history that names none: each department of the file answers its own rows by their own dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from closedloop.replay.records import History, Request
from schemas.policy import PolicyPack

CENTRE = ("centre", "service-centre", "replay-centre")
LADDER = (
    {"at_percent": 75, "level": 0, "role": "handler", "queue": "owner", "action": "warn"},
    {"at_percent": 100, "level": 1, "role": "head", "queue": "owner", "action": "urge"},
)


def pack_of(history: History) -> PolicyPack:
    """As the pack `nyc311` for New York: nothing is promised but the dates in the file, so nothing else is measured."""
    owners = _owners(history.requests)
    centre = next(name for name in CENTRE if name not in owners)
    departments = {name: _called(written) for name, written in owners.items()}
    routes = [
        {"category": _patterns(owner), "department": name, "plan": "stated"}
        for name, written in owners.items()
        for owner in written
    ]
    return PolicyPack.model_validate(
        {
            "name": history.source,
            "version": "1",
            "centre": centre,
            "trust": "unlimited",
            "assign_within": "24h",
            "centre_ladder": "stated",
            "departments": {centre: {"zh": "受理中心", "en": "Service Centre", "kind": "centre"}, **departments},
            "routes": routes,
            "plans": {"stated": {"targets": {"answer": "stated"}, "ladder": "stated"}},
            "ladders": {"stated": {"steps": LADDER}},
        }
    )


def _owners(requests: Iterable[Request]) -> Mapping[str, list[str]]:
    """The departments by name, with all that the file calls them."""
    found: dict[str, dict[str, None]] = {}
    for request in requests:
        found.setdefault(request.department, {})[request.owner] = None
    return {name: sorted(written) for name, written in sorted(found.items())}


def _called(written: list[str]) -> Mapping[str, str]:
    return {"zh": written[0] or "未写明的单位", "en": written[0] or "not named"}


def _patterns(owner: str) -> list[str]:
    """The categories of a department; a file without departments has all of them in one."""
    return [owner, f"{owner}/*"] if owner else ["*"]
