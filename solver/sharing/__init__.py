"""Who pays what: coalition costs, and rules that split the cost of a shared plan."""
