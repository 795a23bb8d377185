"""Use-cases of quotes: asking for one (`commands`), looking at one and at payment methods (`reading`)."""
