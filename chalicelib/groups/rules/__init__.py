"""Who stands together, and what may happen to a group, as pure functions."""
