"""What clients ask of claims, and what they are shown."""
