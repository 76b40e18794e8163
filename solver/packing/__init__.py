"""Loads: what fits where, and into which container."""
