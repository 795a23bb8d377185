"""What is asked of credit, and what is answered, one module for each thing."""
