"""What is asked of channels, and what is answered."""
