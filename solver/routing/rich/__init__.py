"""A compiled ruin-and-recreate search for problems with every feature."""
