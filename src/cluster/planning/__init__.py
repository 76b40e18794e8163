"""One pool's plan: gather, solve, check, store."""
