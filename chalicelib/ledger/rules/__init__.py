"""The chart of accounts, and what can be said of books from their entries alone: balances, sums, chains. Pure."""
