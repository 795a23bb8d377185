"""What a loan owes and what may happen to it, as pure functions."""
