"""Who handles and who visits in the demo, and what they write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from closedloop.policies import load
from schemas.edges import WorkOrder

T = TypeVar("T")

HANDLERS: Mapping[str, tuple[str, ...]] = {
    "water": ("Liu Yang", "Chen Jie"),
    "power": ("Zhao Lei", "Sun Ping"),
    "transport": ("Wu Gang", "Zheng Min"),
    "housing": ("Feng Tao", "Xu Na"),
    "environment": ("He Ling", "Lin Bo"),
    "market": ("Gao Feng", "Ma Li"),
}
VISITORS = ("Wang Fang", "Li Jing")

ANSWERS = {
    "zh": ("已到现场处理完毕,并向市民说明情况。", "经核查属实,已责成整改,三日内复查。", "已安排抢修,现已恢复正常。"),
    "en": (
        "We were there and put it right; the customer has been told.",
        "It is as reported; those responsible have to put it right within three days.",
        "A repair crew was sent; everything works again.",
    ),
}

RETURNS = {"zh": "不属我单位职责,应由{name}办理。", "en": "Not ours: this belongs to the {name}."}


def handler_of(department: str, luck: float) -> str:
    """Who takes an order on."""
    return _pick(HANDLERS.get(department, ("Zhang Wei",)), luck)


def visitor_of(luck: float) -> str:
    """Who calls the customer."""
    return _pick(VISITORS, luck)


def answer_in(order: WorkOrder, belongs_to: str) -> str:
    """An answer in the customer's language."""
    return _pick(ANSWERS[order.language or "en"], (order.cycle * 0.37 + len(order.subject or "")) % 1)


def reason_to_return(order: WorkOrder, belongs_to: str) -> str:
    """Why an order is sent back, and whose it is."""
    language = order.language or "en"
    department = load("demo").departments[belongs_to]
    return RETURNS[language].format(name=department.zh if language == "zh" else department.en)


def _pick(among: Sequence[T], luck: float) -> T:
    return among[min(len(among) - 1, int(luck * len(among)))]
