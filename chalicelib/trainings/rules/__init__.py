"""Rules of trainings: the event with its places, and what is done with it. Pure."""
