"""Use-cases of groups, one module for each thing."""
