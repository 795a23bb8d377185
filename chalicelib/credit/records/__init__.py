"""The tables of credit, one module for each."""
