"""One complaint judged again, for people: equal, or each difference by its clock."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Language, Words, in_both
from closedloop.language.paper import Paper, styled
from closedloop.replay.one_case import Compared, Difference
from schemas.facts import Rung

SAID: Mapping[str, Words] = {
    "equal": in_both(
        "equal: {said} verdicts on {clocks} clocks follow from the {heard} facts that escalation heard",
        "一致：{clocks} 个时限上的 {said} 条判定均可由督办所收 {heard} 条事实推出",
    ),
    "differs": in_both(
        "{n} differences between what escalation says and what stands on the topic", "重新推导与主题所载有 {n} 处不同"
    ),
    "missing": in_both("{clock}: {fact} follows, but is not on the topic", "{clock}：应有 {fact}，主题上没有"),
    "unexpected": in_both("{clock}: {fact} is on the topic, but does not follow", "{clock}：主题上有 {fact}，但推不出"),
    "different": in_both(
        "{clock}: {fact} is another on the topic: {detail}", "{clock}：{fact} 与主题所载不同：{detail}"
    ),
    "field": in_both("{field} {told} instead of {due}", "{field} 为 {told}，应为 {due}"),
    "list": in_both(", ", "；"),
    "doubled": in_both("{clock}: {fact} is on the topic more than once", "{clock}：{fact} 在主题上出现多次"),
    "parked": in_both("escalation cannot take the facts: {detail}", "督办无法处理这些事实：{detail}"),
    "close": in_both("{line} (timing: within the bound, either is right)", "{line}（时间相近，两者皆可）"),
    "people": in_both("{line} (whoever holds the office: no difference)", "{line}（任职人员变动，不计差异）"),
    "rung": in_both("{kind}, rung {rung}, due {due},", "{kind}（第{rung}级阶梯，{due} 到期）"),
}


def show(compared: Compared, console: Paper, language: Language) -> None:
    """Print everything."""
    console.print(f"{compared.complaint_id}  {compared.at.isoformat()}")
    counted = {"said": compared.said, "clocks": len(compared.clocks), "heard": compared.heard}
    if compared.equal:
        console.print(styled(SAID["equal"][language].format(**counted), "green"))
    else:
        console.print(styled(SAID["differs"][language].format(n=len(compared.differences)), "bold red"))
    for found in compared.differences:
        console.print(f"  {_line(found, language)}")
    for name, others in (("close", compared.close), ("people", compared.people)):
        for found in others:
            console.print(f"  {SAID[name][language].format(line=_line(found, language))}")


def _line(found: Difference, language: Language) -> str:
    fact, named = found.expected or found.told, found.kind
    if isinstance(fact, Rung):
        due = fact.due_at.isoformat(timespec="milliseconds")
        named = SAID["rung"][language].format(kind=found.kind, rung=fact.rung, due=due)
    return SAID[found.what][language].format(clock=found.clock, fact=named, detail=_detail(found, language))


def _detail(found: Difference, language: Language) -> str:
    fields = (SAID["field"][language].format(field=n, told=told, due=due) for n, told, due in found.by_field())
    return found.reason or SAID["list"][language].join(fields)
