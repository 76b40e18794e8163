"""EDGE_WEIGHT_SECTION: a full or triangular matrix as one stream of numbers."""

import numpy as np
from numpy.typing import NDArray

from solver.formats.text import NUMBER_MAX, Faults, Line, number_of, quoted
from solver.formats.vrplib_sections import Skeleton

SAID_MAX = 20
TRIANGLES = {
    "LOWER_ROW": (False, False),
    "LOWER_DIAG_ROW": (False, True),
    "UPPER_ROW": (True, False),
    "UPPER_DIAG_ROW": (True, True),
    "LOWER_COL": (True, False),
    "UPPER_COL": (False, False),
}
"""Whether the stream fills the upper triangle by rows (else the lower), and whether the diagonal is in it."""
FORMATS = ("FULL_MATRIX", *TRIANGLES)


def weights_of(skeleton: Skeleton, size: int, faults: Faults) -> NDArray[np.float64] | None:
    """
    Distances in the file's units, shape ``(size, size)``; None where they follow from coordinates.

    A column of the lower triangle is a row of the upper one, because triangles are symmetric.
    """
    lines = skeleton.sections.get("EDGE_WEIGHT")
    number, form = skeleton.specifications.get("EDGE_WEIGHT_FORMAT", (1, ""))
    if lines is None:
        if form not in ("", "FUNCTION"):
            cause = f"EDGE_WEIGHT_FORMAT is {quoted(form)}, and there is no EDGE_WEIGHT_SECTION"
            faults.add("section_missing", f"line {number}", cause, "give the section, or leave the format out")
        return None
    if form not in FORMATS:
        cause = f"EDGE_WEIGHT_FORMAT {quoted(form)} is not read"
        faults.add("weight_format_unknown", f"line {number}", cause, f"give one of {', '.join(FORMATS)}")
        return None
    wanted = size * size
    if form != "FULL_MATRIX":
        wanted = size * (size + 1) // 2 if TRIANGLES[form][1] else size * (size - 1) // 2
    values = _stream(lines, faults)
    if values is None:
        return None
    if len(values) != wanted:
        at = f"EDGE_WEIGHT_SECTION, line {lines[-1][0] if lines else skeleton.begins['EDGE_WEIGHT']}"
        cause = f"it has {len(values):,} numbers; {form} of {size} nodes has {wanted:,}"
        faults.add("row_count", at, cause, "give one number a pair; is the file cut off?")
        return None
    return values.reshape(size, size) if form == "FULL_MATRIX" else _mirrored(values, size, *TRIANGLES[form])


def _stream(lines: list[Line], faults: Faults) -> NDArray[np.float64] | None:
    """All numbers, wherever lines end."""
    text = " ".join(line for _, line in lines)
    try:
        values = np.array(text.split(), dtype=np.float64)
    except ValueError:
        values = np.array([np.nan])
    if "_" not in text and np.all((values >= 0) & (values <= NUMBER_MAX)):
        return values
    said = 0
    for number, line in lines:
        for token in line.split():
            value = number_of(token)
            if (value is None or value < 0) and said < SAID_MAX:
                said += 1
                cause = f"{quoted(token)} is no distance from 0 to {NUMBER_MAX:,}"
                faults.add("number_malformed", f"EDGE_WEIGHT_SECTION, line {number}", cause, "give such a number")
    return None


def _mirrored(values: NDArray[np.float64], size: int, upper: bool, diagonal: bool) -> NDArray[np.float64]:
    """A symmetric matrix from one triangle in rows."""
    full = np.zeros((size, size))
    shift = 0 if diagonal else 1
    rows, columns = np.triu_indices(size, shift) if upper else np.tril_indices(size, -shift)
    full[rows, columns] = values
    full[columns, rows] = values
    return full
