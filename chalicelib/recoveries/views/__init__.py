"""What is asked of recoveries, and what is answered."""
