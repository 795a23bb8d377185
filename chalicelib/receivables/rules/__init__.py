"""What may happen to a receivable, as pure functions."""
