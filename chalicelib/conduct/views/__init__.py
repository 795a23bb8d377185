"""What is asked of conduct, and what is answered."""
