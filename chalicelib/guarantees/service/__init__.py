"""Use-cases of guarantees, one module for each thing."""
