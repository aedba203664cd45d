"""The handlers and visitors of the demo, and the texts that they write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from closedloop.language import Language, Words, in_both
from closedloop.policies import load
from schemas.edges import WorkOrder

T = TypeVar("T")

HANDLERS: Mapping[str, tuple[Words, ...]] = {
    "water": (in_both("Liu Yang", "刘洋"), in_both("Chen Jie", "陈杰")),
    "power": (in_both("Zhao Lei", "赵磊"), in_both("Sun Ping", "孙平")),
    "transport": (in_both("Wu Gang", "吴刚"), in_both("Zheng Min", "郑敏")),
    "housing": (in_both("Feng Tao", "冯涛"), in_both("Xu Na", "徐娜")),
    "environment": (in_both("He Ling", "何玲"), in_both("Lin Bo", "林波")),
    "market": (in_both("Gao Feng", "高峰"), in_both("Ma Li", "马丽")),
}
SOMEBODY = (in_both("Zhang Wei", "张伟"),)
VISITORS = (in_both("Wang Fang", "王芳"), in_both("Li Jing", "李静"))

ANSWERS = {
    "zh": (
        "已到现场处理完毕，并向投诉者说明情况。",
        "经核查属实，已责成整改，三日内复查。",
        "已安排抢修，现已恢复正常。",
    ),
    "en": (
        "We were there and put it right; the customer has been told.",
        "It is as reported; those responsible have to put it right within three days.",
        "A repair crew was sent; everything works again.",
    ),
}

RETURNS = {"zh": "不属我单位职责，应由{name}办理。", "en": "Not ours: this belongs to the {name}."}


LET_IN_LATER = in_both("The customer will let us in on another day.", "投诉者约定改日上门。")
PART_ORDERED = in_both("The part has to be ordered.", "所需部件需订购。")
AGREED = in_both("Agreed.", "同意。")

REPORT: Mapping[str, Words] = {
    "impact": in_both("Two streets were closed for the night.", "两条道路夜间封闭。"),
    "handling": in_both("The place was made safe and repaired.", "现场已排除险情并修复。"),
    "cause": in_both("A joint had rusted through.", "管道接头锈穿。"),
    "corrective": in_both("All joints of that make are exchanged.", "同批次接头全部更换。"),
    "preventive": in_both("They are looked at every year from now on.", "今后每年检查一次。"),
}


def language_of(order: WorkOrder) -> Language:
    """The customer's, in which departments write as well."""
    return order.language or "en"


def handler_of(order: WorkOrder, luck: float) -> str:
    """Who takes an order on."""
    return _pick(HANDLERS.get(order.department, SOMEBODY), luck)[language_of(order)]


def visitor_of(order: WorkOrder, luck: float) -> str:
    """Who calls the customer."""
    return _pick(VISITORS, luck)[language_of(order)]


def report_in(language: Language) -> dict[str, str]:
    """The report of a major incident."""
    return {part: words[language] for part, words in REPORT.items()}


def answer_in(order: WorkOrder, belongs_to: str) -> str:
    """An answer in the customer's language."""
    return _pick(ANSWERS[language_of(order)], (order.cycle * 0.37 + len(order.subject or "")) % 1)


def reason_to_return(order: WorkOrder, belongs_to: str) -> str:
    """Why an order is sent back, and whose it is."""
    language = language_of(order)
    department = load("demo").departments[belongs_to]
    return RETURNS[language].format(name=department.zh if language == "zh" else department.en)


def _pick(among: Sequence[T], luck: float) -> T:
    return among[min(len(among) - 1, int(luck * len(among)))]
