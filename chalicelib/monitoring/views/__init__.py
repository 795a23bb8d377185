"""What is asked of monitoring, and what is answered."""
