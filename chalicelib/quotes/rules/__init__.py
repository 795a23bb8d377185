"""What a price comes to in the buyer's currency, and by which methods it may be paid, as pure functions."""
