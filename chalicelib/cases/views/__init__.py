"""What is asked of cases, and what is answered."""
