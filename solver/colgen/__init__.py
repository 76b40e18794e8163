"""Lower bounds by column generation, and proofs that a plan is optimal."""

from solver.colgen.bound import ColumnBound, lower_bound, warm
from solver.colgen.whole import Whole

__all__ = ["ColumnBound", "Whole", "lower_bound", "warm"]
