"""The words of the verdict in English and Chinese: what must hold, and why something does not."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Language, Words, in_both
from closedloop.verify.reasons import OF_FACTS
from closedloop.verify.reasons_of_dates import OF_DATES

__all__ = ["HEADINGS", "REASONS", "TITLES", "Language", "Words"]

TITLES: Mapping[str, Words] = {
    "I1": in_both("no accepted complaint is lost or doubled", "受理的投诉不丢失、不重复"),
    "I2": in_both("every effect happens once", "每个效果只发生一次"),
    "I3": in_both("nothing is stuck", "没有停滞的投诉"),
    "I4": in_both("nothing happens before its time", "没有提前发生的动作"),
    "I5": in_both("facts stand in a legal order", "事实的先后合法"),
    "verdicts": in_both("what was met in time counts as met, what was late as breached", "时限结论与办结时间一致"),
    "I7": in_both("every ending has what it requires", "每种结案都具备其条件"),
    "I8": in_both("what came in lives, has ended or is a dead letter", "收到的都在办、已结或进入死信"),
    "dates": in_both("every deadline is the one its policy promises", "每个时限都与政策一致"),
    "arrival": in_both(
        "what counts is the arrival, or a stated time that is trusted", "以到达时间或可信的自述时间为准"
    ),
    "told": in_both("whoever must act or waits for it is told", "应办者与等待者均已获知"),
    "orders": in_both("the last word on each order is how it stands", "每张工单的最后一条消息即其现状"),
    "I9": in_both("reading again says nothing new", "重新读取不产生新事实"),
}

HEADINGS: Mapping[str, Words] = {
    "invariant": in_both("invariant", "不变量"),
    "title": in_both("what must hold", "要求"),
    "checked": in_both("checked", "检查数"),
    "failing": in_both("failing", "不合格"),
    "state": in_both("verdict", "结论"),
    "green": in_both("holds", "成立"),
    "red": in_both("BROKEN", "不成立"),
    "empty": in_both("nothing to check yet", "尚无可检查"),
    "unsettled": in_both("{n} still on their way", "{n} 条尚在途中"),
    "more": in_both("… and {n} more", "……另有 {n} 条"),
    "live": in_both("live", "在办"),
    "ended": in_both("ended", "已结"),
    "dead": in_both("dead letters", "死信"),
}

REASONS: Mapping[str, Words] = {**OF_FACTS, **OF_DATES}
