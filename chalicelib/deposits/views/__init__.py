"""What is asked of deposits, and what is answered."""
