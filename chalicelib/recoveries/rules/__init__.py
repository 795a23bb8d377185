"""Recoveries: what is owed, transitions, timers, asking, receiving, instalments. Pure."""
