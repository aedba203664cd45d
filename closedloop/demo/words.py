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
    "curtain": _words(
        "nobody acts any more; waiting until the services have read and said what is left",
        "各方不再有动作,等待各服务读完并发完余下的消息",
    ),
    "waiting": _words(
        "waiting for the services: {unread} records unread, {due} timers due, {unsaid} complaints with messages unsent",
        "等待各服务:未读 {unread} 条,到期未触发 {due} 项,尚有消息未发出的投诉 {unsaid} 件",
    ),
    "checking": _words("the verifier reads all topics", "正在读取全部主题核验"),
    "one": _words(
        "One complaint, from beginning to end ({reference}, by {source}; in its own language, local time UTC+8)",
        "一件投诉的始末({reference},来自 {source};用投诉本身的语言,当地时间 UTC+8)",
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
    "too_few": _words(
        "red, because fewer than {enough:.0%} have ended: the services were too slow for this rate. "
        "Slower days help: `closedloop demo --day-seconds {slower:g}`",
        "未通过:结案不足 {enough:.0%},服务跟不上这一速度。可放慢重试:`closedloop demo --day-seconds {slower:g}`",
    ),
    "broken": _words(
        "red, because of {rows}: what is BROKEN is written above. Judge the same data again at rest: "
        "`closedloop up --data {data}`, then `closedloop verify`",
        "未通过:{rows} 不成立,原因见上。可在静止状态下重新核验:`closedloop up --data {data}`,再 `closedloop verify`",
    ),
    "restless": _words(
        "the services had not read and said everything after {seconds:.0f} s: the verdict may be red for that alone",
        "等待 {seconds:.0f} 秒后各服务仍未读完发完,结论可能仅因此不成立",
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
    (
        "closedloop up --data {data}",
        _words("what you have just seen, as it stood at its end", "重新打开刚才的数据"),
    ),
    ("closedloop demo --seed {seed}", _words("another city", "换一座城市")),
    ("closedloop demo --complaints 600 --language zh", _words("more of it, in Chinese", "规模加倍,中文界面")),
    ("closedloop policy show demo --packaged", _words("the rules that everything followed", "所依据的规则")),
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
    "ReceiptAcknowledged": _words(
        "the {department} confirms in writing that it was received ({handler})", "{department}书面告知已受理({handler})"
    ),
    "CustomerContacted": _words(
        "the {department} speaks to the customer ({handler})", "{department}联系市民({handler})"
    ),
    "CallbackPromised": _words(
        "the {department} promises the customer to call back by {callback}", "{department}承诺于 {callback} 前回电"
    ),
    "ProgressReported": _words("the {department} is at work on it ({handler})", "{department}反馈进展({handler})"),
    "HoldingReplySent": _words(
        "the {department} explains why there is no final answer yet, and promises it by {final}: “{note}”",
        "{department}阶段性答复,最终答复不迟于 {final}:“{note}”",
    ),
    "WorkPaused": _words(
        "the work waits ({reason}), until {until} at the latest: {paused}", "暂停计时({reason}),最迟至 {until}:{paused}"
    ),
    "WorkResumed": _words("the work goes on ({reason}): {targets}", "恢复计时({reason}):{targets}"),
    "ApprovalRequested": _words(
        "the {department} asks the {approver} to move {subject} to {until}: “{note}”",
        "{department}向{approver}申请延期,{subject}至 {until}:“{note}”",
    ),
    "ApprovalRequested/pause": _words(
        "the {department} asks the {approver} to let the work wait ({subject}) until {until}: “{note}”",
        "{department}向{approver}申请暂停计时({subject})至 {until}:“{note}”",
    ),
    "ApprovalGranted": _words(
        "the {department} consents: {subject} moves to {until}", "{department}同意延期,{subject}至 {until}"
    ),
    "ApprovalGranted/pause": _words(
        "the {department} consents to a pause ({subject}) until {until}",
        "{department}同意暂停计时({subject})至 {until}",
    ),
    "ApprovalRefused": _words(
        "the {department} does not consent to move {subject}: “{note}”", "{department}不同意{subject}延期:“{note}”"
    ),
    "ApprovalRefused/pause": _words(
        "the {department} does not consent to a pause ({subject}): “{note}”",
        "{department}不同意暂停计时({subject}):“{note}”",
    ),
    "IncidentDeclared": _words(
        "it is a major incident ({reason}): the {manager} follows it to its end",
        "列为重大事件({reason}),由{manager}跟进到底",
    ),
    "IncidentReported": _words(
        "the report of the incident is written; its cause: “{cause}”", "事件报告已提交,原因:“{cause}”"
    ),
    "ComplaintReturned": _words("the {department} returns it: “{note}”", "{department}退单:“{note}”"),
    "DeadlineApproaching": _words(
        "the {department} is warned: {target} is due {target_due_at}", "提醒{department}:{target}期限 {target_due_at}"
    ),
    "DeadlineBreached": _words(
        "too late: {target} was due {target_due_at}; {told}", "超期:{target}期限为 {target_due_at},{told}"
    ),
    "DeadlineBreached/resume": _words(
        "the pause is over by itself: the work goes on since {target_due_at}",
        "暂停到期,自 {target_due_at} 起自动恢复计时",
    ),
    "ComplaintEscalated": _words(
        "escalated to level {level}: {target} is still missing; {told}", "升级至{level}级:仍未完成{target},{told}"
    ),
    "DeadlineMet": _words("{target} in time", "{target}按时完成"),
    "DeadlineMissed": _words("{target} at last, late by {late_wall}", "{target}超期完成,超出 {late_wall}"),
    "DeadlineMoved": _words(
        "{target} is due {after} now instead of {before}: {why}", "{target}期限由 {before} 改为 {after}:{why}"
    ),
    "DeadlineCancelled": _words("{target} is not needed any more: {why}", "{target}不再需要:{why}"),
    "BreachRetracted": _words("the breach is taken back: {target} came in time", "撤回超期:{target}实际按时"),
    "BreachRetracted/moved": _words(
        "the breach is taken back: the date of {target} had been moved in time", "撤回超期:{target}期限此前已变更"
    ),
    "BreachRetracted/cancelled": _words(
        "the breach is taken back: {target} was not needed any more", "撤回超期:{target}此前已不再需要"
    ),
    "RungsRetracted": _words(
        "taken back: what was told of {target} after it had been done", "撤回:{target}完成后才到期的通知"
    ),
    "RungsRetracted/moved": _words(
        "taken back: what was told of {target} after its date had been moved", "撤回:{target}改期后才到期的通知"
    ),
    "RungsRetracted/cancelled": _words(
        "taken back: what was told of {target} when it was not needed any more", "撤回:{target}取消后才到期的通知"
    ),
    "ComplaintAnswered": _words("the {department} answers: “{note}”", "{department}答复:“{note}”"),
    "VisitScheduled": _words("the customer will be asked, from {opens_at} on", "拟自 {opens_at} 起回访"),
    "VisitRequested": _words("visit {attempt} is on the {desk}'s queue", "第{attempt}次回访交{desk}"),
    "VisitRefused": _words("the {desk}'s report does not count: {detail}", "{desk}的回访结果无效:{detail}"),
    "VisitAttempted": _words("{visitor} asks the customer: {outcome}", "{visitor}回访市民:{outcome}"),
    "ComplaintReopened": _words("begins again, one level up (cycle {cycle})", "重新办理,提升一级(第{cycle}轮)"),
    "ComplaintClosed": _words("closed: {ending}", "结案:{ending}"),
    "PlanLapsed": _words("it had ended: nobody has to do what was still asked for", "已结案:尚未完成的事项不再要求"),
}
"""What happened, by the fact's name; after a slash, where one kind of it reads otherwise."""

TERMS: Mapping[str, Words] = {
    "accept": _words("acceptance", "签收"),
    "acknowledge": _words("the acknowledgement", "受理告知"),
    "contact": _words("the first contact", "首次联系"),
    "callback": _words("the promised call", "回电"),
    "progress": _words("news of progress", "进展反馈"),
    "answer": _words("the answer", "答复"),
    "final": _words("the final answer", "最终答复"),
    "assign": _words("assignment", "分派"),
    "arbitrate": _words("the ruling whose it is", "裁定承办单位"),
    "approve": _words("the decision on consent", "审批"),
    "resume": _words("the end of the pause", "恢复计时"),
    "update": _words("news of the incident", "事件续报"),
    "report": _words("the report of the incident", "事件报告"),
    "visit": _words("the visit", "回访"),
    "total": _words("the whole loop", "全程办结"),
    "handler": _words("handler", "经办人"),
    "head": _words("head of department", "部门负责人"),
    "director": _words("director", "分管领导"),
    "vice-director": _words("vice-director", "分管领导"),
    "leadership": _words("leadership", "主要领导"),
    "mayor": _words("mayor", "市长"),
    "centre": _words("centre", "受理中心"),
    "solved": _words("solved", "已解决"),
    "not_solved": _words("not solved", "未解决"),
    "unreachable": _words("cannot be reached", "联系不上"),
    "not_confirmed": _words("nobody could confirm it", "未能核实"),
    "answered": _words("answered", "已答复"),
    "customer": _words("the customer", "等待市民"),
    "parts": _words("parts", "等待备件"),
}
"""What a policy pack and the facts call by a code."""

ACTIONS: Mapping[str, Words] = {
    "warn": _words("warn", "预警"),
    "urge": _words("urge", "催办"),
    "supervise": _words("supervise", "督办"),
    "criticise": _words("criticise", "通报批评"),
    "report": _words("report", "上报"),
    "remind": _words("remind", "再次提醒"),
    "visit": _words("visit", "回访"),
}
"""What a ladder does with whom it tells."""

TOLD: Mapping[str, Words] = {
    "warn": _words("the {whom} is warned", "预警{whom}"),
    "urge": _words("the {whom} is urged", "催办{whom}"),
    "supervise": _words("the {whom} supervises it", "由{whom}督办"),
    "criticise": _words("criticism is circulated, the {whom} gets it", "通报批评,送{whom}"),
    "report": _words("it is reported to the {whom}", "上报{whom}"),
    "remind": _words("the {whom} is reminded", "再次提醒{whom}"),
    "": _words("the {whom} is told ({action})", "通知{whom}({action})"),
}
"""What is done with whom a rung tells, by its action; an action that stands nowhere here is named."""

WHY: Mapping[str, Words] = {
    "WorkAccepted": _words("accepted", "已签收"),
    "ReceiptAcknowledged": _words("acknowledged in writing", "已书面告知"),
    "CustomerContacted": _words("the customer was contacted", "已联系市民"),
    "CallbackPromised": _words("a call was promised", "已约定回电"),
    "ProgressReported": _words("progress was reported", "已反馈进展"),
    "HoldingReplySent": _words("a holding reply was sent", "已阶段性答复"),
    "WorkPaused": _words("the work waits", "已暂停计时"),
    "WorkResumed": _words("resumed", "已恢复计时"),
    "ApprovalRequested": _words("consent was asked for", "已申请审批"),
    "ApprovalGranted": _words("consented to", "已同意"),
    "ApprovalRefused": _words("not consented to", "未获同意"),
    "IncidentDeclared": _words("declared a major incident", "已列为重大事件"),
    "IncidentReported": _words("the incident was reported", "已提交事件报告"),
    "ComplaintAnswered": _words("answered", "已答复"),
    "ComplaintRouted": _words("assigned", "已分派"),
    "ComplaintReturned": _words("returned", "已退单"),
    "ComplaintUnroutable": _words("left to the centre", "交受理中心"),
    "VisitRequested": _words("the next visit was asked for", "已要求下次回访"),
    "VisitAttempted": _words("the customer was asked", "已回访"),
    "ComplaintReopened": _words("reopened", "已重办"),
    "ComplaintClosed": _words("closed", "已结案"),
    "PlanLapsed": _words("the complaint had ended", "已结案,不再要求"),
}
"""What made a clock stop or gave it another date, by the fact that did it."""

DUE: Words = _words("{name} by {at}", "{at} 前{name}")
DEPUTY: Words = _words("{role} {person} (for {absent})", "{role}{person}(代{absent})")
HOLDER: Words = _words("{role} {person}", "{role}{person}")
LENGTH: Words = _words("{hours} h {minutes} min", "{hours}小时{minutes}分")
