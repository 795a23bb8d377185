"""Use-cases of loans: what is done with one (`commands`), how it is looked at (`reading`)."""
