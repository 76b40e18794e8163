"""Carriers' own systems: orders of shipments that are not pooled, and tours exchanged as files."""
