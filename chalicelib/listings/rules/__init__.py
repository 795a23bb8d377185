"""What may happen to a listing, and what it costs to take of it, as pure functions."""
