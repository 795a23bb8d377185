"""The tables of conduct."""
