"""Fixtures of the books: a tour that was driven and may be billed, of which every test has a copy."""

from tests.cluster.freight.conftest import (  # noqa: F401  (one tour is driven, and billed)
    billed,
    billed_database,
    copied_billed,
    copied_day,
    day,
    day_database,
    original_billed,
    original_day,
)
