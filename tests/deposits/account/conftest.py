"""The fixture every test of this folder that speaks to the API begins with."""

from tests.deposits.account.shop import shop

__all__ = ["shop"]
