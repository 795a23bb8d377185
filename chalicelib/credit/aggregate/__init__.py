"""What ties each machine of credit to its table and its view, and who is what to it."""
