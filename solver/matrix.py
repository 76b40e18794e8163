"""A table of integers between places, kept as one numpy array."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.shared import empty

UNREACHABLE = -1
"""What a matrix holds where there is no way from one place to another."""
NARROW_MAX = 2**30 - 1
"""Largest value of a table of 32 bits: the sum of two still is one."""

HASHED_ROWS = 16
"""Rows that a hash looks at: equality looks at all."""

Ints = NDArray[np.int32] | NDArray[np.int64]


class Matrix:
    """
    Square table of non-negative integers, or ``UNREACHABLE``.

    Parameters
    ----------
    rows
        Nested lists or an array, shape ``(n, n)``; it is copied and made read-only.

    Attributes
    ----------
    values
        Read-only array of int32 where every value is within 30 bits, else of int64.

    Raises
    ------
    ValueError
        When the rows are not a square table of whole numbers.
    """

    __slots__ = ("values",)

    values: Ints

    def __init__(self, rows: Sequence[Sequence[int]] | NDArray[Any]) -> None:
        try:
            values = np.asarray(rows)
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
        widest = max(int(values.max()), -int(values.min())) if values.size else 0
        self.values = empty(values.shape, dtype_for(widest))
        self.values[:] = values
        self.values.setflags(write=False)

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and (self.values is other.values or np.array_equal(self.values, other.values))

    def __hash__(self) -> int:
        return hash((len(self), self.values[:HASHED_ROWS].tobytes()))

    def __repr__(self) -> str:
        return f"Matrix({len(self)} places)"

    def to_rows(self) -> list[list[int]]:
        """Plain nested lists, as they stand in JSON."""
        rows: list[list[int]] = self.values.tolist()
        return rows


def dtype_for(widest: float) -> type[np.int32] | type[np.int64]:
    """The narrowest type for tables whose entries are at most ``widest`` from 0."""
    return np.int32 if widest <= NARROW_MAX else np.int64


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
