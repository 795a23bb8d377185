"""What acquirers tell of card and wallet payments, what a dispute does, and what exporters are settled, as pure functions."""
