"""The pause before an ended part is started again."""

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0

# A part that has worked this long has recovered: its next failure starts from the first step again.
RECOVERED_SECONDS = 10.0


def delay_seconds(failures_in_a_row: int) -> float:
    """Doubles with every failure in a row, from half a second to half a minute."""
    # Bounded exponent: a service that has failed for days must not overflow the power.
    return min(FIRST_SECONDS * 2.0 ** min(failures_in_a_row - 1, 10), LONGEST_SECONDS)


def failures_after(failures_in_a_row: int, worked_seconds: float) -> int:
    """The length of the row of failures once a part ended that had been ready for `worked_seconds`."""
    return 1 if worked_seconds >= RECOVERED_SECONDS else failures_in_a_row + 1
