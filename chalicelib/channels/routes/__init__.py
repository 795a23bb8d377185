"""The endpoints of channels."""
