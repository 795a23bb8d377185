"""Use-cases of the day-book: recording facts each once, feeds, imports, and reading what the facts add up to."""
