"""The words in which dates are explained, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.demo.words import TERMS as DEMO_TERMS
from closedloop.demo.words import Language, Words


def words(en: str, zh: str) -> Words:
    """One thing in both languages."""
    return {"en": en, "zh": zh}


TERMS: Mapping[str, Words] = {
    **DEMO_TERMS,
    "contact": words("the first contact", "首次联系"),
    "progress": words("progress", "进展反馈"),
    "warn": words("warn", "预警"),
    "urge": words("urge", "催办"),
    "supervise": words("supervise", "督办"),
    "report": words("report", "上报"),
    "remind": words("remind", "再次提醒"),
}
"""What a policy pack calls by a code; a code that stands nowhere here is shown as it is."""

SAID: Mapping[str, Words] = {
    "title": words("{reference}  {subject}", "{reference}  {subject}"),
    "as_of": words(
        "complaint {id}, as of {at} ({zone}); policy {policy} version {version}, {hash}",
        "投诉 {id},截至 {at}({zone});规则包 {policy} 版本 {version},{hash}",
    ),
    "nothing": words("no target of that kind has been set", "没有这样的办理时限"),
    "target": words(
        "{target}, cycle {cycle}, revision {revision}: due {due}, {state}",
        "{target},第{cycle}轮,时限版本{revision}:{due} 到期,{state}",
    ),
    "rule": words("rule", "依据"),
    "from": words("from", "起算"),
    "time": words("time", "时间"),
    "date": words("date", "到期"),
    "ladder": words("ladder", "阶梯"),
    "verdict": words("verdict", "结论"),
    "length": words("plan {plan}: {target} within {length}, {counting}", "方案{plan}:{length}内{target},{counting}"),
    "centres": words("{target} within {length}, {counting}", "{length}内{target},{counting}"),
    "stated": words("the date that came with the complaint", "投诉自带的期限"),
    "visit_plan": words("plan {plan}: the visit within {length} of its opening", "方案{plan}:回访开始后{length}内完成"),
    "all_of_the_time": words("all of the time counts", "全部时间计入"),
    "department_calendar": words(
        "working time by the calendar {calendar} of the {owner} ({zone})", "按{owner}的工作日历 {calendar}({zone})计"
    ),
    "pack_calendar": words(
        "working time by the pack's calendar {calendar} ({zone})", "按规则包的工作日历 {calendar}({zone})计"
    ),
    "by_route": words("given to the {owner} by the policy: {route}", "按规则派给{owner}:{route}"),
    "by_policy": words("given to the {owner} by the policy: {reason}", "按规则派给{owner}:{reason}"),
    "by_centre": words("given to the {owner} by the centre: {reason}", "由受理中心派给{owner}:{reason}"),
    "by_department": words("returned, so the {owner} has to assign it: {reason}", "退单,由{owner}重新分派:{reason}"),
    "now_with": words("since then with the {owner}", "其后在{owner}"),
    "by_followup": words("asked of the {owner}", "交{owner}办理"),
    "route": words("route for category {categories}, area {areas}", "适用类别 {categories},区域 {areas}"),
    "received": words("{at}, when it was received", "{at},接收投诉之时"),
    "reopened": words("{at}, when it was reopened", "{at},重办之时"),
    "routed": words("{at}, when it was routed", "{at},派单之时"),
    "unroutable": words("{at}, when no route was found for it", "{at},无对应规则之时"),
    "returned": words("{at}, when it was returned", "{at},退单之时"),
    "visit": words("{at}, when the visit opened", "{at},回访开始之时"),
    "counts": words("counts {length}", "计 {length}"),
    "closed": words("closed {length}", "不计 {length}"),
    "sum": words("= {length}", "累计 {length}"),
    "ahead": words("ahead", "未到"),
    "unneeded": words("not needed", "未用"),
    "ordered": words("{why} (ordered by {by})", "{why}({by}决定)"),
    "due": words("{at}: {length} of working time in {wall}", "{at}:{wall}中计工作时间 {length}"),
    "due_all": words("{at}: {length}", "{at}:{length}"),
    "and": words("; ", ";"),
    "guess": words(
        "! the official holidays of {years} are not published: they are a guess, and this date with them",
        "! {years}年的官方放假安排尚未公布:所用节假日为推算,此期限亦然",
    ),
    "reminder": words("reminder {n}", "第{n}次提醒"),
    "whom": words("{level} {role}", "{level}级 {role}"),
    "level": words("level {level}, {role}", "{level}级, {role}"),
    "step_told": words("told", "已通知"),
    "step_taken_back": words("told, taken back", "已撤回"),
    "step_due": words("due, not told yet", "已到,尚未通知"),
    "step_ahead": words("ahead", "未到"),
    "step_cancelled": words("cancelled: {why}", "取消:{why}"),
    "state_running": words("running", "进行中"),
    "state_passed": words("over", "已过期"),
    "state_met": words("in time", "按时"),
    "state_breached": words("breached", "超期"),
    "state_cancelled": words("cancelled", "取消"),
    "both": words("{counts} ({wall} by the wall)", "{counts}(自然时间 {wall})"),
    "running": words("running: {used} used, {left} left", "进行中:已用 {used},剩余 {left}"),
    "passed": words("over since {late}, and nobody has been told yet", "已过期 {late},尚未通知"),
    "met": words("in time: {why} {at}, {left} before the date", "按时:{at} {why},提前 {left}"),
    "breached": words("breached: {why} {at}, late by {late}", "超期:{at} {why},超出 {late}"),
    "breached_open": words("breached: late by {late} by now", "超期:至今超出 {late}"),
    "cancelled": words("cancelled: {why} {at}, {used} used", "取消:{at} {why},已用 {used}"),
    "taken_back": words("; a breach had been told and is taken back", ";曾通知超期,已撤回"),
}

WHY: Mapping[str, Words] = {
    "WorkAccepted": words("accepted", "已签收"),
    "CustomerContacted": words("the customer was contacted", "已联系市民"),
    "ProgressReported": words("progress was reported", "已反馈进展"),
    "ComplaintAnswered": words("answered", "已答复"),
    "ComplaintRouted": words("assigned", "已分派"),
    "ComplaintReturned": words("returned", "已退单"),
    "ComplaintUnroutable": words("left to the centre", "交受理中心"),
    "VisitRequested": words("the next visit was asked for", "已要求下次回访"),
    "VisitAttempted": words("the customer was asked", "已回访"),
    "ComplaintReopened": words("reopened", "已重办"),
    "ComplaintClosed": words("closed", "已结案"),
}
"""What made a clock stop, by the fact that did it."""

AHEAD: Mapping[str, Words] = {
    "nothing": words("nothing is ahead: no target is open", "无后续:没有进行中的时限"),
    "quiet": words("nothing is ahead until {until}", "{until} 之前无后续"),
    "title": words("If nobody acts, until {until}:", "若无人处理,至 {until}:"),
    "visit": words("visit", "要求回访"),
    "warning": words("warning", "预警"),
    "breach": words("breach", "超期"),
    "escalation": words("escalation", "升级"),
    "reminder": words("reminder", "再次提醒"),
    "at_once": words("at once", "立即"),
}

HEADINGS: Mapping[str, Words] = {
    "target": words("target", "时限"),
    "cycle": words("cycle", "轮次"),
    "revision": words("revision", "版本"),
    "owner": words("who", "承办"),
    "rule": words("rule", "依据"),
    "starts": words("counts from", "起算"),
    "due": words("due", "到期"),
    "state": words("state", "状态"),
    "used": words("used", "已用"),
    "left": words("left", "剩余"),
    "from": words("from", "自"),
    "to": words("to", "至"),
    "counts": words("counts", "计入"),
    "sum": words("sum", "累计"),
    "why": words("why", "原因"),
    "at": words("at", "位置"),
    "when": words("when", "时间"),
    "what": words("what", "事项"),
    "role": words("level, whom", "级别与对象"),
    "queue": words("queue", "通知至"),
    "action": words("action", "措施"),
    "time": words("Time", "时间"),
    "ladder": words("Ladder", "升级阶梯"),
    "targets": words("Targets", "办理时限"),
}

WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}

UNITS: Mapping[Language, tuple[str, str, str, str]] = {
    "en": (" d", " h", " min", " s"),
    "zh": ("天", "小时", "分", "秒"),
}
"""Day, hour, minute, second."""
