"""From a file's bytes to lines of cells, in a process of its own: nothing in a file can hurt more than that process."""
