"""The tables of groups and of their rule sheets."""
