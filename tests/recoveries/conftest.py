"""The fixture every test of this folder that speaks to the API begins with."""

from tests.recoveries.owing import debt

__all__ = ["debt"]
