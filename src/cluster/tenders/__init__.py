"""Tours tendered to carriers: asked, answered, awarded."""
