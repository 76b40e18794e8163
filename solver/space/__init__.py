"""Warehouse space that several owners share over time."""
