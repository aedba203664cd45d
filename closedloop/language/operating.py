"""The words of the commands with which people operate the system, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Words, in_both

DLQ: Mapping[str, Words] = {
    "columns": in_both("service|offset|when|reason|came by|why", "服务|位点|时间|原因|来自|说明"),
    "none": in_both("no dead letters", "没有死信"),
    "none_there": in_both("{service} has no dead letter at offset {offset}", "{service} 在位点 {offset} 处没有死信"),
    "say_which": in_both("name offsets, or say --all", "请给出位点，或用 `--all`"),
    "letter": in_both("letter {offset}", "死信 {offset}"),
    "case": in_both("case {id}", "投诉 {id}"),
    "gone": in_both("{service} has none at this offset", "{service} 在此位点没有死信"),
    "result": in_both("{what}: {outcome}", "{what}：{outcome}"),
    "taken": in_both("taken", "已接收"),
    "taken_as": in_both("taken: {reason}", "已接收：{reason}"),
    "refused": in_both("refused: {reason}: {detail}", "已拒收：{reason}：{detail}"),
    "answers": in_both("the service answers {status}", "该服务的答复为 {status}"),
    "stopped": in_both(
        "{service}: {topic} {partition} is not read on from {offset}, since {since}: {why}",
        "{service}：{topic} {partition} 自 {since} 起停在 {offset}，不再往下读：{why}",
    ),
    "none_stopped": in_both("every topic is read", "所有主题都在读取"),
    "goes_on": in_both(
        "{service} reads on in {topic} {partition}, from {offset}",
        "{service} 从 {offset} 起继续读取 {topic} {partition}",
    ),
    "not_stopped": in_both("{service} has not stopped reading {topic}", "{service} 并未停止读取 {topic}"),
    "silent": in_both("{address} does not answer: {error}", "{address} 没有答复：{error}"),
    "strange": in_both("{address} answers {status}", "{address} 的答复为 {status}"),
    "unknown": in_both("'{service}' is none of {names}", "“{service}”不是服务，服务有：{names}"),
    "unread": in_both("the broker at {kafka} cannot be read: {error}", "无法读取 {kafka} 上的消息：{error}"),
}
"""What `closedloop dlq` says."""

STATUS: Mapping[str, Words] = {
    "columns": in_both("part|state|address|pid|MiB|restarts|last exit", "部分|状态|地址|进程号|MiB|重启次数|上次退出"),
    "nothing": in_both("nothing runs in {data}; `{up}` starts it", "{data} 中没有运行任何部分，用 `{up}` 启动"),
    "other": in_both(
        "another stack of yours runs in {data} (kafka {kafka}, supervisor pid {pid}, {phase}); `{down}` stops it",
        "您的另一套系统运行于 {data}（Kafka {kafka}，监管进程 {pid}，{phase}），用 `{down}` 停止",
    ),
    "where": in_both(
        "kafka {kafka}  mongodb {mongodb}  supervisor pid {pid} ({phase})",
        "Kafka {kafka}  数据库 {mongodb}  监管进程 {pid}（{phase}）",
    ),
    "logs": in_both("logs in {logs}", "日志在 {logs}"),
    "ready": in_both("ready", "就绪"),
    "not answering": in_both("not answering", "无应答"),
    "starting": in_both("starting", "正在启动"),
    "stopping": in_both("stopping", "正在停止"),
    "down": in_both("down", "已中断"),
    "stopped": in_both("stopped", "已停止"),
    "failed": in_both("failed", "已失败"),
}
"""What `closedloop status` says; states are words of it, too."""
