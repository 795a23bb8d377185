"""What sellers and officers send about deposits."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.banks.rules.references import BankRef
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import TermMoment
from chalicelib.shared.text import one_line, prose

Reference = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$(?!\n)")]
"""Without a line feed at the end, before which Python's `$` stands too: a name that counts once must be one name."""
Reason = Annotated[str, prose(500, least=1)]
Code = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$")]


class DepositPaymentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Without an amount: all that is missing."""

    money: Money | None = None
    """How much is paid in. Left out: all that is missing."""
    by: Literal["transfer", "debit"] = "transfer"
    """`transfer`: the answer says where to pay and under which reference. `debit`: the bank account the seller registered is debited."""


class DepositReleaseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Without an amount: all that may be released."""

    money: Money | None = None
    """How much is asked back. Left out: all that may be released."""


class RiskRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    risk_class: Code
    """A risk class of the rulebook in force: R1 to R4."""
    case: Reference
    """The marketplace's own reference of the case: a case is opened once."""
    reason: Reason
    """What the shop did, in words that it reads."""


class SpecialRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    special: Code
    """A market or service of the rulebook in force: M1 to M4."""


class InsuranceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An insurance that stands in for cash from one instant until just before another."""

    insurer: Annotated[str, one_line(100)]
    """The company that insures."""
    reference: Reference
    """The insurer's own reference of the policy: it counts once."""
    money: Money
    """How much of the deposit it stands in for."""
    valid_from: TermMoment
    valid_until: TermMoment


class InsurerReceiptRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Money of an insurer that reached a bank of ours, for what its policy has paid: all of it, or a part."""

    money: Money
    """How much of it has arrived."""
    bank_id: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,29}$")]
    """The bank that it reached."""
    bank_ref: BankRef
    """The bank's own reference: it is recorded once."""


class HoldRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Freezes part of what is available while a case is open: it still covers, but cannot be released."""

    money: Money
    """How much is held back."""
    case: Reference
    """The platform's name for the case."""
    reason: Reason
    """Why, in words that those concerned read."""


class DeductionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Money taken from the deposit and paid to a member. What the deposit does not hold the platform advances."""

    money: Money
    """How much is taken."""
    cause: Reference
    """What it pays: a claim or case of the marketplace. A cause is deducted for once."""
    reason: Reason
    """What it is for, in words that the seller reads."""
    payee_id: Annotated[str, Meta(min_length=1, max_length=100)]
    """The member who is paid, by its id."""
    bank_id: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,29}$")]
    """The bank that pays it out."""
    account: Annotated[str, Meta(pattern="^[A-Za-z0-9]{6,34}$")]
    """The payee's account at that bank."""


class CorrectionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is wrong on the record: the base amount (`base` is what it should be), or a violation that should not have been opened
    (`risk_id` is struck out at once, without the days its class would go on for). One of the two; nothing changes until a second officer approves.

    Markets and money need no correction: markets are entered and left, money is paid, held, deducted and released by commands of their own.
    """

    base: Money | None = None
    """What the base amount should be."""
    risk_id: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    """The violation that should not stand on the record."""
    reason: Reason
    """Why, in words that those concerned read."""


class DepositsQuery(Waiting, frozen=True, kw_only=True):
    """Deposits to which something happens by itself, the earliest first."""

    owes: bool = False
    """Only those of whose sellers a payment is due or overdue."""


class DepositSimulationQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What if, before the next cut-off, there were `orders` more in `category` and `pay` were paid?"""

    orders: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    """How many orders more the shop would have before the next cut-off."""
    category: Annotated[str, one_line(64, least=0)] = ""
    """The category of the further orders; empty for the one that ranks highest now."""
    pay: Annotated[str, Meta(max_length=30)] = ""
    """A decimal string in the deposit's currency."""
