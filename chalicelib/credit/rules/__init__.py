"""What banks offer, what they may see, and what becomes of an application, as pure functions."""
