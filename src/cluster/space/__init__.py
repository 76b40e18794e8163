"""Warehouse space that a cluster shares: offered, booked, waited for, re-planned, and split."""
