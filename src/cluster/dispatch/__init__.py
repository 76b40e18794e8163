"""Published routes as tours: stops, events, proofs, papers."""
