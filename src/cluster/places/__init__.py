"""Where things are, and how far apart."""
