"""Who drives: vehicle types and their tariffs."""
