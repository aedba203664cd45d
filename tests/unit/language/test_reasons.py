"""What a service gives as its reason is read in either language, and what people wrote stays as it is."""

import pytest

from closedloop.language.reasons import reason_in


@pytest.mark.parametrize(
    ("reason", "zh"),
    [
        ("assigned by the centre", "受理中心派单"),
        ("declared by hand", "人工认定"),
        ("no route for category water/quality, area -", "类别 water/quality、区域 - 无对应规则"),
        ("reopened: the customer says it is not solved", "重办：投诉者表示未解决"),
        ("reopened: still brown", "重办：still brown"),
        ("not ours", "not ours"),
    ],
)
def test_a_reason_of_a_service_is_told_in_chinese(reason: str, zh: str) -> None:
    assert (reason_in("zh", reason), reason_in("en", reason)) == (zh, reason)
