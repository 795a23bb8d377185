"""Rulebooks of deposits: published, kept, compared, tried out over all sellers."""
