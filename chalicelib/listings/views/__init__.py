"""What is asked of listings, and what is answered."""
