"""Use-cases of receivables: what suppliers and buyers do (`commands`), what loans and orders do (`following`), how they are looked at (`reading`)."""
