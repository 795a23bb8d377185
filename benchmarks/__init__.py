"""Figures: what the system costs in calls, units, CPU time. Each prints what it measured beside the floor it states."""
