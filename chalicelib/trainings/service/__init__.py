"""Use-cases of trainings."""
