"""Events out: endpoints of members, signed deliveries, retries and replay."""
