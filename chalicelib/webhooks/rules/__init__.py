"""Outgoing webhooks: who is told what, where, and how often it is tried. Pure."""
