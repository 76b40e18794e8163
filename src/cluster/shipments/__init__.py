"""What members book, and the windows in which it is pooled."""
