"""What ties the state machines of conduct to their tables and views."""
