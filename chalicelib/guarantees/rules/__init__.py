"""What may happen to calls, to claims between members and to pools, as pure functions."""
