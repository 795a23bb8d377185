"""What is sent about card and wallet payments and settlements, and what is answered."""
