"""The policy of the tests' town, as a pack says it: every number is round."""

from __future__ import annotations

from typing import Any

DEPARTMENTS = {
    "centre": {"zh": "中心", "en": "Centre", "kind": "centre"},
    "visit-desk": {"zh": "回访组", "en": "Visit Desk", "kind": "desk"},
    "night-desk": {"zh": "夜班回访组", "en": "Night Desk", "kind": "desk"},
    "water": {"zh": "水务局", "en": "Water"},
    "power": {"zh": "供电公司", "en": "Power"},
    "housing": {"zh": "住建局", "en": "Housing"},
}

ROUTES = [
    {"category": ["water/*"], "department": "water", "plan": "ordinary"},
    {"category": ["power/*"], "department": "power", "plan": "plain"},
    {"category": ["housing/*"], "department": "housing", "plan": "thorough"},
    {"category": ["stated/*"], "department": "water", "plan": "stated"},
    {"category": ["patient/*"], "department": "water", "plan": "patient"},
]

VISIT = {"desk": "visit-desk", "opens_after": "24h", "due_after": "48h", "attempts": 3}

PLANS = {
    "ordinary": {"targets": {"accept": "10h", "answer": "100h"}, "ladder": "standard", "visit": VISIT},
    "plain": {"targets": {"answer": "100h"}, "ladder": "short"},
    "thorough": {
        "targets": {"accept": "10h", "contact": "20h", "progress": "50h", "answer": "100h"},
        "ladder": "standard",
        "visit": VISIT,
    },
    "stated": {"targets": {"answer": "stated"}, "ladder": "short", "visit": VISIT},
    "patient": {
        "targets": {"answer": "100h", "progress": {"every": "40h"}, "total": "1000h"},
        "ladder": "standard",
        "visit": VISIT,
        "pauses": {
            "customer": {"targets": ["answer"], "at_most": "50h", "times": 2},
            "parts": {"targets": ["answer", "progress"], "at_most": "200h", "approved_within": "10h"},
        },
        "extension": {"before": "10h", "at_most": "60h", "approved_within": "8h"},
        "holding": {"meets": ["answer"], "final_within": "300h"},
    },
}

WARNED = {"at_percent": 75, "level": 0, "role": "handler", "queue": "owner", "action": "warn"}
URGED = {"at_percent": 100, "level": 1, "role": "head", "queue": "owner", "action": "urge"}
SUPERVISED = {"at_percent": 125, "level": 2, "role": "director", "queue": "owner", "action": "supervise"}
REPORTED = {"at_percent": 150, "level": 3, "role": "mayor", "queue": "centre", "action": "report"}

LADDERS: dict[str, Any] = {
    "standard": {
        "steps": [WARNED, URGED, SUPERVISED, REPORTED],
        "reminder": {"every": "24h", "role": "centre"},
    },
    "short": {"steps": [WARNED, URGED]},
    "top": {"steps": [{**URGED, "level": 3, "role": "mayor", "queue": "centre"}]},
}

INCIDENTS: dict[str, Any] = {
    "rules": [{"name": "danger", "words": ["explosion", "爆炸"]}, {"name": "mass", "affected": 50}],
    "level": 3,
    "update": "2h",
    "report_within": "48h",
    "ladder": "top",
}

POLICY: dict[str, Any] = {
    "name": "town",
    "version": "1",
    "centre": "centre",
    "trust": "1h",
    "assign_within": "4h",
    "centre_ladder": "standard",
    "departments": DEPARTMENTS,
    "routes": ROUTES,
    "plans": PLANS,
    "ladders": LADDERS,
    "incidents": INCIDENTS,
}
