"""What banks send, and what people see of banks: `inbox` of their events, `outbox` of our instructions."""

from chalicelib.banks.views.inbox import BankEventsQuery, BankEventTaken, BankEventView, Envelope, view

__all__ = ["BankEventTaken", "BankEventView", "BankEventsQuery", "Envelope", "view"]
