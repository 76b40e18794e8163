"""A table of integers between places, kept as one numpy array."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNREACHABLE = -1
"""What a matrix holds where there is no way from one place to another."""


class Matrix:
    """
    Square table of non-negative integers, or ``UNREACHABLE``.

    Parameters
    ----------
    rows
        Nested lists or an array, shape ``(n, n)``; it is copied and made read-only.

    Raises
    ------
    ValueError
        When the rows are not a square table of whole numbers.
    """

    __slots__ = ("values",)

    values: NDArray[np.int64]

    def __init__(self, rows: Sequence[Sequence[int]] | NDArray[np.int64]) -> None:
        try:
            values = np.array(rows)
        except ValueError:
            raise ValueError("the rows of a matrix must all have the same length") from None
        if values.size == 0:
            values = np.zeros((0, 0), dtype=np.int64)
        if values.ndim != 2 or values.shape[0] != values.shape[1]:
            raise ValueError("a matrix must have as many columns as rows")
        if not np.issubdtype(values.dtype, np.integer):
            raise ValueError("a matrix must hold whole numbers")
        if values.dtype == np.uint64 and values.max() > np.iinfo(np.int64).max:
            raise ValueError("a matrix must hold numbers of at most 63 bits")
        self.values = values.astype(np.int64)
        self.values.setflags(write=False)

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash(self.values.tobytes())

    def __repr__(self) -> str:
        return f"Matrix({len(self)} places)"

    def to_rows(self) -> list[list[int]]:
        """Plain nested lists, as they stand in JSON."""
        rows: list[list[int]] = self.values.tolist()
        return rows


def encode_matrix(value: Any) -> Any:
    """For ``msgspec`` encoders (``enc_hook``): a Matrix becomes nested lists."""
    if isinstance(value, Matrix):
        return value.to_rows()
    raise NotImplementedError(f"cannot encode {type(value).__name__}")


def decode_matrix(kind: type, value: Any) -> Any:
    """For ``msgspec`` decoders (``dec_hook``): nested lists become a Matrix."""
    if kind is Matrix:
        return Matrix(value)
    raise NotImplementedError(f"cannot decode {kind.__name__}")


def matrix_schema(kind: type) -> dict[str, Any]:
    """For ``msgspec.json.schema_components`` (``schema_hook``)."""
    if kind is Matrix:
        row = {"type": "array", "items": {"type": "integer", "minimum": UNREACHABLE}}
        return {"type": "array", "items": row}
    raise NotImplementedError(f"no schema for {kind.__name__}")
