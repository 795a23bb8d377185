"""Use-cases of cases: what one may be about (`subjects`), what is done with it (`commands`), how it is looked at (`reading`)."""
