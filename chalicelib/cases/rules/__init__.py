"""What may happen to a case, as pure functions."""
