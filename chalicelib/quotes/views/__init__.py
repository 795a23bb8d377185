"""What is sent about quotes, and what is answered."""
