"""Who drives: carriers and their papers, vehicle types and their tariffs."""
