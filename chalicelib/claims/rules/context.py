"""What a change of a claim is decided on besides the claim: its order, the policies of both, and what its supplier's own money could give. Pure."""

from __future__ import annotations

from msgspec import Struct

from chalicelib.claims.rules.claim import Claim
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.orders.rules.order import Order, Policy
from chalicelib.suppliers.rules.balance import Balance


class Context(Struct, frozen=True, kw_only=True):
    """`terms` is the order's policy. `balance` and `deposit` are read only where what is held for the order may not suffice."""

    order: Order
    terms: Policy
    policy: ClaimPolicy
    balance: Balance | None = None
    deposit: tuple[Deposit, Books] | None = None

    @property
    def balance_minor(self) -> int:
        return self.balance.minor if self.balance else 0

    def is_moot(self, claim: Claim) -> bool:
        """Whether nothing of the payments is left that the claim could bring, nor was any of it paid."""
        return self.order.refundable_minor == 0 and not claim.interim_payment_minor
