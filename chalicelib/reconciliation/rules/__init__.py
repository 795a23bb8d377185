"""What a difference between a bank's books and ours is, and what is done about it: values only."""
