"""Loans as their firm, their bank and officers see them, and what they send about one."""
