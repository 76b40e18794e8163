"""Problems and plans of other planners: VRPLIB, Solomon, Li & Lim, VROOM (docs/formats.md)."""
