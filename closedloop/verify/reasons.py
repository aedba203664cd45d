"""Why facts, their order, their causes and the endings are not as they must be, by the code of the failure."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Words, in_both

OF_FACTS: Mapping[str, Words] = {
    "lost": in_both("was accepted, but no fact tells of it", "已受理,但没有任何事实"),
    "no_beginning": in_both("has {kind}, but was never received", "有 {kind},但从未登记"),
    "begun_twice": in_both("was received {times} times", "登记了 {times} 次"),
    "same_as": in_both("is {source} {source_id}, which is {other} already", "{source} {source_id} 已是投诉 {other}"),
    "same_reference": in_both("is called {reference}, as {other} is", "编号 {reference} 与投诉 {other} 相同"),
    "twice": in_both(
        "{effect} happened twice: sequence {first} and {second}",
        "{effect} 发生两次:序号 {first} 与 {second}",
    ),
    "heard_twice": in_both(
        "{cause} had two effects: sequence {first} and {second}",
        "{cause} 产生两个效果:序号 {first} 与 {second}",
    ),
    "two_outcomes": in_both(
        "was turned away as a dead letter, and {cause} had an effect on complaint {complaint} all the same",
        "已作为死信退回,但 {cause} 仍对投诉 {complaint} 产生了效果",
    ),
    "told_twice": in_both(
        "{topic} was told '{why}' twice for one reason: sequence {first} and {second}",
        "{topic} 因同一原因两次收到“{why}”:序号 {first} 与 {second}",
    ),
    "number_twice": in_both(
        "{service} says two different things under sequence {sequence}",
        "{service} 在序号 {sequence} 下说了两种不同的内容",
    ),
    "no_pack": in_both("its policy pack {policy!r} is not on the policies topic", "其政策包 {policy!r} 不在政策主题上"),
    "stuck": in_both(
        "waits for {what} since {due_at}, {seconds} s too long",
        "等待 {what} 自 {due_at} 起,已逾 {seconds} 秒",
    ),
    "parked": in_both(
        "is parked by {service} since {due_at} ({reason}): see its dead letters",
        "自 {due_at} 起被 {service} 搁置({reason}):见其死信",
    ),
    "last_word": in_both(
        "the last word on {order} on {topic} is {state}, the facts say {facts}",
        "{topic} 上 {order} 工单的最后状态为 {state},按事实应为 {facts}",
    ),
    "no_such_order": in_both(
        "{topic} has an order {order} ({state}) that no fact asks for", "{topic} 上的 {order} 工单({state})没有事实依据"
    ),
    "after_its_end": in_both(
        "the order {order} on {topic} is {state} at {place}, after it was closed",
        "{topic} 上的 {order} 工单已结,其后在 {place} 又为 {state}",
    ),
    "not_whole": in_both(
        "the order {order} on {topic} lacks {missing} at {place}", "{topic} 上的 {order} 工单在 {place} 缺 {missing}"
    ),
    "other_order": in_both(
        "the order {order} on {topic} is called and keyed otherwise: {key!r}",
        "{topic} 上的 {order} 工单键名不符:{key!r}",
    ),
    "two_partitions": in_both("its facts lie in more than one partition", "其事实分布在多个分区"),
    "wrong_key": in_both("{kind} is keyed {key!r}", "{kind} 的键是 {key!r}"),
    "wrong_voice": in_both("{kind} was said by {service}", "{kind} 由 {service} 说出"),
    "other_policy": in_both(
        "{kind} goes by policy {policy}, the complaint by {pinned}",
        "{kind} 依据政策 {policy},投诉适用 {pinned}",
    ),
    "sequence_falls": in_both(
        "{kind} has sequence {sequence} after {before}",
        "{kind} 的序号 {sequence} 出现在 {before} 之后",
    ),
    "cycle_falls": in_both(
        "{kind} is of cycle {cycle} after cycle {before}",
        "{kind} 属第 {cycle} 轮,却在第 {before} 轮之后",
    ),
    "cycle_too_soon": in_both(
        "{kind} begins cycle {cycle} although cycle {before} is not over",
        "第 {before} 轮未结束,{kind} 已属第 {cycle} 轮",
    ),
    "illegal": in_both(
        "{kind} may not follow in state '{state}' (cycle {cycle})",
        "状态“{state}”下不得出现 {kind}(第 {cycle} 轮)",
    ),
    "no_cause": in_both("{kind} names a cause that does not stand before it: {cause}", "{kind} 的原因未在其前:{cause}"),
    "other_cycle": in_both(
        "{kind} is of cycle {cycle}, what it follows from was meant for cycle {meant}",
        "{kind} 属第 {cycle} 轮,其来源针对第 {meant} 轮",
    ),
    "after_the_end": in_both("{kind} after the complaint was closed", "结案后出现 {kind}"),
    "not_answered": in_both("ended as {ending} without an answer in its last cycle", "以 {ending} 结案,但末轮没有答复"),
    "not_visited": in_both(
        "ended as {ending}, but the last visit did not say so",
        "以 {ending} 结案,但末次回访并非如此",
    ),
    "not_tried": in_both(
        "ended as {ending}, but not after {attempts} visits in vain",
        "以 {ending} 结案,但并非 {attempts} 次回访未果之后",
    ),
    "visit_skipped": in_both("ended as {ending}, but its plan asks for a visit", "以 {ending} 结案,但方案要求回访"),
    "no_such_ending": in_both("ended as {ending}, which is no ending", "以 {ending} 结案,并无此种结案"),
    "not_reopened": in_both(
        "visit {attempt} of cycle {cycle} found it not solved, and it was not reopened",
        "第 {cycle} 轮第 {attempt} 次回访未解决,却未重办",
    ),
    "reopened_without_no": in_both(
        "cycle {cycle} began without a visit that says not solved",
        "第 {cycle} 轮开始,却无未解决的回访",
    ),
    "no_level_up": in_both(
        "cycle {cycle} began at level {level}, not one up",
        "第 {cycle} 轮起于第 {level} 级,未升一级",
    ),
    "other_level": in_both(
        "cycle {cycle} is worked on at level {level}, not at its own",
        "第 {cycle} 轮按第 {level} 级办理,层级不符",
    ),
    "vanished": in_both(
        "came in (complaint {complaint}) and led to no fact and no dead letter",
        "已收到(投诉 {complaint}),却无事实也无死信",
    ),
    "not_told": in_both(
        "is a dead letter ({reason}), but its sender was not told", "已成死信({reason}),但未告知发送方"
    ),
    "conflict_lost": in_both(
        "repeats an id of complaint {complaint} with another content and is no dead letter",
        "以不同内容重复投诉 {complaint} 的编号,却不在死信中",
    ),
    "untold": in_both("{kind} ({at}) was never told on {topic}", "{kind}({at})从未在 {topic} 上告知"),
    "false_conflict": in_both(
        "is a dead letter as a conflict of complaint {complaint}, but only repeats it",
        "作为投诉 {complaint} 的冲突进入死信,实为重复",
    ),
    "mute_letter": in_both("is a dead letter without reason or origin", "死信缺少原因或来源"),
    "touched_letter": in_both("is a dead letter that does not carry its original untouched", "死信未原样保留原始消息"),
    "stray": in_both("is no message of the contract and no dead letter", "不符合契约,也不在死信中"),
    "new_words": in_both("was written after the replay began: {message}", "重放开始后写入:{message}"),
    "unreported": in_both(
        "ended as {ending}, but is a major incident without a report",
        "以 {ending} 结案,但属重大事件而无报告",
    ),
}
