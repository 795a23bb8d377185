"""Use-cases of channels: what officers, agencies and suppliers do, and how it is looked at."""
