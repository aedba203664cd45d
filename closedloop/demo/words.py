"""The words of the demo's screen in English and Chinese."""

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

DUE: Words = in_both("{name} by {at}", "{at} 前{name}")
DEPUTY: Words = in_both("{role} {person} (for {absent})", "{role}{person}（代{absent}）")
HOLDER: Words = in_both("{role} {person}", "{role}{person}")
LENGTH: Words = in_both("{hours} h {minutes} min", "{hours}小时{minutes}分钟")
