"""The endpoints of conduct."""
