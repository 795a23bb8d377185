"""Claims: reasons, what they need, the machine they go through and what they are worth. Pure."""
