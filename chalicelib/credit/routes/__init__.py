"""The endpoints of credit, one module for each thing."""
