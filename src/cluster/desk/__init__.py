"""What the coordinator does by hand to a plan, and what explains it."""
