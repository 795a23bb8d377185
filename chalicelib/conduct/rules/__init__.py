"""Rules of conduct: what counts for a firm, and what it comes to. Pure."""
