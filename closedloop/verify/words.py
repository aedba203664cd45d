"""The words of the verdict in English and Chinese: what must hold, and why something does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]
Words = Mapping[Language, str]


def _words(en: str, zh: str) -> Words:
    return {"en": en, "zh": zh}


TITLES: Mapping[str, Words] = {
    "I1": _words("no accepted complaint is lost or doubled", "受理的投诉不丢失、不重复"),
    "I2": _words("every effect happens once", "每个效果只发生一次"),
    "I3": _words("nothing is stuck", "没有停滞的投诉"),
    "I4": _words("nothing happens before its time", "没有提前发生的动作"),
    "I5": _words("facts stand in a legal order", "事实的先后合法"),
    "verdicts": _words("what was met in time counts as met, what was late as breached", "时限结论与办结时间一致"),
    "I7": _words("every ending has what it requires", "每种结案都具备其条件"),
    "I8": _words("what came in lives, has ended or is a dead letter", "收到的都在办、已结或进入死信"),
    "dates": _words("every deadline is the one its policy promises", "每个时限都与政策一致"),
    "arrival": _words("what counts is the arrival, or a stated time that is trusted", "以到达时间或可信的自述时间为准"),
    "told": _words("whoever must act or waits for it is told", "应办者与等待者均已获知"),
    "I9": _words("reading again says nothing new", "重新读取不产生新事实"),
}

HEADINGS: Mapping[str, Words] = {
    "invariant": _words("invariant", "不变量"),
    "title": _words("what must hold", "要求"),
    "checked": _words("checked", "检查数"),
    "failing": _words("failing", "不合格"),
    "state": _words("verdict", "结论"),
    "green": _words("holds", "成立"),
    "red": _words("BROKEN", "不成立"),
    "empty": _words("nothing checked", "无可检查"),
    "unsettled": _words("{n} still on their way", "{n} 条尚在途中"),
    "more": _words("… and {n} more", "……另有 {n} 条"),
    "live": _words("live", "在办"),
    "ended": _words("ended", "已结"),
    "dead": _words("dead letters", "死信"),
}

REASONS: Mapping[str, Words] = {
    "lost": _words("was accepted, but no fact tells of it", "已受理,但没有任何事实"),
    "no_beginning": _words("has {kind}, but was never received", "有 {kind},但从未登记"),
    "begun_twice": _words("was received {times} times", "登记了 {times} 次"),
    "same_as": _words("is {source} {source_id}, which is {other} already", "{source} {source_id} 已是投诉 {other}"),
    "twice": _words(
        "{effect} happened twice: sequence {first} and {second}",
        "{effect} 发生两次:序号 {first} 与 {second}",
    ),
    "heard_twice": _words(
        "{cause} had two effects: sequence {first} and {second}",
        "{cause} 产生两个效果:序号 {first} 与 {second}",
    ),
    "told_twice": _words(
        "{topic} was told '{why}' twice for one reason: sequence {first} and {second}",
        "{topic} 因同一原因两次收到“{why}”:序号 {first} 与 {second}",
    ),
    "number_twice": _words(
        "{service} says two different things under sequence {sequence}",
        "{service} 在序号 {sequence} 下说了两种不同的内容",
    ),
    "moved": _words(
        "revision {revision} of {target} moved to {due_at} without a new revision",
        "{target} 第 {revision} 版时限改为 {due_at},版本号未变",
    ),
    "no_pack": _words("its policy pack {policy!r} is not on the policies topic", "其政策包 {policy!r} 不在政策主题上"),
    "no_date": _words("is open under plan {plan}, but no deadline was ever set", "按方案 {plan} 在办,却从未设定时限"),
    "stuck": _words(
        "waits for {what} since {due_at}, {seconds} s too long",
        "等待 {what} 自 {due_at} 起,已逾 {seconds} 秒",
    ),
    "parked": _words(
        "is parked by {service} since {due_at} ({reason}): see its dead letters",
        "自 {due_at} 起被 {service} 搁置({reason}):见其死信",
    ),
    "early": _words(
        "{kind} ({target} {rung}) was appended at {appended_at}, but is due at {due_at}",
        "{kind}({target} {rung})于 {appended_at} 写入,应于 {due_at}",
    ),
    "wrong_date": _words(
        "rung {rung} of {target} claims to be due at {due_at}, which no ladder of its policy says",
        "{target} 第 {rung} 级声称应于 {due_at},政策阶梯并无此时间",
    ),
    "not_as_scheduled": _words(
        "visit {attempt} was requested for {due_at}, not as scheduled",
        "第 {attempt} 次回访按 {due_at} 发出,与安排不符",
    ),
    "opens_early": _words(
        "visit {attempt} opens before {due_at}, the policy's first moment",
        "第 {attempt} 次回访早于政策允许的 {due_at}",
    ),
    "two_partitions": _words("its facts lie in more than one partition", "其事实分布在多个分区"),
    "wrong_key": _words("{kind} is keyed {key!r}", "{kind} 的键是 {key!r}"),
    "wrong_voice": _words("{kind} was said by {service}", "{kind} 由 {service} 说出"),
    "other_policy": _words(
        "{kind} goes by policy {policy}, the complaint by {pinned}",
        "{kind} 依据政策 {policy},投诉适用 {pinned}",
    ),
    "sequence_falls": _words(
        "{kind} has sequence {sequence} after {before}",
        "{kind} 的序号 {sequence} 出现在 {before} 之后",
    ),
    "cycle_falls": _words(
        "{kind} is of cycle {cycle} after cycle {before}",
        "{kind} 属第 {cycle} 轮,却在第 {before} 轮之后",
    ),
    "cycle_too_soon": _words(
        "{kind} begins cycle {cycle} although cycle {before} is not over",
        "第 {before} 轮未结束,{kind} 已属第 {cycle} 轮",
    ),
    "illegal": _words(
        "{kind} may not follow in state '{state}' (cycle {cycle})",
        "状态“{state}”下不得出现 {kind}(第 {cycle} 轮)",
    ),
    "no_target": _words("{kind} speaks of {target}, which no plan had set", "{kind} 所说的 {target} 未曾设定"),
    "other_date": _words(
        "{kind} judges by {due_at}, which is not the plan's date",
        "{kind} 依据的 {due_at} 不是方案的时限",
    ),
    "rung_skipped": _words(
        "{target} has rung {rung} where {expected} is next",
        "{target} 出现第 {rung} 级,应为第 {expected} 级",
    ),
    "wrong_rung": _words("rung {rung} of {target} must not be {kind}", "{target} 第 {rung} 级不应是 {kind}"),
    "wrong_level": _words(
        "rung {rung} of {target} is at level {level} instead of {expected}",
        "{target} 第 {rung} 级的层级为 {level},应为 {expected}",
    ),
    "rings_on": _words(
        "rung {rung} of {target} was due {seconds} s after the target had ended",
        "{target} 结束 {seconds} 秒后才到期的第 {rung} 级仍被发出",
    ),
    "no_cause": _words("{kind} names a cause that does not stand before it: {cause}", "{kind} 的原因未在其前:{cause}"),
    "after_the_end": _words("{kind} after the complaint was closed", "结案后出现 {kind}"),
    "met_by_nobody": _words(
        "{target} (cycle {cycle}, due {due_at}) was judged although nobody did it",
        "{target}(第 {cycle} 轮,{due_at} 到期)无人办理却有结论",
    ),
    "late_told_met": _words(
        "{target} (cycle {cycle}) was done at {done_at}, after {due_at}, and is told as met",
        "{target}(第 {cycle} 轮)于 {done_at} 办理,晚于 {due_at},却记为按时",
    ),
    "late_untold": _words(
        "{target} (cycle {cycle}) was done at {done_at}, after {due_at}, and no breach stands",
        "{target}(第 {cycle} 轮)于 {done_at} 办理,晚于 {due_at},却无超期记录",
    ),
    "false_breach": _words(
        "{target} (cycle {cycle}) was done at {done_at}, by {due_at}, and a breach stands",
        "{target}(第 {cycle} 轮)于 {done_at} 办理,未晚于 {due_at},却仍记为超期",
    ),
    "met_untold": _words(
        "{target} (cycle {cycle}) was done at {done_at}, by {due_at}, and nobody says so",
        "{target}(第 {cycle} 轮)于 {done_at} 按时办理({due_at}),却无结论",
    ),
    "other_time": _words(
        "{kind} says that {target} was done at {done_at}, which no fact says",
        "{kind} 称 {target} 于 {done_at} 办理,并无此事实",
    ),
    "retracts_untold": _words(
        "rung {rung} of {target} was taken back without having been told",
        "{target} 第 {rung} 级未曾发出却被撤回",
    ),
    "not_answered": _words("ended as {ending} without an answer in its last cycle", "以 {ending} 结案,但末轮没有答复"),
    "not_visited": _words(
        "ended as {ending}, but the last visit did not say so",
        "以 {ending} 结案,但末次回访并非如此",
    ),
    "not_tried": _words(
        "ended as {ending}, but not after {attempts} visits in vain",
        "以 {ending} 结案,但并非 {attempts} 次回访未果之后",
    ),
    "visit_skipped": _words("ended as {ending}, but its plan asks for a visit", "以 {ending} 结案,但方案要求回访"),
    "no_such_ending": _words("ended as {ending}, which is no ending", "以 {ending} 结案,并无此种结案"),
    "not_reopened": _words(
        "visit {attempt} of cycle {cycle} found it not solved, and it was not reopened",
        "第 {cycle} 轮第 {attempt} 次回访未解决,却未重办",
    ),
    "reopened_without_no": _words(
        "cycle {cycle} began without a visit that says not solved",
        "第 {cycle} 轮开始,却无未解决的回访",
    ),
    "no_level_up": _words(
        "cycle {cycle} began at level {level}, not one up",
        "第 {cycle} 轮起于第 {level} 级,未升一级",
    ),
    "other_level": _words(
        "cycle {cycle} is worked on at level {level}, not at its own",
        "第 {cycle} 轮按第 {level} 级办理,层级不符",
    ),
    "vanished": _words(
        "came in (complaint {complaint}) and led to no fact and no dead letter",
        "已收到(投诉 {complaint}),却无事实也无死信",
    ),
    "not_told": _words("is a dead letter ({reason}), but its sender was not told", "已成死信({reason}),但未告知发送方"),
    "conflict_lost": _words(
        "repeats an id of complaint {complaint} with another content and is no dead letter",
        "以不同内容重复投诉 {complaint} 的编号,却不在死信中",
    ),
    "untold": _words("{kind} ({at}) was never told on {topic}", "{kind}({at})从未在 {topic} 上告知"),
    "other_promise": _words(
        "{target} (cycle {cycle}) is due at {due_at}, its policy promises {promised_at}",
        "{target}(第 {cycle} 轮)定于 {due_at},政策为 {promised_at}",
    ),
    "left_out": _words(
        "{kind} leaves out {target}, which the policy promises (cycle {cycle})",
        "{kind} 缺少政策规定的 {target}(第 {cycle} 轮)",
    ),
    "not_moved": _words(
        "{target} got revision {revision} although its date stays (cycle {cycle})",
        "{target} 时限未变,版本却成为第 {revision} 版(第 {cycle} 轮)",
    ),
    "not_at_arrival": _words(
        "{kind} is told at {told_at}, its record arrived at {arrived_at}",
        "{kind} 记为 {told_at},其记录于 {arrived_at} 到达",
    ),
    "misjudged": _words(
        "{kind} is judged by {told_at}, what counts is {counts_at}",
        "{kind} 按 {told_at} 判定,应以 {counts_at} 为准",
    ),
    "false_conflict": _words(
        "is a dead letter as a conflict of complaint {complaint}, but only repeats it",
        "作为投诉 {complaint} 的冲突进入死信,实为重复",
    ),
    "mute_letter": _words("is a dead letter without reason or origin", "死信缺少原因或来源"),
    "touched_letter": _words("is a dead letter that does not carry its original untouched", "死信未原样保留原始消息"),
    "stray": _words("is no message of the contract and no dead letter", "不符合契约,也不在死信中"),
    "new_words": _words("was written after the replay began: {message}", "重放开始后写入:{message}"),
}
