"""Shared warehouse space over time: who gets which space on which days, at which price, and what is nearest to a no."""
