"""The tables of groups, one module for each."""
