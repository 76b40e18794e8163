"""What is wrong with a question, said so that the asker can mend it."""

from msgspec import Struct


class Fault(Struct, frozen=True, kw_only=True):
    """
    One thing wrong with an input.

    Attributes
    ----------
    code
        Stable snake_case word, listed in docs/faults.md.
    where
        Path to the value inside the input, such as ``orders[3].delivery.windows[0]``.
    cause
        What was found there.
    cure
        What to write instead.
    """

    code: str
    where: str
    cause: str
    cure: str


class ProblemError(Exception):
    """The question cannot be asked; ``faults`` holds everything that is wrong with it, at least one entry."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        head = "; ".join(f"{fault.where}: {fault.cause}" for fault in faults[:3])
        more = f" (and {len(faults) - 3} more)" if len(faults) > 3 else ""
        super().__init__(f"{len(faults)} fault(s): {head}{more}")
