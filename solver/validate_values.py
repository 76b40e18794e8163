"""What every judge of a problem needs: a fault, the limits of numbers, the faults of a number, a name, a window."""

from collections.abc import Iterator
from typing import TypeGuard

from solver.faults import Fault
from solver.parts import Window

QUANTITY_MAX = 10**12
COST_MAX_MILLI = 10**15
TIME_MAX_S = 10**9
DISTANCE_MAX_M = 10**9
COUNT_MAX = 10**9
SPEED_MAX_KMH = 1_000
CIRCUITY_MAX_PERCENT = 1_000
INT64_MAX = 2**63 - 1
ID_LENGTH_MAX = 200


def fault(code: str, where: str, cause: str, cure: str) -> Fault:
    """A fault in one line."""
    return Fault(code=code, where=where, cause=cause, cure=cure)


def number(where: str, value: object, most: int, least: int = 0) -> Iterator[Fault]:
    """Faults of a whole number that must lie in ``[least, most]``."""
    if not is_whole(value):
        yield fault("number_not_whole", where, f"{value!r} is not a whole number", "give an integer")
    elif value < least:
        code = "number_negative" if value < 0 else "number_too_small"
        yield fault(code, where, f"{value} is below {least}", f"give {least} or more")
    elif value > most:
        yield fault("number_too_large", where, f"{value} is above {most}", f"give {most} or less, or a coarser unit")


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value is an integer; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def identifier(where: str, value: str) -> Iterator[Fault]:
    """Faults of a name."""
    if not 1 <= len(value) <= ID_LENGTH_MAX:
        cause, cure = f"it has {len(value)} characters", f"give 1 to {ID_LENGTH_MAX} characters"
        yield fault("id_length", where, cause, cure)


def window_faults(where: str, window: Window) -> Iterator[Fault]:
    """Faults of a window: its ends in range, and not reversed."""
    yield from number(f"{where}.open_s", window.open_s, TIME_MAX_S)
    yield from number(f"{where}.close_s", window.close_s, TIME_MAX_S)
    if is_whole(window.open_s) and is_whole(window.close_s) and window.close_s < window.open_s:
        cause = f"it closes at {window.close_s} s, before it opens at {window.open_s} s"
        yield fault("window_reversed", where, cause, "give a closing time at or after the opening time")
