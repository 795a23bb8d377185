"""What ties the state machines of guarantees to their tables and views, one module for each."""
