"""The platform: members book, the cluster plans together, the cost is split fairly."""
