"""Keeping and reading officers' work, the index of search, who did what, and reports."""
