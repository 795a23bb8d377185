"""What clients send and see of the day-book: feeds, imports, and the days of a member."""
