"""The words of the demo in English and Chinese: what the screen says, and each fact of a complaint as a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Words, in_both

SCREEN: Mapping[str, Words] = {
    "progress": in_both(
        "day {day}: {received} received, {answered} answered, {breached} deadlines breached, {closed} closed",
        "第{day}天：接收 {received}，答复 {answered}，超时 {breached}，结案 {closed}",
    ),
    "curtain": in_both(
        "nobody acts any more; waiting until the services have read and said what is left",
        "各方不再有动作，等待各服务读完并发完余下的消息",
    ),
    "waiting": in_both(
        "waiting for the services: {unread} records unread, {due} timers due, {unsaid} complaints with messages unsent",
        "等待各服务：未读 {unread} 条，到期未触发 {due} 项，尚有消息未发出的投诉 {unsaid} 件",
    ),
    "checking": in_both("the verifier reads all topics", "正在读取全部主题核验"),
    "one": in_both(
        "One complaint, from beginning to end ({reference}, by {source}; times are the city's, {zone})",
        "一件投诉的始末（{reference}，来自 {source}；时间为当地时间 {zone}）",
    ),
    "as_written": in_both(
        "No complaint in English is closed: what the customer and the departments wrote is in Chinese.",
        "没有已结案的中文投诉，故投诉者与承办单位所写为英文。",
    ),
    "departments": in_both(
        "Departments, counted from the facts alone; met and breached are their answers",
        "各承办单位情况（仅据事实统计，按时与超时指答复）",
    ),
    "department": in_both("department", "承办单位"),
    "received": in_both("received", "接收"),
    "met": in_both("met", "按时"),
    "breached": in_both("breached", "超时"),
    "escalated": in_both("escalated", "升级"),
    "reopened": in_both("reopened", "重办"),
    "closed": in_both("closed", "结案"),
    "nobody": in_both("(not assigned yet)", "（尚未派单）"),
    "total": in_both("total", "合计"),
    "verdict": in_both("The verifier, which reads the topics alone", "独立核验（只读主题）"),
    "ended": in_both(
        "{ended} of {accepted} complaints have ended ({share:.1%})",
        "{accepted} 件投诉中 {ended} 件已结案（{share:.1%}）",
    ),
    "dead": in_both(
        "{dead} messages are dead letters: some are sent broken on purpose, and no service can take those",
        "{dead} 条消息进入死信：演示有意发送了几条各服务均无法处理的消息",
    ),
    "too_few": in_both(
        "red, because fewer than {enough:.0%} have ended: the services were too slow for this rate. "
        "Slower days help: `closedloop demo --day-seconds {slower:g}`",
        "未通过：结案不足 {enough:.0%}，服务跟不上这一速度。可放慢重试：`closedloop demo --day-seconds {slower:g}`",
    ),
    "broken": in_both(
        "red, because of {rows}: what is BROKEN is written above. Judge the same data again at rest: "
        "`closedloop up --data {data}`, then `closedloop verify`",
        "未通过：{rows} 不成立，原因见上。可在静止状态下重新核验："
        "`closedloop up --data {data}`，再 `closedloop verify`",
    ),
    "restless": in_both(
        "the services had not read and said everything after {seconds:.0f} s: the verdict may be red for that alone",
        "等待 {seconds:.0f} 秒后各服务仍未读完发完，结论可能仅因此不成立",
    ),
    "cost": in_both(
        "{seconds:.0f} s in total, {playing:.0f} s of them for {days:.0f} days; highest memory {mib:,.0f} MiB",
        "共 {seconds:.0f} 秒，其中 {playing:.0f} 秒演完 {days:.0f} 天；内存峰值 {mib:,.0f} MiB",
    ),
    "next": in_both("Where to look next", "接下来"),
    "interrupted": in_both("interrupted, everything is stopped", "已中断，全部进程已停止"),
    "not_played": in_both("not played: {reason}", "未能演示：{reason}"),
}

NEXT: tuple[tuple[str, Words], ...] = (
    (
        "closedloop up --data {data}",
        in_both("what you have just seen, as it stood at its end", "重新打开刚才的数据"),
    ),
    ("closedloop demo --seed {seed}", in_both("another city", "换一座城市")),
    ("closedloop demo --complaints 600 --language zh", in_both("more of it, in Chinese", "规模加倍，中文界面")),
    ("closedloop policy show demo --packaged", in_both("the rules that everything followed", "所依据的规则")),
    ("closedloop up", in_both("the same services, in real time, for you to talk to", "以真实时间启动同样的服务")),
    ("closedloop verify --help", in_both("the check you have just seen, on any cluster", "对任意集群做同样的核验")),
    ("ls {logs}", in_both("what the services logged", "各服务的日志")),
)

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

DUE: Words = in_both("{name} by {at}", "{at} 前{name}")
DEPUTY: Words = in_both("{role} {person} (for {absent})", "{role}{person}（代{absent}）")
HOLDER: Words = in_both("{role} {person}", "{role}{person}")
LENGTH: Words = in_both("{hours} h {minutes} min", "{hours}小时{minutes}分钟")
