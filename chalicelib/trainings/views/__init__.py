"""What is asked of trainings, and what is answered."""
