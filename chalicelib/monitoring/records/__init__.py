"""The tables of monitoring, one module for each thing."""
