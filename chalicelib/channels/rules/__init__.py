"""What a country channel is, who is in it, and what may happen to either, as pure functions."""
