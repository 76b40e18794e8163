"""Search for routes: engines, the first plan, and the rounds that mix what they find."""
