"""Files out: templates, faults, exported shipments. No cell of them is a formula."""
