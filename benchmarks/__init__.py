"""Measurements of the platform and the solver; each is a command that prints what it found."""
