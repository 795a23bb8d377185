"""The tables of guarantees, one module for each aggregate."""
