"""The words of a department's queue: which orders there are, how they stand, and why a message was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

Kind = Literal["work", "assign", "visit", "approve", "incident"]
State = Literal["open", "answered", "reported", "decided", "withdrawn", "closed", "refused"]
Why = Literal[
    "routed",
    "assigned",
    "reopened",
    "unroutable",
    "returned",
    "answered",
    "dates",
    "paused",
    "resumed",
    "approval",
    "granted",
    "not_granted",
    "incident",
    "reported",
    "visit",
    "visited",
    "warned",
    "breached",
    "escalated",
    "retracted",
    "refused",
    "closed",
    "lapsed",
]

KINDS: Mapping[str, str] = {
    "work": "a department handles the complaint until it is answered",
    "assign": "the centre assigns the complaint to a department",
    "visit": "a desk asks the customer whether it is solved; each attempt is an order of its own",
    "approve": "the centre decides on a later date or a pause; each request is an order of its own",
    "incident": "whoever follows a major incident sees to its news and its report",
}
"""What an order asks of a queue's owner."""

STATES: Mapping[str, str] = {
    "open": "it has to be done",
    "answered": "work: the answer is with the customer; nothing has to be done unless the complaint is reopened",
    "reported": "visit, incident: the report is in",
    "decided": "assign, approve: the decision is taken",
    "withdrawn": "it need not be done any more: somebody else has it, or what was asked for lapsed",
    "closed": "the complaint is closed",
    "refused": "in messages of older versions only: a reply did not count, which is a notice now",
}
"""How an order stands. Only `open` asks for something."""

WHYS: Mapping[str, str] = {
    "routed": "the policy gives the complaint to the department",
    "assigned": "the centre gives the complaint to a department",
    "reopened": "it is not solved: the next cycle begins",
    "unroutable": "no route fits: the centre has to assign it",
    "returned": "a department says that it is not theirs: the centre has to assign it anew",
    "answered": "the department gave its answer",
    "dates": "a reply of the department gave the order another date",
    "paused": "the work waits: the dates named in `detail` do not count",
    "resumed": "the work goes on",
    "approval": "the department asks for a later date or a pause",
    "granted": "the centre consents",
    "not_granted": "the centre does not consent: every date stays",
    "incident": "it is a major incident",
    "reported": "the report of the major incident is written",
    "visit": "the visit's time has come",
    "visited": "the desk has reported its visit",
    "warned": "a target is close to its date",
    "breached": "a target's date has passed",
    "escalated": "nobody acted after a breach",
    "retracted": "what was told of a target is taken back",
    "refused": "a reply or a report does not count",
    "closed": "the complaint is closed",
    "lapsed": "the complaint had ended when something was still asked for: nobody has to do it",
}
"""Why a message was sent: what happened to the complaint."""


def meaning(words: Mapping[str, str]) -> Any:
    """A field whose JSON Schema explains each of its words."""
    listed: list[Any] = [{"const": word, "description": text} for word, text in words.items()]
    return Field(json_schema_extra={"oneOf": listed})
