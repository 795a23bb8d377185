"""Use-cases of card and wallet payments: what parties do (`commands`), what entries bring about (`following`), how they are looked at (`reading`)."""
