"""Comparing what banks tell with what we hold, and what officers decide about the differences."""
