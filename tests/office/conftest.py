"""A desk with something on it: things of many kinds that wait for officers, as the streams tell of them."""

from tests.due import bank, debt, desk, outbox, planter, receiver, shop

__all__ = ["bank", "debt", "desk", "outbox", "planter", "receiver", "shop"]
