"""The words in which dates are explained, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Language, Words, in_both

SAID: Mapping[str, Words] = {
    "title": in_both("{reference}  {subject}", "{reference}  {subject}"),
    "as_of": in_both(
        "complaint {id}, as of {at} ({zone}); policy {policy} version {version}, {hash}",
        "投诉 {id}，截至 {at}（{zone}）；规则包 {policy} 版本 {version}，{hash}",
    ),
    "nothing": in_both("no target of that kind has been set", "没有这样的办理时限"),
    "target": in_both(
        "{target}, cycle {cycle}, revision {revision}: due {due}, {state}",
        "{target}，第{cycle}轮，时限版本{revision}：{due} 到期，{state}",
    ),
    "rule": in_both("rule", "依据"),
    "from": in_both("from", "起算"),
    "time": in_both("time", "时间"),
    "date": in_both("date", "到期"),
    "ladder": in_both("ladder", "阶梯"),
    "verdict": in_both("verdict", "结论"),
    "length": in_both(
        "plan {plan}: {target} within {length}, {counting}", "方案{plan}：{length}内{target}，{counting}"
    ),
    "every": in_both(
        "plan {plan}: {target} every {length}, {counting}", "方案{plan}：每 {length} {target}，{counting}"
    ),
    "total": in_both(
        "plan {plan}: {target} within {length} of the receipt, all cycles together, {counting}",
        "方案{plan}：自接收起{length}内{target}，各轮合计，{counting}",
    ),
    "centre": in_both("{target} within {length}, {counting}", "{length}内{target}，{counting}"),
    "stated": in_both("the date that came with the complaint", "投诉自带的期限"),
    "visit_plan": in_both(
        "plan {plan}: the visit within {length} of its opening", "方案{plan}：回访开始后{length}内完成"
    ),
    "consent": in_both(
        "plan {plan}: the centre decides within {length}, {counting}", "方案{plan}：受理中心{length}内审批，{counting}"
    ),
    "cap": in_both(
        "plan {plan}: a pause ({subject}) lasts {length} at most, {counting}",
        "方案{plan}：暂停（{subject}）最长 {length}，{counting}",
    ),
    "promise": in_both("what was promised to the customer", "向投诉者承诺的时间"),
    "holding": in_both(
        "plan {plan}: after a holding reply {target} within {length}, {counting}",
        "方案{plan}：阶段性答复后，{length}内{target}，{counting}",
    ),
    "update": in_both(
        "major incident: {target} every {length}, {counting}", "重大事件：每 {length} {target}，{counting}"
    ),
    "report": in_both(
        "major incident: {target} within {length} of the answer, {counting}",
        "重大事件：答复后{length}内提交{target}，{counting}",
    ),
    "shortened_cap": in_both("; it was asked for until then", "；申请至此"),
    "shortened_consent": in_both("; at the latest when the date in question falls due", "；最迟至拟延期限到期之时"),
    "all_of_the_time": in_both("all of the time counts", "全部时间计入"),
    "department_calendar": in_both(
        "working time by the calendar {calendar} of the {owner} ({zone})", "按{owner}的工作日历 {calendar}（{zone}）计"
    ),
    "pack_calendar": in_both(
        "working time by the pack's calendar {calendar} ({zone})", "按规则包的工作日历 {calendar}（{zone}）计"
    ),
    "days_by_a_calendar": in_both("by the calendar {calendar} ({zone})", "按日历 {calendar}（{zone}）计"),
    "days_of_a_zone": in_both("by the wall clock of {zone}", "按 {zone} 当地时间计"),
    "by_route": in_both("given to the {owner} by the policy: {route}", "按规则派给{owner}：{route}"),
    "by_policy": in_both("given to the {owner} by the policy: {reason}", "按规则派给{owner}：{reason}"),
    "by_centre": in_both("given to the {owner} by the centre: {reason}", "由受理中心派给{owner}：{reason}"),
    "by_department": in_both(
        "returned, so the {owner} has to assign it: {reason}", "退单，由{owner}重新派单：{reason}"
    ),
    "by_ruling": in_both("returned again, so the {owner} rules: {reason}", "再次退单，由{owner}裁决：{reason}"),
    "now_with": in_both("since then with the {owner}", "其后在{owner}"),
    "by_followup": in_both("asked of the {owner}", "交{owner}办理"),
    "route": in_both("route for category {categories}, area {areas}", "适用类别 {categories}，区域 {areas}"),
    "raised_incident": in_both(
        "its ladder begins higher, by {levels}: a major incident since {since}, {reason}",
        "阶梯提升{levels}级：{since} 起为重大事件，{reason}",
    ),
    "raised_cycle": in_both("its ladder begins higher, by {levels}: reopened", "阶梯提升{levels}级：重新办理"),
    "noted": in_both("{said}: {note}", "{said}：{note}"),
    "who": in_both("{department} ({handler})", "{department}（{handler}）"),
    "later": in_both("{length} later than {before}", "比 {before} 晚 {length}"),
    "earlier": in_both("{length} earlier than {before}", "比 {before} 早 {length}"),
    "same": in_both("as before, {before}", "仍为 {before}"),
    "paused": in_both(
        "{moved}: the work waits since {at} ({subject}), until {until} at the latest",
        "{moved}：{at} 起暂停计时（{subject}），最迟至 {until}",
    ),
    "resumed": in_both("{moved}: the pause ended {at}, {why}", "{moved}：{at} 暂停结束，{why}"),
    "consent_to": in_both("{moved}: the centre consents", "{moved}：经受理中心同意"),
    "asked_by": in_both("asked for by the {who} {at}", "{at} {who}申请"),
    "granted_by": in_both("granted by the {who} {at}, until {until}", "{at} {who}同意，至 {until}"),
    "replanned": in_both(
        "{moved}: plan {plan} in the place of plan {old} since {at}", "{moved}：{at} 起由方案{old}改为方案{plan}"
    ),
    "passed_on": in_both("{moved}: with the {owner} since {at}", "{moved}：{at} 起由{owner}承办"),
    "anew": in_both("anew since {at}: {why}", "{at} 起重新计算：{why}"),
    "promised_by": in_both("promised by the {who} {at}", "{at} {who}承诺"),
    "promised_anew": in_both("promised anew by the {who} {at}, {moved}", "{at} {who}再次承诺，{moved}"),
    "asked_extension": in_both(
        "the {who} asked {at} to move {subject} to {until}", "{at} {who}申请{subject}延期至 {until}"
    ),
    "asked_pause": in_both(
        "the {who} asked {at} for a pause ({subject}) until {until}", "{at} {who}申请暂停计时（{subject}）至 {until}"
    ),
    "waiting": in_both("the work of the {who} waits since {at}", "{at} 起{who}暂停计时"),
    "held": in_both("the {who} sent a holding reply {at}", "{at} {who}阶段性答复"),
    "answered_at": in_both("the {who} answered {at}", "{at} {who}已答复"),
    "from_received": in_both("{at}, when it was received", "{at}，接收投诉之时"),
    "from_reopened": in_both("{at}, when it was reopened", "{at}，重办之时"),
    "from_routed": in_both("{at}, when it was routed", "{at}，派单之时"),
    "from_unroutable": in_both("{at}, when no route was found for it", "{at}，无对应规则之时"),
    "from_returned": in_both("{at}, when it was returned", "{at}，退单之时"),
    "from_visit": in_both("{at}, when the visit opened", "{at}，回访开始之时"),
    "from_promised": in_both("{at}, when the call was promised", "{at}，承诺回电之时"),
    "from_asked": in_both("{at}, when consent was asked for", "{at}，提出申请之时"),
    "from_paused": in_both("{at}, when the work began to wait", "{at}，暂停之时"),
    "from_declared": in_both("{at}, when the incident was declared", "{at}，列为重大事件之时"),
    "from_answered": in_both("{at}, when it was answered", "{at}，答复之时"),
    "from_anew": in_both("{at}, when it was last done: {why}", "{at}，上次完成之时：{why}"),
    "counts": in_both("counts {length}", "计 {length}"),
    "closed": in_both("closed {length}", "不计 {length}"),
    "waits": in_both("waits {length}", "暂停 {length}"),
    "leaves": in_both("left {length}", "余 {length}"),
    "wait": in_both("{reason}: {ended}, moves the date by {moved}", "{reason}：{ended}，期限顺延 {moved}"),
    "wait_open": in_both("until its cap at the latest", "最迟至上限"),
    "wait_cap": in_both("resumed by itself at its cap", "到上限自动恢复"),
    "sum": in_both("= {length}", "累计 {length}"),
    "ahead": in_both("ahead", "未到"),
    "unneeded": in_both("not needed", "未用"),
    "ordered": in_both("{why} (ordered by {by})", "{why}（{by}决定）"),
    "due": in_both("{at}: {length} of working time in {wall}", "{at}：{wall}中计工作时间 {length}"),
    "due_all": in_both("{at}: {length}", "{at}：{length}"),
    "and": in_both("; ", "；"),
    "list": in_both(", ", "、"),
    "guess": in_both(
        "! the official holidays of {years} are not published: they are a guess, and this date with them",
        "! {years}年的官方放假安排尚未公布：所用节假日为推算，此期限亦然",
    ),
    "reminder": in_both("reminder {n}", "第{n}次提醒"),
    "after": in_both("+{length}", "超时{length}"),
    "after_days": in_both("{length} after the date", "到期后{length}"),
    "before": in_both("{length} before the date", "到期前{length}"),
    "opening": in_both("the next opening", "到期后首次上班"),
    "after_working": in_both("+{length} working", "超时{length}（工作时间）"),
    "whom": in_both("{level} {role}", "{level}级 {role}"),
    "level": in_both("level {level}, {role}", "{level}级，{role}"),
    "deputy": in_both("{person} for {absent}", "{person}（代{absent}）"),
    "copies": in_both("copy: {people}", "抄送：{people}"),
    "top": in_both("{role} (top)", "{role}（最高）"),
    "step_told": in_both("told", "已通知"),
    "step_caught_up": in_both("told late", "已补通知"),
    "step_told_before": in_both("told for the date before", "前一期限时已通知"),
    "step_taken_back": in_both("told, taken back", "已撤回"),
    "step_due": in_both("due, not told yet", "已到，尚未通知"),
    "step_ahead": in_both("ahead", "未到"),
    "step_cancelled": in_both("cancelled: {why}", "取消：{why}"),
    "state_running": in_both("running", "进行中"),
    "state_passed": in_both("over", "已过期"),
    "state_met": in_both("in time", "按时"),
    "state_missed": in_both("missed", "逾期完成"),
    "state_breached": in_both("breached", "超时"),
    "state_moved": in_both("moved", "已改期"),
    "state_ended": in_both("over by itself", "自动结束"),
    "state_cancelled": in_both("cancelled", "取消"),
    "both": in_both("{counts} ({wall} by the wall)", "{counts}（自然时间 {wall}）"),
    "running": in_both("running: {used} used, {left} left", "进行中：已用 {used}，剩余 {left}"),
    "passed": in_both("over since {late}, and nobody has been told yet", "已过期 {late}，尚未通知"),
    "met": in_both("in time: {why} {at}, {left} before the date", "按时：{at} {why}，提前 {left}"),
    "missed": in_both("missed: {why} {at}, late by {late}", "逾期完成：{at} {why}，超出 {late}"),
    "breached": in_both("breached: late by {late} by now", "超时：至今超出 {late}"),
    "moved": in_both(
        "moved: {why} {at}, {used} used; revision {revision} is due {after}",
        "改期：{at} {why}，已用 {used}；时限版本{revision} {after} 到期",
    ),
    "cancelled": in_both("cancelled: {why} {at}, {used} used", "取消：{at} {why}，已用 {used}"),
    "ended": in_both("over: the work goes on by itself since {at}", "已结束：{at} 起自动恢复计时"),
    "stands": in_both("; the breach stands", "；超时仍成立"),
    "taken_back": in_both(
        "; a breach had been told and is taken back: {why} in time", "；曾通知超时，已撤回：此前{why}"
    ),
    "back_met": in_both("it was done", "已完成"),
    "back_moved": in_both("its date was moved", "期限已变更"),
    "back_cancelled": in_both("it was cancelled", "已取消"),
}

AHEAD: Mapping[str, Words] = {
    "closed": in_both("nothing is ahead: closed since {at} ({ending})", "无后续：已于 {at} 结案（{ending}）"),
    "nothing": in_both("nothing is ahead: no target is open", "无后续：没有进行中的时限"),
    "quiet": in_both("nothing is ahead until {until}: the next is told {next}", "{until} 之前无后续：下一项为 {next}"),
    "exhausted": in_both(
        "nothing is ahead: {targets}, but every step of the ladder has been told, and it has no reminder",
        "无后续：{targets}，但升级阶梯各级均已通知，且不设再次提醒",
    ),
    "is_open": in_both("{target} is open", "{target}进行中"),
    "until": in_both("If nobody acts, until {until}:", "若无人处理，至 {until}："),
    "title": in_both(
        "If nobody acts: up to {reminders} reminders of each target, until {until} at most (--until looks further):",
        "若无人处理：每个时限最多列出 {reminders} 次再次提醒，最远至 {until}（用 `--until` 可看得更远）：",
    ),
    "visit": in_both("visit", "要求回访"),
    "warning": in_both("warning", "预警"),
    "breach": in_both("breach", "超时"),
    "escalation": in_both("escalation", "升级"),
    "reminder": in_both("reminder", "再次提醒"),
    "resumes": in_both("goes on by itself", "自动恢复"),
    "waiting": in_both(
        "{target} waits ({reason}) since {since}, until {until} at the latest; its date is the latest possible one",
        "{target}自 {since} 起暂停计时（{reason}），最迟至 {until}；所示期限为最晚期限",
    ),
    "in_cycle": in_both("{target}, cycle {cycle}", "{target}，第{cycle}轮"),
    "at_once": in_both("{when}, at once", "{when}，立即"),
}

HEADINGS: Mapping[str, Words] = {
    "target": in_both("target", "时限"),
    "cycle": in_both("cycle", "轮次"),
    "revision": in_both("revision", "版本"),
    "owner": in_both("who", "承办"),
    "rule": in_both("rule", "依据"),
    "starts": in_both("counts from", "起算"),
    "due": in_both("due", "到期"),
    "state": in_both("state", "状态"),
    "used": in_both("used", "已用"),
    "left": in_both("left", "剩余"),
    "from": in_both("from", "自"),
    "to": in_both("to", "至"),
    "counts": in_both("counts", "计入"),
    "waits": in_both("waits {length}", "暂停 {length}"),
    "leaves": in_both("left {length}", "余 {length}"),
    "wait": in_both("{reason}: {ended}, moves the date by {moved}", "{reason}：{ended}，期限顺延 {moved}"),
    "wait_open": in_both("until its cap at the latest", "最迟至上限"),
    "wait_cap": in_both("resumed by itself at its cap", "到上限自动恢复"),
    "sum": in_both("sum", "累计"),
    "why": in_both("why", "原因"),
    "at": in_both("at", "位置"),
    "when": in_both("when", "时间"),
    "what": in_both("what", "事项"),
    "role": in_both("level, whom", "级别与对象"),
    "queue": in_both("queue", "通知至"),
    "action": in_both("action", "措施"),
    "time": in_both("Time", "时间"),
    "ladder": in_both("Ladder", "升级阶梯"),
    "targets": in_both("Targets", "办理时限"),
}

WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}

UNITS: Mapping[Language, tuple[str, str, str, str]] = {
    "en": (" d", " h", " min", " s"),
    "zh": ("天", "小时", "分钟", "秒"),
}
"""Day, hour, minute, second."""
