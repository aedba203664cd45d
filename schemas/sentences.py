"""The sentences of refusals, by reason, in English and in Chinese.

A row is called by its code; where a code has several sentences, a word behind a dot tells them apart. What stands in
braces is named by whoever refuses: ids, dates, fields and names are the same in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.languages import Language

Words = Mapping[Language, str]


def _(en: str, zh: str) -> Words:
    return {"en": en, "zh": zh}


WHATEVER_COMES: Mapping[str, Words] = {
    "unreadable": _("{what}", "无法读取：{what}"),
    "unreadable.nothing": _("the record has no value", "记录没有内容"),
    "unreadable.value": _(
        "the value has {bytes} bytes, at most {most} are taken", "内容有 {bytes} 字节，最多接收 {most} 字节"
    ),
    "unreadable.headers": _(
        "the headers have {bytes} bytes, at most {most} are taken", "消息头共 {bytes} 字节，最多接收 {most} 字节"
    ),
    "unreadable.attribute": _(
        "{name} has {characters} characters, at most {most} are taken",
        "{name} 有 {characters} 个字符，最多接收 {most} 个",
    ),
    "unreadable.header": _("header {name} is not UTF-8", "消息头 {name} 不是 UTF-8"),
    "unreadable.type": _("type '{type}' is not '{wanted}'", "类型“{type}”不是“{wanted}”"),
    "unreadable.deep": _("nested too deeply", "嵌套过深"),
    "unreadable.event": _("not a structured CloudEvent with data", "不是带 data 的结构化 CloudEvent"),
    "unreadable.attributes": _(
        "id, source and type of a structured CloudEvent are text", "结构化 CloudEvent 的 id、source、type 须为文本"
    ),
    "unreadable.record": _("{what}", "消息的传输格式有误，无法读取：{what}"),
    "unreadable.body": _(
        "the body is not UTF-8: byte {position} is {byte}", "正文不是 UTF-8：第 {position} 字节为 {byte}"
    ),
    "unreadable.encoding": _("the body is {found}: only UTF-8 is taken", "正文编码为 {found}：只接收 UTF-8"),
    "id_missing": _(
        "give it an id of yours: the field id, the header ce_id or the record's key",
        "请给出您自己的编号：字段 id、消息头 ce_id 或记录的键",
    ),
    "conflict": _(
        "the same id was sent before with another content: the first one holds",
        "同一编号此前已发送过不同的内容，以先到者为准",
    ),
    "unknown_subject": _("no such case is known here", "此处没有这件投诉"),
    "unknown_subject.crowded": _(
        "no such case is known here, and {most} messages or more wait for it already",
        "此处没有这件投诉，且已有 {most} 条以上的消息在等待它",
    ),
    "crowded": _("this case has taken {most} messages, and takes no more", "这件投诉已收到 {most} 条消息，不再接收"),
    "crowded.waiting": _(
        "this case stands still here, and as many messages wait for it as may: send it again later",
        "这件投诉在此处暂停处理，等待它的消息已满，请稍后再发",
    ),
    "too_large": _("{what} has {bytes} bytes, at most {most} go", "{what} 将有 {bytes} 字节，最多 {most} 字节"),
    "too_large.text": _(
        "{field} has {bytes} bytes as it is sent on, at most {most} are taken",
        "{field} 转发时有 {bytes} 字节，最多接收 {most} 字节",
    ),
    "too_large.texts": _(
        "its texts have {bytes} bytes as they are sent on, at most {most} are taken together",
        "各段文本转发时共 {bytes} 字节，合计最多接收 {most} 字节",
    ),
    "not_countable.century": _("{field} {at}: it lies more than a century ahead", "{field} {at}：距今超过一百年"),
    "not_countable.years": _(
        "{field} {at}: calendars count in the years {first} to {last}, this leads to {year}",
        "{field} {at}：工作日历只计算 {first} 年至 {last} 年，此处会算到 {year} 年",
    ),
    "not_countable.ever": _(
        "{field} {at}: dates that follow from it lie beyond the year 9999",
        "{field} {at}：由此推算的期限超出公元 9999 年",
    ),
    "not_countable.reminders": _(
        "{field} {at}: more than {most} reminders would have been due since",
        "{field} {at}：自那时起应发出的提醒已超过 {most} 次",
    ),
}
"""Reasons to refuse any message."""

SUBMISSIONS: Mapping[str, Words] = {
    "not_your_topic.http": _(
        "http is the HTTP door's own source: an upstream system needs one of its own",
        "http 是 HTTP 入口自己的来源名，上游系统须使用自己的来源名",
    ),
    "not_your_topic.source": _(
        "this door is {topic}'s, the submission claims '{source}'", "此入口属于 {topic}，而投诉自称来自“{source}”"
    ),
    "too_far_ahead": _(
        "stated at {stated_at}, but it arrived at {arrived_at}", "自报时间 {stated_at} 晚于到达时间 {arrived_at}"
    ),
    "due_before_receipt": _("due at {due_at}, received {received_at}", "期限 {due_at} 不晚于接收时间 {received_at}"),
}
"""Reasons to refuse a submission."""

REPLIES: Mapping[str, Words] = {
    "not_your_topic.department": _(
        "this topic is {topic}'s, the reply claims to be {department}'s",
        "此主题属于 {topic}，而回复自称来自 {department}",
    ),
    "only_the_centre": _("only {centre} says {reply}", "只有 {centre} 可以回复 {reply}"),
    "not_the_owner": _("the complaint is with {owner}", "该投诉由 {owner} 承办"),
    "to_be_assigned": _("the centre has to assign it to a department first", "受理中心须先将其派给承办单位"),
    "ended": _("the complaint is closed", "该投诉已结案"),
    "ended.at": _("the complaint was closed at {at}", "该投诉已于 {at} 结案"),
    "ended.unread": _(
        "the complaint was closed at {at}, before this reply of {replied_at} could be read",
        "该投诉已于 {at} 结案，{replied_at} 的这条回复当时尚未读到",
    ),
    "ended.answer": _("the answer ended it: nobody visits under this plan", "答复后即已结束：按此办理方案不作回访"),
    "past_cycle.reply": _(
        "the reply is for cycle {cycle}, the complaint is in cycle {current}",
        "回复针对第 {cycle} 轮，而该投诉现处于第 {current} 轮",
    ),
    "past_cycle.report": _(
        "the report is for cycle {cycle}, the complaint is in cycle {current}",
        "回访结果针对第 {cycle} 轮，而该投诉现处于第 {current} 轮",
    ),
    "unknown_cycle.reply": _(
        "the reply is for cycle {cycle}, the complaint is in cycle {current}",
        "回复针对第 {cycle} 轮，而该投诉现处于第 {current} 轮",
    ),
    "unknown_cycle.report": _(
        "the report is for cycle {cycle}, the complaint is in cycle {current}",
        "回访结果针对第 {cycle} 轮，而该投诉现处于第 {current} 轮",
    ),
    "already_answered": _("the answer is being checked with the customer", "已答复，正在向投诉者核实"),
    "in_the_future": _(
        "stated at {stated_at}, but it arrived at {arrived_at}", "自报时间 {stated_at} 晚于到达时间 {arrived_at}"
    ),
    "before_receipt": _(
        "stated at {stated_at}, received at {received_at}", "自报时间 {stated_at} 早于投诉接收时间 {received_at}"
    ),
    "unknown_department": _(
        "'{department}' is not a department of policy {policy}", "“{department}”不是规则包 {policy} 中的承办单位"
    ),
    "unknown_plan": _("'{plan}' is not a plan of policy {policy}", "“{plan}”不是规则包 {policy} 中的办理方案"),
    "reason_missing": _("{reply} needs its reason in `note`", "回复 {reply} 须在 `note` 中说明理由"),
    "answer_missing": _("answered needs the answer itself in `note`", "回复 answered 须在 `note` 中写明答复内容"),
    "arbitrated": _(
        "after {times} returns {centre} has decided whose it is: that binds",
        "退单 {times} 次后已由 {centre} 裁决归属，须遵照执行",
    ),
    "until_missing": _("{reply} needs its date in `until`", "回复 {reply} 须在 `until` 中写明日期"),
    "not_ahead": _("{until} is not ahead", "{until} 已经过去"),
    "waiting": _("the work waits until {until}: it has to be resumed first", "办理暂停至 {until}，须先恢复办理"),
    "not_waiting": _("nothing waits", "当前没有暂停"),
    "not_waiting.over": _("it resumed by itself at {at}", "已于 {at} 自动恢复办理"),
    "no_such_pause": _("'{reason}' is not one of {known}", "“{reason}”不在可用的暂停理由之列：{known}"),
    "too_often.pause": _("for {reason} it may wait {times} times in a cycle", "因 {reason} 每轮最多暂停 {times} 次"),
    "too_often.told": _(
        "its dates have waited as often as a work order can tell", "其期限的暂停次数已达工单所能列出的上限"
    ),
    "too_often.extension": _("a date may move {times} times in a cycle", "每轮最多延期 {times} 次"),
    "nothing_waits": _("no open date of it may wait for {reason}", "没有尚未完成的期限可因 {reason} 暂停"),
    "already_asked": _("{centre} has not decided yet", "{centre} 尚未审批上一次申请"),
    "nothing_asked": _("nobody asked for consent, or it has been decided", "没有待审批的申请，或已审批"),
    "too_late.passed": _("the date to be moved has passed: {at}", "要延长的期限已过：{at}"),
    "too_late.notice": _(
        "it was due {at}: an extension has to be asked for before, by the policy's notice",
        "期限为 {at}：延期须按规则规定的提前量事先申请",
    ),
    "not_extendable": _("the policy does not let {target} move", "规则不允许延长 {target} 的期限"),
    "no_such_target": _("no date of {target} is open", "{target} 没有尚未完成的期限"),
    "not_later": _("it is due {at} already", "现有期限已是 {at}"),
    "beyond_the_limit": _("the policy's limit is {at}", "规则允许的最晚期限为 {at}"),
    "no_holding_reply": _("the policy knows no holding reply for this plan", "按规则，此办理方案没有阶段性答复"),
    "already_held": _("one holding reply is all", "阶段性答复只能有一次"),
    "no_incidents": _("policy {policy} knows no major incidents", "规则包 {policy} 没有重大事件"),
    "no_incident": _("it is no major incident", "该投诉不是重大事件"),
    "already_reported": _("the report is written", "事件报告已提交"),
    "report_missing": _(
        "a report needs impact, handling, cause and what follows", "事件报告须写明影响、处置、原因和后续措施"
    ),
}
"""Reasons to refuse a department's reply."""

