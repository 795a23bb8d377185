"""The books: statements of accounts, the trial balance, and whether the journal bears them out."""
