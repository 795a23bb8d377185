"""Use-cases of conduct: what entries earn (`following`), how the index is looked at and signed (`integrity`), what officers take back (`incentives`)."""
