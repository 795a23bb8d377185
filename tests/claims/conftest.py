"""Claims that are paid."""

from tests.claims.refunds import refunds

__all__ = ["refunds"]
