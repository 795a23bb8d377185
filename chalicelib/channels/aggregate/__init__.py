"""Channels, nominations and memberships as aggregates."""
