"""The endpoints of groups."""
