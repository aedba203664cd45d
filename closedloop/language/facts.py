"""Every fact in English and Chinese: as a sentence of a complaint's story, and as the reason why a clock stopped."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Words, in_both

FACTS: Mapping[str, Words] = {
    "ComplaintReceived": in_both(
        "received as {reference} from {source}: “{subject}”", "接收，编号 {reference}（来源 {source}）：“{subject}”"
    ),
    "ComplaintUnroutable": in_both("no rule fits: the {department} has to assign it", "无对应规则，由{department}派单"),
    "ComplaintRouted": in_both("goes to the {department}: {targets}", "转{department}办理：{targets}"),
    "ReplyRefused": in_both("a reply of the {department} is refused: {detail}", "拒收{department}的回复：{detail}"),
    "WorkAccepted": in_both("the {department} accepts it ({handler})", "{department}签收（{handler}）"),
    "ReceiptAcknowledged": in_both(
        "the {department} confirms in writing that it was received ({handler})",
        "{department}书面告知已受理（{handler}）",
    ),
    "CustomerContacted": in_both(
        "the {department} speaks to the customer ({handler})", "{department}联系投诉者（{handler}）"
    ),
    "CallbackPromised": in_both(
        "the {department} promises the customer to call back by {callback}", "{department}承诺于 {callback} 前回电"
    ),
    "ProgressReported": in_both("the {department} is at work on it ({handler})", "{department}反馈进展（{handler}）"),
    "HoldingReplySent": in_both(
        "the {department} explains why there is no final answer yet, and promises it by {final}: “{note}”",
        "{department}阶段性答复，最终答复不迟于 {final}：“{note}”",
    ),
    "WorkPaused": in_both(
        "the work waits ({reason}), until {until} at the latest: {paused}",
        "暂停计时（{reason}），最迟至 {until}：{paused}",
    ),
    "WorkResumed": in_both("the work goes on ({reason}): {targets}", "恢复计时（{reason}）：{targets}"),
    "ApprovalRequested": in_both(
        "the {department} asks the {approver} to move {subject} to {until}: “{note}”",
        "{department}向{approver}申请延期，{subject}至 {until}：“{note}”",
    ),
    "ApprovalRequested/pause": in_both(
        "the {department} asks the {approver} to let the work wait ({subject}) until {until}: “{note}”",
        "{department}向{approver}申请暂停计时（{subject}）至 {until}：“{note}”",
    ),
    "ApprovalGranted": in_both(
        "the {department} consents: {subject} moves to {until}", "{department}同意延期，{subject}至 {until}"
    ),
    "ApprovalGranted/pause": in_both(
        "the {department} consents to a pause ({subject}) until {until}",
        "{department}同意暂停计时（{subject}）至 {until}",
    ),
    "ApprovalRefused": in_both(
        "the {department} does not consent to move {subject}: “{note}”", "{department}不同意{subject}延期：“{note}”"
    ),
    "ApprovalRefused/pause": in_both(
        "the {department} does not consent to a pause ({subject}): “{note}”",
        "{department}不同意暂停计时（{subject}）：“{note}”",
    ),
    "IncidentDeclared": in_both(
        "it is a major incident ({reason}): the {manager} follows it to its end",
        "列为重大事件（{reason}），由{manager}跟进到底",
    ),
    "IncidentReported": in_both(
        "the report of the incident is written; its cause: “{cause}”", "事件报告已提交，原因：“{cause}”"
    ),
    "ComplaintReturned": in_both("the {department} returns it: “{note}”", "{department}退单：“{note}”"),
    "DeadlineApproaching": in_both(
        "the {department} is warned: {target} is due {target_due_at}", "提醒{department}：{target}期限 {target_due_at}"
    ),
    "DeadlineBreached": in_both(
        "too late: {target} was due {target_due_at}; {told}", "超时：{target}期限为 {target_due_at}，{told}"
    ),
    "DeadlineBreached/resume": in_both(
        "the pause is over by itself: the work goes on since {target_due_at}",
        "暂停到期，自 {target_due_at} 起自动恢复计时",
    ),
    "ComplaintEscalated": in_both(
        "escalated to level {level}: {target} is still missing; {told}", "升级至{level}级：仍未完成{target}，{told}"
    ),
    "DeadlineMet": in_both("{target} in time", "{target}按时完成"),
    "DeadlineMissed": in_both("{target} at last, late by {late_wall}", "{target}逾期完成，超出 {late_wall}"),
    "DeadlineMoved": in_both(
        "{target} is due {after} now instead of {before}: {why}", "{target}期限由 {before} 改为 {after}：{why}"
    ),
    "DeadlineCancelled": in_both("{target} is not needed any more: {why}", "{target}不再需要：{why}"),
    "BreachRetracted": in_both("the breach is taken back: {target} came in time", "撤回超时：{target}实际按时"),
    "BreachRetracted/moved": in_both(
        "the breach is taken back: the date of {target} had been moved in time", "撤回超时：{target}期限此前已变更"
    ),
    "BreachRetracted/cancelled": in_both(
        "the breach is taken back: {target} was not needed any more", "撤回超时：{target}此前已不再需要"
    ),
    "RungsRetracted": in_both(
        "taken back: what was told of {target} after it had been done", "撤回：{target}完成后才到期的通知"
    ),
    "RungsRetracted/moved": in_both(
        "taken back: what was told of {target} after its date had been moved", "撤回：{target}改期后才到期的通知"
    ),
    "RungsRetracted/cancelled": in_both(
        "taken back: what was told of {target} when it was not needed any more", "撤回：{target}取消后才到期的通知"
    ),
    "ComplaintAnswered": in_both("the {department} answers: “{note}”", "{department}答复：“{note}”"),
    "VisitScheduled": in_both("the customer will be asked, from {opens_at} on", "拟自 {opens_at} 起回访"),
    "VisitRequested": in_both("visit {attempt} is on the {desk}'s queue", "第{attempt}次回访交{desk}"),
    "VisitRefused": in_both("the {desk}'s report is refused: {detail}", "拒收{desk}的回访结果：{detail}"),
    "VisitAttempted": in_both("{visitor} asks the customer: {outcome}", "{visitor}回访投诉者：{outcome}"),
    "ComplaintReopened": in_both("begins again, one level up (cycle {cycle})", "重新办理，提升一级（第{cycle}轮）"),
    "ComplaintClosed": in_both("closed: {ending}", "结案：{ending}"),
    "PlanLapsed": in_both("it had ended: nobody has to do what was still asked for", "已结案：尚未完成的事项不再要求"),
}
"""What happened, by the fact's name; after a slash, where one kind of it reads otherwise."""

