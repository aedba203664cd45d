"""How the HTTP door describes itself: what each error means, and a complaint in English and in Chinese."""

from __future__ import annotations

from typing import Any

from services.shared.process.problems import FIELDS

COMPLAINT_ID = {"type": "string", "description": "the complaint's id that was sent, where one was"}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {**FIELDS, "complaint_id": COMPLAINT_ID},
}
"""An error as RFC 9457 writes it."""

SPOKEN = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "examples": ["zh-CN,zh;q=0.9,en;q=0.5"]},
    "description": "in which language errors are explained, zh or en: the one that a complaint names counts first, "
    "the one that it is written in last",
}
HEADERS = {
    "Content-Language": {"schema": {"enum": ["en", "zh"]}, "description": "the language of `title` and `detail`"},
}

NOT_READY = "the door cannot decide yet, or the database does not answer: try again with the same key"

ACCEPT = {
    400: "the header Idempotency-Key is missing, or there are several",
    413: "the complaint, or one of its texts, is too large",
    415: "the body is no JSON in UTF-8",
    422: "a field is not as described, a rule refuses the complaint, or the key was used with another body",
    503: NOT_READY,
}
STATUS = {404: "nothing is known under this id", 503: NOT_READY}
REFERENCE = {
    404: "no complaint has this reference",
    409: "more than one complaint has this earlier reference",
    422: "the reference is mistyped",
    429: "too many look-ups: see Retry-After",
    503: NOT_READY,
}

STATE = (
    "how it stands: received (nobody has it yet), in_progress, answered, reopened (it was not solved), closed; "
    "an answer is checked with the customer before the end"
)
DUE = "by when it will be answered, as far as anybody has said; null until then"
ENDING = (
    "how it ended: solved, not_confirmed (the customer was not reached), answered (nobody asks the customer); "
    "null until it is closed"
)
REFERENCED = "the short reference that people read to each other, such as CL-4F7-K2M-Q9X"

EXAMPLES = {
    "en": {
        "summary": "A complaint in English",
        "value": {
            "subject": "Tap water runs yellow",
            "text": "Since Monday, only in the kitchen.",
            "category": "water/quality",
            "area": "old-town/mill-lane",
            "channel": "web",
            "language": "en",
            "customer": {"name": "Ann Lee", "phone": "+44 20 7946 0018"},
        },
    },
    "zh": {
        "summary": "中文投诉",
        "value": {
            "subject": "自来水发黄",
            "text": "周一开始,只有厨房的水龙头。",
            "category": "water/quality",
            "area": "老城/磨坊巷",
            "channel": "web",
            "language": "zh",
            "customer": {"name": "李安", "phone": "13800138000"},
        },
    },
}


def problems(meanings: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, each with its meaning, as OpenAPI describes them."""
    content = {"application/problem+json": {"schema": PROBLEM}}
    about = {"content": content, "headers": HEADERS}
    return {status: {"description": meaning, **about} for status, meaning in meanings.items()}
