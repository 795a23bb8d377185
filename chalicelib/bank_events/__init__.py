"""Joins what a bank tells us to what it settles; the only slice that sees several."""
