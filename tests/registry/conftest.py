"""The fixtures that make items of every machine."""

from tests.due import bank, debt, desk, outbox, planter, receiver, shop

__all__ = ["bank", "debt", "desk", "outbox", "planter", "receiver", "shop"]
