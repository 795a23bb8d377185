"""Use-cases of listings."""
