"""Clusters, their members, and the keys that open the door."""
