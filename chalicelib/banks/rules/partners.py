"""The partner banks, and the accounts at each that buyers are told to pay into. Pure."""

from __future__ import annotations

from datetime import timedelta

import msgspec


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A bank that may tell us of payments. `accounts` are our designated accounts there, by currency."""

    id: str
    name: str
    accounts: dict[str, tuple[str, ...]]

    def designates(self, account: str, currency: str) -> bool:
        return account in self.accounts.get(currency, ())


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The policy `banks`: who they are, how long an early event waits, and how long unmatched money does."""

    parked_hours: int
    suspense_days: int
    partners: tuple[Partner, ...]

    def partner(self, bank_id: str) -> Partner | None:
        return next((partner for partner in self.partners if partner.id == bank_id), None)

    @property
    def parked(self) -> timedelta:
        return timedelta(hours=self.parked_hours)

    @property
    def suspense(self) -> timedelta:
        return timedelta(days=self.suspense_days)
