"""What is asked of guarantees, and what is answered."""
