"""The words of the demo in English and Chinese: what the screen says, and each fact of a complaint as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]
Words = Mapping[Language, str]


def _words(en: str, zh: str) -> Words:
    return {"en": en, "zh": zh}


SCREEN: Mapping[str, Words] = {
    "progress": _words(
        "day {day}: {received} received, {answered} answered, {breached} deadlines breached, {closed} closed",
        "第{day}天:登记 {received},答复 {answered},超期 {breached},结案 {closed}",
    ),
    "checking": _words("the verifier reads all topics", "正在读取全部主题核验"),
    "one": _words(
        "One complaint, from beginning to end ({reference}, by {source})",
        "一件投诉的始末({reference},来自 {source})",
    ),
    "departments": _words("Departments, counted from the facts alone", "各部门情况(仅据事实统计)"),
    "department": _words("department", "部门"),
    "received": _words("received", "受理"),
    "met": _words("in time", "按时"),
    "breached": _words("breached", "超期"),
    "escalated": _words("escalated", "升级"),
    "reopened": _words("reopened", "重办"),
    "closed": _words("closed", "结案"),
    "dead_lettered": _words("dead letters", "死信"),
    "nobody": _words("(nobody)", "(未分派)"),
    "total": _words("total", "合计"),
    "verdict": _words("The verifier, which reads the topics alone", "独立核验(只读主题)"),
    "ended": _words(
        "{ended} of {accepted} complaints have ended ({share:.1%}), {dead} submissions are dead letters",
        "{accepted} 件投诉中 {ended} 件已结案({share:.1%}),{dead} 条提交进入死信",
    ),
    "cost": _words(
        "{seconds:.0f} s in total, {playing:.0f} s of them for {days:.0f} days; highest memory {mib:,.0f} MiB",
        "共 {seconds:.0f} 秒,其中 {playing:.0f} 秒演完 {days:.0f} 天;内存峰值 {mib:,.0f} MiB",
    ),
    "next": _words("Where to look next", "接下来"),
    "interrupted": _words("interrupted, everything is stopped", "已中断,全部进程已停止"),
    "not_played": _words("not played: {reason}", "未能演示:{reason}"),
}

NEXT: tuple[tuple[str, Words], ...] = (
    ("closedloop demo --seed {seed}", _words("another city", "换一座城市")),
    ("closedloop demo --complaints 600 --language zh", _words("more of it, in Chinese", "规模加倍,中文界面")),
    ("closedloop policy show demo", _words("the rules that everything followed", "所依据的规则")),
    ("closedloop up", _words("the same services, in real time, for you to talk to", "以真实时间启动同样的服务")),
    ("closedloop verify --help", _words("the check you have just seen, on any cluster", "对任意集群做同样的核验")),
    ("ls {logs}", _words("what the services logged", "各服务的日志")),
)

FACTS: Mapping[str, Words] = {
    "ComplaintReceived": _words(
        "received as {reference} from {source}: “{subject}”", "登记为 {reference}(来源 {source}):“{subject}”"
    ),
    "ComplaintUnroutable": _words("no rule fits: the {department} has to assign it", "无对应规则,由{department}分派"),
    "ComplaintRouted": _words("goes to the {department}: {targets}", "转{department}办理:{targets}"),
    "ReplyRefused": _words("a reply of the {department} does not count: {detail}", "{department}的回复无效:{detail}"),
    "WorkAccepted": _words("the {department} accepts it ({handler})", "{department}签收({handler})"),
    "CustomerContacted": _words(
        "the {department} speaks to the customer ({handler})", "{department}联系市民({handler})"
    ),
    "ProgressReported": _words("the {department} is at work on it ({handler})", "{department}反馈进展({handler})"),
    "ComplaintReturned": _words("the {department} returns it: “{note}”", "{department}退单:“{note}”"),
    "DeadlineApproaching": _words(
        "the {department} is warned: {target} is due {target_due_at}", "提醒{department}:{target}期限 {target_due_at}"
    ),
    "DeadlineBreached": _words(
        "too late: {target} was due {target_due_at}; the {role} is urged",
        "超期:{target}期限为 {target_due_at},催办{role}",
    ),
    "ComplaintEscalated": _words(
        "escalated to level {level}, the {role}: {target} is still missing", "升级至{level}级({role}):仍未{target}"
    ),
    "DeadlineMet": _words("{target} in time", "{target}按时完成"),
    "BreachRetracted": _words("the breach is taken back: {target} came in time", "撤回超期:{target}实际按时"),
    "ComplaintAnswered": _words("the {department} answers: “{note}”", "{department}答复:“{note}”"),
    "VisitScheduled": _words("the customer will be asked, from {opens_at} on", "拟自 {opens_at} 起回访"),
    "VisitRequested": _words("visit {attempt} is on the {desk}'s queue", "第{attempt}次回访交{desk}"),
    "VisitRefused": _words("the {desk}'s report does not count: {detail}", "{desk}的回访结果无效:{detail}"),
    "VisitAttempted": _words("{visitor} asks the customer: {outcome}", "{visitor}回访市民:{outcome}"),
    "ComplaintReopened": _words("begins again, one level up (cycle {cycle})", "重新办理,提升一级(第{cycle}轮)"),
    "ComplaintClosed": _words("closed: {ending}", "结案:{ending}"),
}

TERMS: Mapping[str, Words] = {
    "accept": _words("acceptance", "签收"),
    "answer": _words("the answer", "答复"),
    "assign": _words("assignment", "分派"),
    "visit": _words("the visit", "回访"),
    "handler": _words("handler", "经办人"),
    "head": _words("head of department", "部门负责人"),
    "vice-director": _words("vice-director", "分管领导"),
    "leadership": _words("leadership", "主要领导"),
    "centre": _words("centre", "受理中心"),
    "solved": _words("solved", "已解决"),
    "not_solved": _words("not solved", "未解决"),
    "unreachable": _words("cannot be reached", "联系不上"),
    "not_confirmed": _words("nobody could confirm it", "未能核实"),
    "answered": _words("answered", "已答复"),
}
"""What a policy pack and the facts call by a code."""

DUE: Words = _words("{name} by {at}", "{at} 前{name}")
