"""The endpoints of guarantees, one module for each thing."""
