"""What monitoring keeps in tables."""
