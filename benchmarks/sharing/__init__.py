"""The cost split: exactness, proof and speed of coalition costs, beside the naive way."""
