"""The subjects of the demo's complaints: a frequency for each category, and texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """A category of the demo pack: its share, and (subject, text) in Chinese and in English."""

    share: int
    zh: tuple[str, str]
    en: tuple[str, str]


MATTERS: Mapping[str, Matter] = {
    "water/outage": Matter(
        4,
        ("停水无通知", "早上六点起停水，没有任何通知，家里有老人和婴儿。"),
        ("No water since six", "Our water was cut off at six without notice; there is a baby in the house."),
    ),
    "water/quality": Matter(
        8,
        ("自来水发黄", "连续三天自来水发黄有异味，请派人检测，电话13800138000。"),
        ("Tap water is brown", "For three days the tap water has been brown. Call me: 13800138000."),
    ),
    "power/outage": Matter(
        4,
        ("整栋楼停电", "二号楼昨晚起停电，电梯也停了。"),
        ("Whole building dark", "Block 2 has had no power since last night; the lift stands still."),
    ),
    "power/streetlight": Matter(
        8,
        ("路灯不亮", "人民路东段路灯坏了两周，晚上走路很危险。"),
        ("Street lights out", "The lamps on the east of People's Road have been dark for two weeks."),
    ),
    "transport/bus": Matter(
        11,
        ("公交车长时间不来", "12路公交早高峰等了四十分钟。"),
        ("Bus does not come", "At rush hour I waited forty minutes for the number 12."),
    ),
    "transport/danger": Matter(
        3,
        ("窨井盖缺失", "学校门口的窨井盖不见了，孩子容易掉下去。"),
        ("Manhole cover missing", "The manhole in front of the school has no cover."),
    ),
    "housing/property": Matter(
        11,
        ("物业不作为", "电梯坏了十天，物业一直推诿。"),
        ("Lift broken for ten days", "The property company promises every day and does nothing."),
    ),
    "housing/structure": Matter(
        3,
        ("墙体开裂", "承重墙出现裂缝，担心安全。"),
        ("Cracks in the wall", "There are cracks in a bearing wall; is the house safe?"),
    ),
    "environment/noise": Matter(
        12,
        ("夜间噪音扰民", "凌晨两点还在吵，整夜无法入睡。"),
        ("Noise all night", "They are loud until two in the morning; nobody can sleep."),
    ),
    "environment/waste": Matter(
        9,
        ("垃圾无人清运", "小区门口垃圾堆了一周，臭味很大。"),
        ("Rubbish not collected", "The bins at our gate have not been emptied for a week."),
    ),
    "environment/pollution": Matter(
        3,
        ("工厂排放黑烟", "厂区每天傍晚排放黑烟，开不了窗。"),
        ("Black smoke from a plant", "Every evening the plant blows out black smoke."),
    ),
    "market/price": Matter(
        9,
        ("超市价格欺诈", "标价与结账价格不一致，多收了十二元。"),
        ("Charged more than the tag", "The till took twelve yuan more than the price on the shelf."),
    ),
    "market/food": Matter(
        8,
        ("餐馆食物变质", "在夜市吃饭后全家腹泻。"),
        ("Spoiled food", "After a meal at the night market the whole family fell ill."),
    ),
    "other/lost-dog": Matter(
        7,
        ("流浪狗伤人", "公园里有流浪狗追咬行人，不知该找谁。"),
        ("Stray dogs in the park", "Stray dogs chase people in the park, and nobody knows who is in charge."),
    ),
}
"""The last fits no route of the pack: the centre has to decide."""

AREAS: Mapping[str, tuple[str, str]] = {
    "old-town": ("老城区", "old-town"),
    "east-lake": ("东湖区", "east-lake"),
    "west-hill": ("西山区", "west-hill"),
    "harbour": ("港口区", "harbour"),
}
"""Areas as Chinese and English forms write them."""
