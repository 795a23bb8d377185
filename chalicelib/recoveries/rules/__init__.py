"""Recoveries: what is owed, the state machine, asking, receiving, instalments, deadlines. Pure."""
