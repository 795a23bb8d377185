"""The endpoints of officers' work."""
