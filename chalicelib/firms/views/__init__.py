"""What is asked of firms, and what is answered."""
