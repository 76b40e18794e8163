"""Read-only views for the dashboard; writes no table."""
