"""What officers send and see of their work."""
