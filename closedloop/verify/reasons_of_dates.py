"""Why dates, ladders and verdicts are not as they must be, by the code of the failure."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Words, in_both

OF_DATES: Mapping[str, Words] = {
    "moved": in_both(
        "revision {revision} of {target} moved to {due_at} without a new revision",
        "{target} 第 {revision} 版时限改为 {due_at},版本号未变",
    ),
    "no_date": in_both("is open under plan {plan}, but no deadline was ever set", "按方案 {plan} 在办,却从未设定时限"),
    "early": in_both(
        "{kind} ({target} {rung}) was appended at {appended_at}, but is due at {due_at}",
        "{kind}({target} {rung})于 {appended_at} 写入,应于 {due_at}",
    ),
    "wrong_date": in_both(
        "rung {rung} of {target} claims to be due at {due_at}, which no ladder of its policy says",
        "{target} 第 {rung} 级声称应于 {due_at},政策阶梯并无此时间",
    ),
    "not_as_scheduled": in_both(
        "visit {attempt} was requested for {due_at}, not as scheduled",
        "第 {attempt} 次回访按 {due_at} 发出,与安排不符",
    ),
    "opens_early": in_both(
        "visit {attempt} opens before {due_at}, the policy's first moment",
        "第 {attempt} 次回访早于政策允许的 {due_at}",
    ),
    "no_target": in_both("{kind} speaks of {target}, which no plan had set", "{kind} 所说的 {target} 未曾设定"),
    "other_date": in_both(
        "{kind} judges by {due_at}, which is not the plan's date",
        "{kind} 依据的 {due_at} 不是方案的时限",
    ),
    "rung_skipped": in_both(
        "{target} has rung {rung} where {expected} is next",
        "{target} 出现第 {rung} 级,应为第 {expected} 级",
    ),
    "wrong_rung": in_both("rung {rung} of {target} must not be {kind}", "{target} 第 {rung} 级不应是 {kind}"),
    "wrong_level": in_both(
        "rung {rung} of {target} is at level {level} instead of {expected}",
        "{target} 第 {rung} 级的层级为 {level},应为 {expected}",
    ),
    "rings_on": in_both(
        "rung {rung} of {target} was due {seconds} s after the target had ended",
        "{target} 结束 {seconds} 秒后才到期的第 {rung} 级仍被发出",
    ),
    "met_by_nobody": in_both(
        "{target} (cycle {cycle}, due {due_at}) was judged although nobody did it",
        "{target}(第 {cycle} 轮,{due_at} 到期)无人办理却有结论",
    ),
    "late_told_met": in_both(
        "{target} (cycle {cycle}) was done at {done_at}, after {due_at}, and is told as met",
        "{target}(第 {cycle} 轮)于 {done_at} 办理,晚于 {due_at},却记为按时",
    ),
    "late_untold": in_both(
        "{target} (cycle {cycle}) was done at {done_at}, after {due_at}, and no breach stands",
        "{target}(第 {cycle} 轮)于 {done_at} 办理,晚于 {due_at},却无超期记录",
    ),
    "false_breach": in_both(
        "{target} (cycle {cycle}) was done at {done_at}, by {due_at}, and a breach stands",
        "{target}(第 {cycle} 轮)于 {done_at} 办理,未晚于 {due_at},却仍记为超期",
    ),
    "met_untold": in_both(
        "{target} (cycle {cycle}) was done at {done_at}, by {due_at}, and nobody says so",
        "{target}(第 {cycle} 轮)于 {done_at} 按时办理({due_at}),却无结论",
    ),
    "other_time": in_both(
        "{kind} says that {target} was done at {done_at}, which no fact says",
        "{kind} 称 {target} 于 {done_at} 办理,并无此事实",
    ),
    "rung_untold": in_both(
        "{target} (cycle {cycle}, due {due_at}) ended at {done_at}, and rung {rung} that was due was never told",
        "{target}(第 {cycle} 轮,{due_at} 到期)于 {done_at} 结束,已到期的第 {rung} 级却未发出",
    ),
    "still_told": in_both(
        "{target} (cycle {cycle}, due {due_at}) ended at {done_at}, rung {rung} fell due after that and stands",
        "{target}(第 {cycle} 轮,{due_at} 到期)于 {done_at} 结束,其后才到期的第 {rung} 级仍未撤回",
    ),
    "left_open": in_both(
        "{target} (cycle {cycle}, due {due_at}) has no verdict although the complaint has ended",
        "{target}(第 {cycle} 轮,{due_at} 到期)在结案后仍无结论",
    ),
    "other_promise": in_both(
        "{target} (cycle {cycle}) is due at {due_at}, its policy promises {promised_at}",
        "{target}(第 {cycle} 轮)定于 {due_at},政策为 {promised_at}",
    ),
    "left_out": in_both(
        "{kind} leaves out {target}, which the policy promises (cycle {cycle})",
        "{kind} 缺少政策规定的 {target}(第 {cycle} 轮)",
    ),
    "not_moved": in_both(
        "{target} got revision {revision} although its date stays (cycle {cycle})",
        "{target} 时限未变,版本却成为第 {revision} 版(第 {cycle} 轮)",
    ),
    "not_at_arrival": in_both(
        "{kind} is told at {told_at}, its record arrived at {arrived_at}",
        "{kind} 记为 {told_at},其记录于 {arrived_at} 到达",
    ),
    "before_receipt": in_both(
        "{kind} states {stated_at}, before the complaint was received at {received_at}",
        "{kind} 自述 {stated_at},早于受理 {received_at}",
    ),
    "misjudged": in_both(
        "{kind} is judged by {told_at}, what counts is {counts_at}",
        "{kind} 按 {told_at} 判定,应以 {counts_at} 为准",
    ),
    "missed_untold": in_both(
        "{target} (cycle {cycle}) was done at {done_at}, after {due_at}, and nobody says by how much",
        "{target}(第 {cycle} 轮)于 {done_at} 办理,晚于 {due_at},却无逾期结论",
    ),
    "moved_untold": in_both(
        "{target} (cycle {cycle}, due {due_at}) got another date at {done_at}, and nobody says so",
        "{target}(第 {cycle} 轮,{due_at} 到期)于 {done_at} 改期,却无结论",
    ),
    "cancelled_untold": in_both(
        "{target} (cycle {cycle}, due {due_at}) was cancelled at {done_at}, and nobody says so",
        "{target}(第 {cycle} 轮,{due_at} 到期)于 {done_at} 取消,却无结论",
    ),
    "other_verdict": in_both(
        "{target} (cycle {cycle}, due {due_at}) was {how} at {done_at}, and is told as {told}",
        "{target}(第 {cycle} 轮,{due_at} 到期)于 {done_at} 以 {how} 结束,结论却是 {told}",
    ),
    "taken_back": in_both(
        "the breach of {target} (cycle {cycle}, due {due_at}) was taken back, but it was {how} as late as {done_at}",
        "{target}(第 {cycle} 轮,{due_at} 到期)的超期被撤回,但其迟至 {done_at} 才以 {how} 结束",
    ),
    "other_details": in_both(
        "{kind} says of {target} (cycle {cycle}) {what}: {told}; right is {right}",
        "{kind} 称 {target}(第 {cycle} 轮){what} 为 {told},应为 {right}",
    ),
    "not_theirs": in_both(
        "rung {rung} of {target} calls {department} late, but {expected} has to meet it",
        "{target} 第 {rung} 级指 {department} 逾期,应由 {expected} 负责",
    ),
    "not_the_top": in_both(
        "rung {rung} of {target} stands at the top of its ladder and does not say so",
        "{target} 第 {rung} 级已是阶梯顶端,却未注明",
    ),
    "told_besides": in_both(
        "rung {rung} of {target} tells {person} more than once",
        "{target} 第 {rung} 级重复告知 {person}",
    ),
    "unpromised": in_both(
        "{kind} holds {target}, which nothing asks for (cycle {cycle})",
        "{kind} 含有无依据的 {target}(第 {cycle} 轮)",
    ),
    "other_pauses": in_both(
        "{kind} tells other pauses of {target} (cycle {cycle}) than there were: {told}, right is {right}",
        "{kind} 所记 {target}(第 {cycle} 轮)的暂停与实际不符:{told},应为 {right}",
    ),
    "of_another": in_both(
        "{kind} says that {department} has to meet {target} (cycle {cycle}), it is {expected}",
        "{kind} 称 {target}(第 {cycle} 轮)由 {department} 负责,应为 {expected}",
    ),
    "not_counted": in_both(
        "{kind} changes {target} (cycle {cycle}) under revision {revision}, next is {right}",
        "{kind} 变更 {target}(第 {cycle} 轮)而版本为 {revision},应为 {right}",
    ),
    "not_allowed": in_both(
        "{kind}: the policy knows no {what} here (cycle {cycle})",
        "{kind}:政策在此没有 {what}(第 {cycle} 轮)",
    ),
    "too_often": in_both(
        "{kind}: {what} more than {times} times in cycle {cycle}",
        "{kind}:第 {cycle} 轮内 {what} 超过 {times} 次",
    ),
    "too_far": in_both(
        "{kind} reaches to {until_at}, the policy's limit is {limit_at}",
        "{kind} 延至 {until_at},政策限于 {limit_at}",
    ),
    "not_as_asked": in_both(
        "{kind} reaches to {until_at}, what was asked for is {asked_at}",
        "{kind} 延至 {until_at},申请为 {asked_at}",
    ),
    "pauses_others": in_both(
        "{kind} lets {what} wait, the policy lets {expected} (cycle {cycle})",
        "{kind} 暂停了 {what},政策允许 {expected}(第 {cycle} 轮)",
    ),
    "while_waiting": in_both(
        "{kind} while the work waits already (cycle {cycle})",
        "{kind} 发生在已暂停期间(第 {cycle} 轮)",
    ),
    "waits_twice": in_both(
        "{kind} counts from {since_at}, but until {until_at} the work had waited already (cycle {cycle})",
        "{kind} 自 {since_at} 起算,但至 {until_at} 已计入前一次暂停(第 {cycle} 轮)",
    ),
    "not_ahead": in_both(
        "{kind} names {until_at}, which is not ahead (cycle {cycle})",
        "{kind} 所定的 {until_at} 并非将来(第 {cycle} 轮)",
    ),
    "nothing_waits": in_both(
        "{kind}, but nothing waited then (cycle {cycle})",
        "{kind},但当时并无暂停(第 {cycle} 轮)",
    ),
    "no_consent": in_both(
        "{kind}: {what} began without the consent that it needs (cycle {cycle})",
        "{kind}:{what} 未获所需批准即开始(第 {cycle} 轮)",
    ),
    "nothing_to_move": in_both(
        "{kind} asks to move {target}, which is not open (cycle {cycle})",
        "{kind} 申请延期 {target},但其并未在办(第 {cycle} 轮)",
    ),
    "asked_late": in_both(
        "{kind} asks at {asked_at} to move {target}, due {due_at}: later than the policy's notice",
        "{kind} 于 {asked_at} 申请延期 {target}({due_at} 到期),晚于政策要求的提前期",
    ),
    "granted_late": in_both(
        "{kind} moves {target} at {granted_at}, when its date {due_at} had passed",
        "{kind} 于 {granted_at} 延期 {target},其时限 {due_at} 已过",
    ),
    "not_the_centre": in_both(
        "{kind} is for {department} to decide, only {centre} may (cycle {cycle})",
        "{kind} 由 {department} 决定,只有 {centre} 有权(第 {cycle} 轮)",
    ),
    "not_the_owner": in_both(
        "{kind} was done by {department}, it is for {expected} to do (cycle {cycle})",
        "{kind} 由 {department} 所为,应由 {expected} 办理(第 {cycle} 轮)",
    ),
    "not_asked": in_both(
        "{kind} decides on {what}, which was not asked (cycle {cycle})",
        "{kind} 就未申请的 {what} 作出决定(第 {cycle} 轮)",
    ),
    "meets_others": in_both(
        "{kind} meets {what}, the policy lets it meet {expected} (cycle {cycle})",
        "{kind} 满足 {what},政策允许 {expected}(第 {cycle} 轮)",
    ),
    "led_otherwise": in_both(
        "{kind} is led by {what}, by the policy it is {expected} (cycle {cycle})",
        "{kind} 由 {what} 主导,按政策应为 {expected}(第 {cycle} 轮)",
    ),
    "lapsed_alive": in_both(
        "{kind}, but the complaint had not ended (cycle {cycle})", "{kind},但投诉尚未结案(第 {cycle} 轮)"
    ),
    "lapsed_others": in_both(
        "{kind} lets {what} lapse, open were {expected} (cycle {cycle})",
        "{kind} 使 {what} 失效,当时未完成的为 {expected}(第 {cycle} 轮)",
    ),
    "arbitrated": in_both(
        "{kind} after {times} returns, when the centre had ruled whose it is (cycle {cycle})",
        "中心裁定后仍 {kind},已退 {times} 次(第 {cycle} 轮)",
    ),
}
