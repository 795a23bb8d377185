"""Deposits: rulebooks, what is required, what was true at a cut-off, and the decision of a month. Pure."""
