"""The invariants: one word for each, what must hold, and what its number of checks counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from closedloop.language import Words, in_both


class Invariant(NamedTuple):
    """How people read one invariant; programs know it by its English word."""

    word: Words
    title: Words
    """What must hold."""
    counted: Words
    """What was checked, as a noun."""


INVARIANTS: Mapping[str, Invariant] = {
    "accepted": Invariant(
        in_both("accepted", "受理"),
        in_both("no accepted complaint is lost or doubled", "受理的投诉不丢失、不重复"),
        in_both("accepted ids", "件受理"),
    ),
    "once": Invariant(
        in_both("once", "唯一"),
        in_both("every effect happens once", "每个效果只发生一次"),
        in_both("effects", "个效果"),
    ),
    "moving": Invariant(
        in_both("moving", "推进"), in_both("nothing is stuck", "没有停滞的投诉"), in_both("complaints", "件投诉")
    ),
    "timely": Invariant(
        in_both("timely", "适时"),
        in_both("nothing happens before its time", "没有提前发生的动作"),
        in_both("rungs and visits", "次提醒与回访"),
    ),
    "legal": Invariant(
        in_both("legal", "次序"),
        in_both("facts stand in a legal order", "事实的先后合法"),
        in_both("complaints", "件投诉"),
    ),
    "verdicts": Invariant(
        in_both("verdicts", "结论"),
        in_both("what was met in time counts as met, what was late as breached", "时限结论与办结时间一致"),
        in_both("ended clocks", "个已结时限"),
    ),
    "endings": Invariant(
        in_both("endings", "结案"),
        in_both("every ending has what it requires", "每种结案都具备其条件"),
        in_both("endings and visits", "次结案与回访"),
    ),
    "kept": Invariant(
        in_both("kept", "去向"),
        in_both("what came in lives, has ended or is a dead letter", "收到的都在办、已结或进入死信"),
        in_both("records sent in", "条来件"),
    ),
    "dates": Invariant(
        in_both("dates", "时限"),
        in_both("every deadline is the one its policy promises", "每个时限都与规则包一致"),
        in_both("deadlines", "个时限"),
    ),
    "arrival": Invariant(
        in_both("arrival", "到达"),
        in_both("what counts is the arrival, or a stated time that is trusted", "以到达时间或可信的自报时间为准"),
        in_both("moments", "个时刻"),
    ),
    "told": Invariant(
        in_both("told", "告知"),
        in_both("whoever must act or waits for it is told", "应办者与等待者均已获知"),
        in_both("messages owed", "条应发消息"),
    ),
    "orders": Invariant(
        in_both("orders", "工单"),
        in_both("the last word on each order is how it stands", "每张工单的最后一条消息即其现状"),
        in_both("orders", "张工单"),
    ),
    "silent": Invariant(
        in_both("silent", "重放"),
        in_both("reading again says nothing new", "重新读取不产生新事实"),
        in_both("messages", "条消息"),
    ),
}
"""In the order in which they are checked; `silent` is checked on request only."""
