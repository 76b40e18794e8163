"""A compiled ruin-and-recreate search for one-sided orders with one window each: fast above all."""
