"""The tables of channels."""