WHY: Mapping[str, Words] = {
    "WorkAccepted": in_both("accepted", "已签收"),
    "ReceiptAcknowledged": in_both("acknowledged in writing", "已书面告知"),
    "CustomerContacted": in_both("the customer was contacted", "已联系投诉者"),
    "CallbackPromised": in_both("a call was promised", "已约定回电"),
    "ProgressReported": in_both("progress was reported", "已反馈进展"),
    "HoldingReplySent": in_both("a holding reply was sent", "已阶段性答复"),
    "WorkPaused": in_both("the work waits", "已暂停计时"),
    "WorkResumed": in_both("resumed", "已恢复计时"),
    "ApprovalRequested": in_both("consent was asked for", "已申请审批"),
    "ApprovalGranted": in_both("consented to", "已同意"),
    "ApprovalRefused": in_both("not consented to", "未获同意"),
    "IncidentDeclared": in_both("declared a major incident", "已列为重大事件"),
    "IncidentReported": in_both("the incident was reported", "已提交事件报告"),
    "ComplaintAnswered": in_both("answered", "已答复"),
    "ComplaintRouted": in_both("assigned", "已派单"),
    "ComplaintReturned": in_both("returned", "已退单"),
    "ComplaintUnroutable": in_both("left to the centre", "交受理中心"),
    "VisitRequested": in_both("the next visit was asked for", "已要求下次回访"),
    "VisitAttempted": in_both("the customer was asked", "已回访"),
    "ComplaintReopened": in_both("reopened", "已重办"),
    "ComplaintClosed": in_both("closed", "已结案"),
    "PlanLapsed": in_both("the complaint had ended", "已结案，不再要求"),
}
"""What made a clock stop or gave it another date, by the fact that did it."""
