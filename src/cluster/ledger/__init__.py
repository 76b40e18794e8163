"""The books: double entry that is written once, for whatever the cluster has to settle."""
