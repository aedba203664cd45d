"""The cost of masking a text, beside one bare replacement in the same text; no stack is needed."""

from __future__ import annotations

import re
from itertools import repeat
from statistics import median
from timeit import timeit
from typing import Any

from closedloop.bench.sizes import Sizes
from services.shared.privacy import masked

LENGTH = 300
LOOKS = 20
ROUNDS = 10
BARE = re.compile("[0-9]+")
TARGETS_US = {"nothing_private": 100, "ordinary": 100, "full_of_numbers": 3000, "digit_by_digit": 3000}
TEXTS = {
    "nothing_private": "从上周一开始，我们小区的自来水每天晚上六点以后都会发黄，没有人来看。"
    "Nobody of the water company has answered. ",
    "ordinary": "Since 09/14/2026 10:16 the tap in our kitchen runs yellow every evening. "
    "Case 40134395 of the water company was closed on 09/16/2026 09:32, and nobody had called. ",
    "full_of_numbers": "2125550101 ",
    "digit_by_digit": "1 2 3 4 ",
}


def measure(sizes: Sizes) -> dict[str, Any]:
    """Microseconds for each kind of text of 300 characters, and how many bare replacements that is."""
    return {name: _beside(name, (piece * LENGTH)[:LENGTH], sizes) for name, piece in TEXTS.items()}


def _beside(name: str, text: str, sizes: Sizes) -> dict[str, float]:
    rounds = list(repeat(None, ROUNDS * sizes.repeats))
    mask = median(timeit(lambda: masked(text), number=LOOKS) for _ in rounds) * 1e6 / LOOKS
    bare = median(timeit(lambda: BARE.sub("#", text), number=LOOKS) for _ in rounds) * 1e6 / LOOKS
    return {"us": round(mask), "target_us": TARGETS_US[name], "us_bare": round(bare, 1), "ratio": round(mask / bare, 1)}
