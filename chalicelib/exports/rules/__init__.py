"""What is decided about exports: what a declaration is, what it counts for on which day. Pure."""
