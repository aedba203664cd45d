"""The words in which dates are explained, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.demo.words import ACTIONS, TERMS, WHY, Language, Words

__all__ = ["ACTIONS", "AHEAD", "HEADINGS", "SAID", "TERMS", "UNITS", "WEEKDAYS", "WHY"]


def words(en: str, zh: str) -> Words:
    """One thing in both languages."""
    return {"en": en, "zh": zh}


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
    "every": words("plan {plan}: {target} every {length}, {counting}", "方案{plan}:每 {length} {target},{counting}"),
    "total": words(
        "plan {plan}: {target} within {length} of the receipt, all cycles together, {counting}",
        "方案{plan}:自接收起{length}内{target},各轮合计,{counting}",
    ),
    "centre": words("{target} within {length}, {counting}", "{length}内{target},{counting}"),
    "stated": words("the date that came with the complaint", "投诉自带的期限"),
    "visit_plan": words("plan {plan}: the visit within {length} of its opening", "方案{plan}:回访开始后{length}内完成"),
    "consent": words(
        "plan {plan}: the centre decides within {length}, {counting}", "方案{plan}:受理中心{length}内审批,{counting}"
    ),
    "cap": words(
        "plan {plan}: a pause ({subject}) lasts {length} at most, {counting}",
        "方案{plan}:暂停({subject})最长 {length},{counting}",
    ),
    "promise": words("what was promised to the customer", "向市民承诺的时间"),
    "holding": words(
        "plan {plan}: after a holding reply {target} within {length}, {counting}",
        "方案{plan}:阶段性答复后,{length}内{target},{counting}",
    ),
    "update": words("major incident: {target} every {length}, {counting}", "重大事件:每 {length} {target},{counting}"),
    "report": words(
        "major incident: {target} within {length} of the answer, {counting}",
        "重大事件:答复后{length}内提交{target},{counting}",
    ),
    "shortened_cap": words("; it was asked for until then", ";申请至此"),
    "shortened_consent": words("; at the latest when the date in question falls due", ";最迟至拟延期限到期之时"),
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
    "by_ruling": words("returned again, so the {owner} rules: {reason}", "再次退单,由{owner}裁定:{reason}"),
    "now_with": words("since then with the {owner}", "其后在{owner}"),
    "by_followup": words("asked of the {owner}", "交{owner}办理"),
    "route": words("route for category {categories}, area {areas}", "适用类别 {categories},区域 {areas}"),
    "raised_incident": words(
        "its ladder begins {levels} levels higher: a major incident since {since}, {reason}",
        "阶梯提升{levels}级:{since} 起为重大事件,{reason}",
    ),
    "raised_cycle": words("its ladder begins {levels} levels higher: reopened", "阶梯提升{levels}级:重新办理"),
    "noted": words("{said}: {note}", "{said}:{note}"),
    "who": words("{department} ({handler})", "{department}({handler})"),
    "later": words("{length} later than {before}", "比 {before} 晚 {length}"),
    "earlier": words("{length} earlier than {before}", "比 {before} 早 {length}"),
    "same": words("as before, {before}", "仍为 {before}"),
    "paused": words(
        "{moved}: the work waits since {at} ({subject}), until {until} at the latest",
        "{moved}:{at} 起暂停计时({subject}),最迟至 {until}",
    ),
    "resumed": words("{moved}: the pause ended {at}, {why}", "{moved}:{at} 暂停结束,{why}"),
    "consent_to": words("{moved}: the centre consents", "{moved}:经受理中心同意"),
    "asked_by": words("asked for by the {who} {at}", "{at} {who}申请"),
    "granted_by": words("granted by the {who} {at}, until {until}", "{at} {who}同意,至 {until}"),
    "replanned": words(
        "{moved}: plan {plan} in the place of plan {old} since {at}", "{moved}:{at} 起由方案{old}改为方案{plan}"
    ),
    "passed_on": words("{moved}: with the {owner} since {at}", "{moved}:{at} 起由{owner}承办"),
    "anew": words("anew since {at}: {why}", "{at} 起重新计算:{why}"),
    "promised_by": words("promised by the {who} {at}", "{at} {who}承诺"),
    "promised_anew": words("promised anew by the {who} {at}, {moved}", "{at} {who}再次承诺,{moved}"),
    "asked_extension": words(
        "the {who} asked {at} to move {subject} to {until}", "{at} {who}申请{subject}延期至 {until}"
    ),
    "asked_pause": words(
        "the {who} asked {at} for a pause ({subject}) until {until}", "{at} {who}申请暂停计时({subject})至 {until}"
    ),
    "waiting": words("the work of the {who} waits since {at}", "{at} 起{who}暂停计时"),
    "held": words("the {who} sent a holding reply {at}", "{at} {who}阶段性答复"),
    "answered_at": words("the {who} answered {at}", "{at} {who}已答复"),
    "from_received": words("{at}, when it was received", "{at},接收投诉之时"),
    "from_reopened": words("{at}, when it was reopened", "{at},重办之时"),
    "from_routed": words("{at}, when it was routed", "{at},派单之时"),
    "from_unroutable": words("{at}, when no route was found for it", "{at},无对应规则之时"),
    "from_returned": words("{at}, when it was returned", "{at},退单之时"),
    "from_visit": words("{at}, when the visit opened", "{at},回访开始之时"),
    "from_promised": words("{at}, when the call was promised", "{at},承诺回电之时"),
    "from_asked": words("{at}, when consent was asked for", "{at},提出申请之时"),
    "from_paused": words("{at}, when the work began to wait", "{at},暂停之时"),
    "from_declared": words("{at}, when the incident was declared", "{at},列为重大事件之时"),
    "from_answered": words("{at}, when it was answered", "{at},答复之时"),
    "from_anew": words("{at}, when it was last done: {why}", "{at},上次完成之时:{why}"),
    "counts": words("counts {length}", "计 {length}"),
    "closed": words("closed {length}", "不计 {length}"),
    "waits": words("waits {length}", "暂停 {length}"),
    "leaves": words("left {length}", "余 {length}"),
    "wait": words("{reason}: {ended}, moves the date by {moved}", "{reason}:{ended},期限顺延 {moved}"),
    "wait_open": words("until its cap at the latest", "最迟至上限"),
    "wait_cap": words("resumed by itself at its cap", "到上限自动恢复"),
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
    "after": words("+{length}", "逾期{length}"),
    "after_working": words("+{length} working", "逾期{length}(工作时间)"),
    "whom": words("{level} {role}", "{level}级 {role}"),
    "level": words("level {level}, {role}", "{level}级, {role}"),
    "deputy": words("{person} for {absent}", "{person}(代{absent})"),
    "copies": words("copy: {people}", "抄送:{people}"),
    "top": words("{role} (top)", "{role}(最高)"),
    "step_told": words("told", "已通知"),
    "step_caught_up": words("told late", "已补通知"),
    "step_told_before": words("told for the date before", "前一期限时已通知"),
    "step_taken_back": words("told, taken back", "已撤回"),
    "step_due": words("due, not told yet", "已到,尚未通知"),
    "step_ahead": words("ahead", "未到"),
    "step_cancelled": words("cancelled: {why}", "取消:{why}"),
    "state_running": words("running", "进行中"),
    "state_passed": words("over", "已过期"),
    "state_met": words("in time", "按时"),
    "state_missed": words("missed", "超期完成"),
    "state_breached": words("breached", "超期"),
    "state_moved": words("moved", "已改期"),
    "state_ended": words("over by itself", "自动结束"),
    "state_cancelled": words("cancelled", "取消"),
    "both": words("{counts} ({wall} by the wall)", "{counts}(自然时间 {wall})"),
    "running": words("running: {used} used, {left} left", "进行中:已用 {used},剩余 {left}"),
    "passed": words("over since {late}, and nobody has been told yet", "已过期 {late},尚未通知"),
    "met": words("in time: {why} {at}, {left} before the date", "按时:{at} {why},提前 {left}"),
    "missed": words("missed: {why} {at}, late by {late}", "超期完成:{at} {why},超出 {late}"),
    "breached": words("breached: late by {late} by now", "超期:至今超出 {late}"),
    "moved": words(
        "moved: {why} {at}, {used} used; revision {revision} is due {after}",
        "改期:{at} {why},已用 {used};时限版本{revision} {after} 到期",
    ),
    "cancelled": words("cancelled: {why} {at}, {used} used", "取消:{at} {why},已用 {used}"),
    "ended": words("over: the work goes on by itself since {at}", "已结束:{at} 起自动恢复计时"),
    "stands": words("; the breach stands", ";超期仍成立"),
    "taken_back": words("; a breach had been told and is taken back: {why} in time", ";曾通知超期,已撤回:此前{why}"),
    "back_met": words("it was done", "已完成"),
    "back_moved": words("its date was moved", "期限已变更"),
    "back_cancelled": words("it was cancelled", "已取消"),
}

AHEAD: Mapping[str, Words] = {
    "nothing": words("nothing is ahead: no target is open", "无后续:没有进行中的时限"),
    "quiet": words("nothing is ahead until {until}", "{until} 之前无后续"),
    "title": words("If nobody acts, until {until}:", "若无人处理,至 {until}:"),
    "visit": words("visit", "要求回访"),
    "warning": words("warning", "预警"),
    "breach": words("breach", "超期"),
    "escalation": words("escalation", "升级"),
    "reminder": words("reminder", "再次提醒"),
    "resumes": words("goes on by itself", "自动恢复"),
    "waiting": words(
        "{target} waits ({reason}) since {since}, until {until} at the latest; its date is the latest possible one",
        "{target}自 {since} 起暂停计时({reason}),最迟至 {until};所示期限为最晚期限",
    ),
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
    "waits": words("waits {length}", "暂停 {length}"),
    "leaves": words("left {length}", "余 {length}"),
    "wait": words("{reason}: {ended}, moves the date by {moved}", "{reason}:{ended},期限顺延 {moved}"),
    "wait_open": words("until its cap at the latest", "最迟至上限"),
    "wait_cap": words("resumed by itself at its cap", "到上限自动恢复"),
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
