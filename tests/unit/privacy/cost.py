"""How long masking takes, in microseconds of a processor: `python -m tests.unit.privacy.cost FILE…`, CSV with texts."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

from services.shared.privacy import masked

LENGTH = 300
RUNS = 20
DENSE = ("13800138000 ", "010-62345678 转801,", "1 2 3 4 ", "2125550101 ", "12 345 6789 ")
PLAIN = (
    "从上周一开始，我们小区的自来水每天晚上六点以后都会发黄，放了半个小时也没有变化，楼下的邻居家里也是一样的情况。",
    "Since Monday the tap in our kitchen runs yellow every evening. Nobody of the water company has answered us yet. ",
)


def texts(files: Iterable[str]) -> Iterator[str]:
    """The cells of these files, one row after another, in texts of the same length."""
    for file in files:
        with Path(file).open(encoding="utf-8", newline="") as lines:
            said = " ".join(cell for row in csv.reader(lines) for cell in row if cell)
        yield from (said[at : at + LENGTH] for at in range(0, len(said) - LENGTH, LENGTH))


def spent(text: str) -> float:
    """What one look at a text costs, the best of some."""
    costs = []
    for _ in range(RUNS):
        began = time.process_time_ns()
        masked(text)
        costs.append(time.process_time_ns() - began)
    return min(costs) / 1000


def main() -> None:
    """Print the cost of plain texts, of texts full of numbers, and of what stands in the files."""
    for piece in (*PLAIN, *DENSE):
        print(f"{spent((piece * LENGTH)[:LENGTH]):8.0f} µs  {piece[:40]}")
    costs = [spent(text) for text in texts(sys.argv[1:])]
    if costs:
        print(f"{median(costs):8.0f} µs  median of {len(costs)} texts of {LENGTH} characters, at most {max(costs):.0f}")


if __name__ == "__main__":
    main()
