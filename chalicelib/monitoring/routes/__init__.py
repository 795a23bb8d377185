"""The endpoints of monitoring."""
