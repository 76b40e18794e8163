"""Lower bounds by column generation, and proofs that a plan is optimal."""

from solver.colgen.bound import ColumnBound, lower_bound, warm

__all__ = ["ColumnBound", "lower_bound", "warm"]
