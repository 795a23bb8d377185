"""What a claim is worth by the rules: the case, the drafted decision, what it may still come to. Pure."""
