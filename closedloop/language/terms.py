"""Names in English and Chinese of what packs and facts call by a code: targets, offices, outcomes, actions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from closedloop.language import Words, in_both

CONTRACT = Path(__file__).parents[2] / "schemas" / "contract.json"

TERMS: Mapping[str, Words] = {
    **{name: in_both(row["en"], row["zh"]) for name, row in json.loads(CONTRACT.read_text("utf-8"))["targets"].items()},
    "handler": in_both("handler", "经办人"),
    "head": in_both("head of department", "部门负责人"),
    "director": in_both("director", "分管领导"),
    "vice-director": in_both("vice-director", "分管领导"),
    "leadership": in_both("leadership", "主要领导"),
    "mayor": in_both("mayor", "市长"),
    "centre": in_both("centre", "受理中心"),
    "solved": in_both("solved", "已解决"),
    "not_solved": in_both("not solved", "未解决"),
    "unreachable": in_both("cannot be reached", "联系不上"),
    "not_confirmed": in_both("nobody could confirm it", "未能核实"),
    "answered": in_both("answered", "已答复"),
    "customer": in_both("the customer", "等待投诉者"),
    "parts": in_both("parts", "等待备件"),
}
"""What a policy pack and the facts call by a code."""

ACTIONS: Mapping[str, Words] = {
    "warn": in_both("warn", "预警"),
    "urge": in_both("urge", "催办"),
    "supervise": in_both("supervise", "督办"),
    "criticise": in_both("criticise", "通报批评"),
    "report": in_both("report", "上报"),
    "remind": in_both("remind", "再次提醒"),
    "visit": in_both("visit", "回访"),
}
"""What a ladder does with whom it tells."""

TOLD: Mapping[str, Words] = {
    "warn": in_both("the {whom} is warned", "预警{whom}"),
    "urge": in_both("the {whom} is urged", "催办{whom}"),
    "supervise": in_both("the {whom} supervises it", "由{whom}督办"),
    "criticise": in_both("criticism is circulated, the {whom} gets it", "通报批评，送{whom}"),
    "report": in_both("it is reported to the {whom}", "上报{whom}"),
    "remind": in_both("the {whom} is reminded", "再次提醒{whom}"),
    "": in_both("the {whom} is told ({action})", "通知{whom}（{action}）"),
}
"""What is done with whom a rung tells, by its action; an action that stands nowhere here is named."""