VISITS: Mapping[str, Words] = {
    "not_your_visit": _("the visit is {desk}'s", "该回访由 {desk} 承担"),
    "past_attempt": _("attempt {attempt} is already reported", "第 {attempt} 次回访的结果已提交"),
    "too_early": _("no visit of attempt {attempt} is asked for yet", "尚未要求第 {attempt} 次回访"),
    "visited_by_handler": _(
        "{handler} gave the answer: somebody else has to visit", "答复由 {handler} 作出，须由他人回访"
    ),
}
"""Reasons to refuse a visit report; for cycles and the end, the reasons of replies hold."""

HTTP: Mapping[str, Words] = {
    "key_missing": _(
        "the header Idempotency-Key is required: any unique text of at most 200 characters",
        "须有请求头 Idempotency-Key：任意不重复的文本，最多 200 个字符",
    ),
    "key_twice": _(
        "the header Idempotency-Key stands there more than once: send one",
        "请求头 Idempotency-Key 出现了不止一次，请只发送一个",
    ),
    "conflict.key": _(
        "this Idempotency-Key was used before with another body", "此 Idempotency-Key 此前已用于不同的请求正文"
    ),
    "too_large.body": _("the body may have {most} bytes", "请求正文最多 {most} 字节"),
    "not_taken.encoding": _(
        "content-encoding '{given}' is not taken: send {taken}, in UTF-8, uncompressed",
        "不接受 content-encoding“{given}”：请以 UTF-8 发送未压缩的 {taken}",
    ),
    "not_taken.type": _("'{given}' is not taken: send {taken}, in UTF-8", "不接受“{given}”：请以 UTF-8 发送 {taken}"),
    "not_taken.charset": _(
        "charset '{given}' is not taken: send {taken}, in UTF-8", "不接受字符集“{given}”：请以 UTF-8 发送 {taken}"
    ),
    "mistyped.form": _(
        "a reference is CL- and nine letters and digits, such as CL-4F7-K2M-Q9X",
        "投诉编号为 CL- 加九个字母和数字，如 CL-4F7-K2M-Q9X",
    ),
    "mistyped.letter": _(
        "one of its letters is wrong, or two have changed places", "其中有一个字符有误，或有两个字符颠倒"
    ),
    "not_found": _("nothing is known under this id here", "此处没有该编号的记录"),
    "not_found.reference": _("no complaint has this reference", "没有该编号的投诉"),
    "ambiguous": _(
        "more than one complaint has this earlier reference: ask by the complaint's id",
        "有多件投诉使用这一旧编号，请用投诉的 id 查询",
    ),
    "too_many": _("too many look-ups: the next one in {seconds} s", "查询过于频繁，请在 {seconds} 秒后再试"),
    "not_registered": _(
        "the complaint could not be registered; it is kept for the operators", "该投诉未能登记，已留待运维人员处理"
    ),
    "not_ready": _("not ready, waiting for: {parts}", "服务尚未就绪，等待：{parts}"),
    "no_database": _("the database does not answer: try again", "数据库没有响应，请稍后再试"),
    "no_database.key": _(
        "the database does not answer: try again with the same key", "数据库没有响应，请用同一 Idempotency-Key 再试"
    ),
    "damaged": _("what is stored of it cannot be read: it waits for its repair", "已存的数据无法读取，正在等待修复"),
}
"""Other answers over HTTP."""

SENTENCES: Mapping[str, Words] = {**WHATEVER_COMES, **SUBMISSIONS, **REPLIES, **VISITS, **HTTP}

STATUSES: Mapping[int, str] = {
    400: "请求有误",
    404: "未找到",
    405: "不支持此请求方法",
    409: "存在冲突",
    413: "内容过大",
    415: "不支持的内容类型",
    422: "内容无法处理",
    429: "请求过于频繁",
    500: "服务内部错误",
    503: "服务暂不可用",
}
"""The titles of HTTP's refusals in Chinese; in English they are its own."""
