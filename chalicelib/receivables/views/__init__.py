"""What is sent about receivables, and what is answered."""
