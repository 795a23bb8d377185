"""The partner banks, and the accounts at each that buyers are told to pay into. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.texts import say


class NotAPartner(RuleViolation):
    code = "not_a_partner_bank"
    title = "That is not a partner bank."
    fix = "Name a bank of the policy `banks`: GET /v1/policies/banks."


class CurrencyNotPayable(RuleViolation):
    code = "currency_not_payable"
    title = "Nobody can be paid in that currency."
    fix = "Use one of `currencies`: a partner bank holds an account of ours in each of them (GET /v1/policies/banks)."


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A bank that may tell us of payments. `accounts` are our designated accounts there, by currency.

    `address` is where it takes instructions, an `https` URL; without one they go to the officers' queue.
    """

    id: str
    name: str
    accounts: dict[str, tuple[str, ...]]
    address: str = ""

    def designates(self, account: str, currency: str) -> bool:
        return account in self.accounts.get(currency, ())

    def must_pay_in(self, currency: str, *, param: str = "currency") -> None:
        """CurrencyNotPayable where we hold no account of that currency there."""
        if not self.accounts.get(currency):
            raise CurrencyNotPayable(
                say("{name} pays nobody in {currency}.", name=self.name, currency=currency),
                param=param,
                currencies=sorted(self.accounts),
            )


class InstructionPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How patient we are with instructions.

    `retry_hours` after each failure; `inquire_minutes` after sending and after each answer that settles nothing, the last one again and
    again. `asks_account`: what failed for good is tried once more to another account, which its party names; else it is an officer's. Kinds in `final` are not tried again. What is unclear for `indeterminate_hours`, or accepted and not settled for `settle_days`, is an officer's. `bad_account` names the
    reasons for which no retry to the same account can help.
    """

    retry_hours: tuple[int, ...]
    inquire_minutes: tuple[int, ...]
    indeterminate_hours: int
    settle_days: int
    account_days: int
    manual_days: int
    stop_hours: int
    bad_account: tuple[str, ...]
    asks_account: bool = True
    final: tuple[str, ...] = ()

    def inquire_at(self, inquiries: int, now: datetime) -> datetime:
        """When to ask about an attempt, after so many questions."""
        return now + timedelta(minutes=self.inquire_minutes[min(inquiries, len(self.inquire_minutes) - 1)])


class Acquirer(msgspec.Struct, frozen=True, kw_only=True):
    """A partner that takes cards or wallets for us: it tells and is told as banks are, and buyers pay at its `checkout`.

    `address` is where it takes instructions, as a bank's is.
    """

    id: str
    name: str
    checkout: str
    address: str = ""

    def checkout_of(self, payment_id: str) -> str:
        """Where its buyer is sent to pay."""
        return f"{self.checkout.rstrip('/')}/{payment_id}"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The policy `banks`: who partners are, how long an early event and unmatched money wait, how instructions are tried.

    In a sequence the bank is asked for what is missing after `replay_minutes`, and somebody told after `alert_hours`; an event about
    something that is not known waits for it for `unknown_hours`.
    """

    parked_hours: int
    suspense_days: int
    replay_minutes: int
    alert_hours: int
    unknown_hours: int
    instructions: InstructionPolicy
    acquirer_instructions: InstructionPolicy
    """The same of acquirers, which refuse a refund for good: what cannot go back the way it came is an officer's, to be paid by bank transfer."""
    partners: tuple[Partner, ...]
    acquirers: tuple[Acquirer, ...]

    def partner(self, bank_id: str) -> Partner | None:
        return next((partner for partner in self.partners if partner.id == bank_id), None)

    def acquirer(self, acquirer_id: str) -> Acquirer | None:
        return next((acquirer for acquirer in self.acquirers if acquirer.id == acquirer_id), None)

    def sender(self, sender_id: str) -> Partner | Acquirer | None:
        """Whoever tells us by signed events, and takes instructions: a bank or an acquirer."""
        return self.partner(sender_id) or self.acquirer(sender_id)

    def patience_with(self, sender_id: str) -> InstructionPolicy:
        return self.acquirer_instructions if self.acquirer(sender_id) else self.instructions

    @property
    def currencies(self) -> list[str]:
        """What can be paid in and out: the currencies of our accounts at any of them."""
        return sorted({code for partner in self.partners for code, accounts in partner.accounts.items() if accounts})

    def must_be_payable(self, currency: str, *, param: str = "currency") -> None:
        """CurrencyNotPayable with the currencies that are."""
        if currency not in self.currencies:
            raise CurrencyNotPayable(
                say("No partner bank has an account of ours in {currency}.", currency=currency),
                param=param,
                currencies=self.currencies,
            )

    @property
    def parked(self) -> timedelta:
        return timedelta(hours=self.parked_hours)

    @property
    def unknown(self) -> timedelta:
        return timedelta(hours=self.unknown_hours)

    def deadlines(self, now: datetime) -> dict[str, datetime]:
        """When the bank is asked for what is missing, and when somebody is told that it still is."""
        return {
            "replay_at": now + timedelta(minutes=self.replay_minutes),
            "alert_at": now + timedelta(hours=self.alert_hours),
        }

    @property
    def suspense(self) -> timedelta:
        return timedelta(days=self.suspense_days)
