"""The export subsidy: so much for each dollar exported through the platform, booked when the tax refund is paid, reversed as goods come back. Pure.

    booked     half-even on what the export counts for once its tax refund is paid: what came back before lowers it
    reversed   floor(booked * returned since / whole) less what was reversed, all of it where the export is cancelled
    capped     a firm gets the month's most for the tax refunds of one month, and no more
    nothing    where the export was cancelled, sold elsewhere, told of too late or had all come back: a line without an entry says why

What is booked is first set off against what the firm owes from reversals, and paid to the firm's account as soon as it has named one.
Source: credit.md 11, 12 and 17.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Annotated, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.exports.rules.declaration import Channel, Declaration, lines_of
from chalicelib.ledger.rules.chart import PAYOUTS_PAYABLE, SUBSIDIES, SUBSIDIES_PAYABLE, SUBSIDIES_RECEIVABLE
from chalicelib.shared.bounds import most
from chalicelib.shared.journal import Event, PaymentOrder, Posting, transfer
from chalicelib.shared.money import divide
from chalicelib.shared.periods import business_date, month_of

WithoutReason = Literal["cancelled", "exported_elsewhere", "told_too_late", "all_returned"]
"""Why a tax refund brings no subsidy: the declaration is cancelled; the goods were not sold through the platform; it was told of too late; all had come back."""
Reason = Literal["booked", "lowered_by_returns", "monthly_cap", "reversed_in_part", "reversed"] | WithoutReason
"""What made a line's amount: all of the export counts; goods had come back before; the month's most was reached; goods came back, or all did."""
POLICY: Final = "export-subsidies"
PURPOSE: Final = "subsidy"
MOST_MONTHS: Final = 24


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/export-subsidies/`. `per_usd` says how much of the currency is given for a dollar, as decimal strings.

    A tax refund that is told of later than `told_within_days` after it was paid brings no subsidy.
    """

    currency: str
    per_usd: dict[Channel, str]
    most_per_month_minor: int
    told_within_days: int


class Payee(msgspec.Struct, frozen=True):
    """Where a firm's subsidies are paid: its account at a partner bank."""

    bank_id: str
    account: str

    @property
    def masked(self) -> str:
        """What may be shown of the account: the last four characters."""
        return "*" * (len(self.account) - 4) + self.account[-4:]


class Booked(msgspec.Struct, frozen=True, array_like=True):
    """What was booked for the tax refunds of a month."""

    month: str
    minor: int


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A firm's subsidies: every booking and reversal is an entry of its chain. `version` counts them.

    `unpaid_minor` waits for an account to be paid to; `owed_minor` was paid and reversed since, and is set off against what is booked next.
    """

    member_id: str
    version: int = 0
    entry_hash: str = ""
    currency: str
    unpaid_minor: int = 0
    owed_minor: int = 0
    months: Annotated[tuple[Booked, ...], most(MOST_MONTHS, why="the last ones")] = ()
    payee: Payee | None = None

    @property
    def chain(self) -> str:
        return f"subsidy:{self.member_id}"

    @property
    def id(self) -> str:
        """What its timeline is of."""
        return self.chain

    @property
    def recent(self) -> tuple[str, ...]:
        """None: what follows from the journal's stream is not waited for."""
        return ()

    def room_in(self, month: str, policy: Policy) -> int:
        """What may still be booked in a month: nothing in one that is so long ago that it is not kept any more."""
        if self.has_forgotten(month):
            return 0
        booked = sum(each.minor for each in self.months if each.month == month)
        return max(0, policy.most_per_month_minor - booked)

    def has_forgotten(self, month: str) -> bool:
        return len(self.months) == MOST_MONTHS and month < self.months[0].month


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What reversals are worked out on: so much stood for goods of `whole_minor`, when `returned_minor` had come back and `reversed_minor` been reversed."""

    minor: int
    whole_minor: int
    returned_minor: int
    reversed_minor: int
    corrections: int


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One declaration's subsidy, as a statement has it. `capped_minor` is what the month's most left out."""

    declaration_id: str
    declaration_no: str
    channel: Channel
    rate: str
    refund_on: date
    usd_minor: int
    booked_minor: int
    capped_minor: int = 0
    reversed_minor: int = 0
    reason: Reason
    basis: Basis
    policy: str
    booked_at: datetime
    updated_at: datetime

    @property
    def net_minor(self) -> int:
        return self.booked_minor - self.reversed_minor


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """A line in its next version, the firm's account after it, and the event that books both: none where nothing is booked."""

    line: Line
    account: Account
    event: Event | None


def settle(
    account: Account,
    line: Line | None,
    declaration: Declaration,
    policy: Policy,
    policy_hash: str,
    now: datetime,
    today: date,
) -> Settlement | None:
    """What a declaration, as it is known now, does to the subsidy of a firm. None where that is as it should be."""
    if line is None:
        refund_on = declaration.fact.tax_refund_paid_on
        if refund_on is None or declaration.fact.member_id != account.member_id:
            return None
        why = _without(declaration, refund_on, policy, today)
        booking = None if why else _book(account, declaration, policy, policy_hash, now, refund_on)
        return booking or _noted(account, declaration, policy, policy_hash, now, refund_on, why)
    if line.basis.corrections != declaration.seq:
        return _corrected(account, line, declaration, policy, policy_hash, now)
    counts = _counts(declaration, account.member_id)
    reversed_minor = _to_reverse(line, declaration) if counts else line.net_minor
    return _reverse(account, line, reversed_minor, line.basis, now) if reversed_minor else None


def with_payee(account: Account, payee: Payee) -> tuple[Account, Event]:
    """The firm has named where it is paid: all that waits is paid there."""
    postings, orders = _paid(account, payee, account.unpaid_minor, (SUBSIDIES_PAYABLE, account.member_id))
    payload = {
        "bank_id": payee.bank_id,
        "account": payee.masked,
        "paid_minor": account.unpaid_minor,
        "currency": account.currency,
    }
    after = replace(account, payee=payee, unpaid_minor=0, version=account.version + 1)
    return after, Event("subsidy.account_named", payload, postings, payment_orders=orders)


def _counts(declaration: Declaration, member_id: str) -> bool:
    fact = declaration.fact
    is_refunded = declaration.is_standing and fact.tax_refund_paid_on is not None
    return is_refunded and fact.origin == "platform" and fact.member_id == member_id


def _without(declaration: Declaration, refund_on: date, policy: Policy, told_on: date) -> WithoutReason | None:
    """Why the tax refund brings no subsidy, where it brings none."""
    fact = declaration.fact
    if fact.status == "cancelled":
        return "cancelled"
    if fact.origin != "platform":
        return "exported_elsewhere"
    if told_on - refund_on > timedelta(days=policy.told_within_days):
        return "told_too_late"
    return "all_returned" if declaration.returned_minor == fact.amount_minor else None


def _noted(
    account: Account,
    declaration: Declaration,
    policy: Policy,
    policy_hash: str,
    now: datetime,
    refund_on: date,
    why: WithoutReason | None,
) -> Settlement:
    """A line that books nothing, so that the statement tells why; an amount below half a fen is `booked` as nothing."""
    line = replace(_begun(declaration, policy, policy_hash, now, refund_on), reason=why or "booked")
    return Settlement(line=line, account=account, event=None)


def _begun(declaration: Declaration, policy: Policy, policy_hash: str, now: datetime, refund_on: date) -> Line:
    """A declaration's line on which nothing is booked yet."""
    fact = declaration.fact
    return Line(
        declaration_id=declaration.id,
        declaration_no=fact.declaration_no,
        channel=fact.channel,
        rate=policy.per_usd[fact.channel],
        refund_on=refund_on,
        usd_minor=_usd_minor(declaration),
        booked_minor=0,
        reason="booked",
        basis=_basis(declaration, 0, 0),
        policy=policy_hash,
        booked_at=now,
        updated_at=now,
    )


def _usd_minor(declaration: Declaration) -> int:
    """US cents that the export counts for as of now."""
    return sum(line.usd_minor for _, line in lines_of(declaration))


def _due_minor(declaration: Declaration, refund_on: date, policy: Policy, told_on: date) -> int:
    """The subsidy on what the export counts for as of now."""
    if _without(declaration, refund_on, policy, told_on):
        return 0
    rate = Fraction(policy.per_usd[declaration.fact.channel])
    return divide(_usd_minor(declaration) * rate.numerator, rate.denominator)


def _basis(declaration: Declaration, minor: int, reversed_minor: int) -> Basis:
    returned_minor = declaration.returned_minor
    return Basis(
        minor=minor,
        whole_minor=declaration.fact.amount_minor - returned_minor,
        returned_minor=returned_minor,
        reversed_minor=reversed_minor,
        corrections=declaration.seq,
    )


def _book(
    account: Account, declaration: Declaration, policy: Policy, policy_hash: str, now: datetime, refund_on: date
) -> Settlement | None:
    """What is due, as far as the month allows."""
    due_minor = _due_minor(declaration, refund_on, policy, business_date(now))
    if not due_minor:
        return None
    month = month_of(refund_on)
    minor = min(due_minor, account.room_in(month, policy))
    line = _booked(_begun(declaration, policy, policy_hash, now, refund_on), declaration, due_minor, minor, now)
    return _granted(replace(account, months=_with(account.months, month, minor)), line, minor)


def _corrected(
    account: Account, line: Line, declaration: Declaration, policy: Policy, policy_hash: str, now: datetime
) -> Settlement:
    """After an officer's correction the subsidy is what it would be, had it been told so: its month gets back what it took, and the line takes of
    the month that it is of now. More is booked, less is reversed.
    """
    refund_on = declaration.fact.tax_refund_paid_on or line.refund_on
    counts = _counts(declaration, account.member_id)
    due_minor = _due_minor(declaration, refund_on, policy, business_date(line.booked_at)) if counts else 0
    before, month, own_minor = month_of(line.refund_on), month_of(refund_on), line.basis.minor
    freed = replace(account, months=_with(account.months, before, -own_minor))
    room = freed.room_in(month, policy)
    if account.has_forgotten(month):
        room = own_minor if month == before else 0
    minor = min(due_minor, room)
    changed = replace(freed, months=_with(freed.months, month, minor))
    more = minor - line.net_minor
    if more < 0:
        basis = _basis(declaration, minor, line.reversed_minor - more)
        kept = replace(line, refund_on=refund_on, capped_minor=due_minor - minor)
        return _reverse(changed, kept, -more, basis, now)
    if not more and changed.months == account.months:
        seen = replace(line, basis=replace(line.basis, corrections=declaration.seq))
        return Settlement(line=seen, account=account, event=None)
    begun = _begun(declaration, policy, policy_hash, now, refund_on)
    carried = replace(begun, reversed_minor=line.reversed_minor, booked_at=line.booked_at)
    return _granted(changed, _booked(carried, declaration, due_minor, minor, now), more)


def _booked(line: Line, declaration: Declaration, due_minor: int, minor: int, now: datetime) -> Line:
    """The line when so much of what is due stands."""
    lowered = "lowered_by_returns" if declaration.fact.returns else "booked"
    return replace(
        line,
        booked_minor=minor + line.reversed_minor,
        capped_minor=due_minor - minor,
        reason="monthly_cap" if minor < due_minor else lowered,
        basis=_basis(declaration, minor, line.reversed_minor),
        updated_at=now,
    )


def _granted(account: Account, line: Line, minor: int) -> Settlement:
    """So much more: set off against what is owed, then paid or kept until the firm names an account."""
    set_off = min(account.owed_minor, minor)
    granted = transfer(
        set_off,
        account.currency,
        debit_to=(SUBSIDIES, account.member_id),
        credit_to=(SUBSIDIES_RECEIVABLE, account.member_id),
    )
    paid, orders = _paid(account, account.payee, minor - set_off, (SUBSIDIES, account.member_id))
    after = replace(
        account,
        owed_minor=account.owed_minor - set_off,
        unpaid_minor=account.unpaid_minor + (0 if account.payee else minor - set_off),
        version=account.version + 1,
    )
    payload = {**_payload_of(line, account, minor), "capped_minor": line.capped_minor, "set_off_minor": set_off}
    event = Event("subsidy.booked", payload, granted + paid, line.policy, orders)
    return Settlement(line=line, account=after, event=event)


def _to_reverse(line: Line, declaration: Declaration) -> int:
    """What came back since lowers the line pro rata; the return that makes it whole takes what the others left."""
    basis = line.basis
    if not basis.whole_minor:
        return 0
    since = declaration.returned_minor - basis.returned_minor
    return divide(basis.minor * since, basis.whole_minor, "down") - (line.reversed_minor - basis.reversed_minor)


def _reverse(account: Account, line: Line, minor: int, basis: Basis, now: datetime) -> Settlement:
    """Taken off what is not paid yet, else owed by the firm."""
    after = replace(line, reversed_minor=line.reversed_minor + minor, basis=basis, updated_at=now)
    after = replace(after, reason="reversed" if after.net_minor == 0 else "reversed_in_part")
    unpaid = min(minor, account.unpaid_minor)
    owner = account.member_id
    postings = (
        *transfer(unpaid, account.currency, debit_to=(SUBSIDIES_PAYABLE, owner), credit_to=(SUBSIDIES, owner)),
        *transfer(
            minor - unpaid, account.currency, debit_to=(SUBSIDIES_RECEIVABLE, owner), credit_to=(SUBSIDIES, owner)
        ),
    )
    changed = replace(
        account,
        unpaid_minor=account.unpaid_minor - unpaid,
        owed_minor=account.owed_minor + minor - unpaid,
        version=account.version + 1,
    )
    event = Event("subsidy.reversed", _payload_of(after, account, minor), postings, line.policy)
    return Settlement(line=after, account=changed, event=event)


def _paid(
    account: Account, payee: Payee | None, minor: int, source: tuple[str, str]
) -> tuple[tuple[Posting, ...], tuple[PaymentOrder, ...]]:
    """On its way to the firm's bank, or kept until it names one."""
    owner = account.member_id
    if payee is None:
        return transfer(minor, account.currency, debit_to=source, credit_to=(SUBSIDIES_PAYABLE, owner)), ()
    if not minor:
        return (), ()
    order = PaymentOrder(
        kind="payout",
        bank_id=payee.bank_id,
        aggregate_id=owner,
        currency=account.currency,
        amount_minor=minor,
        party=owner,
        account=payee.account,
        purpose=PURPOSE,
    )
    return transfer(minor, account.currency, debit_to=source, credit_to=(PAYOUTS_PAYABLE, owner)), (order,)


def _with(months: tuple[Booked, ...], month: str, minor: int) -> tuple[Booked, ...]:
    sums = {each.month: each.minor for each in months}
    sums[month] = max(0, sums.get(month, 0) + minor)
    return tuple(Booked(each, sums[each]) for each in sorted(sums) if sums[each])[-MOST_MONTHS:]


def _payload_of(line: Line, account: Account, minor: int) -> dict[str, str | int]:
    """What an entry tells of a line: the amount that it books or reverses, and for what."""
    return {
        "declaration_id": line.declaration_id,
        "declaration_no": line.declaration_no,
        "channel": line.channel,
        "rate": line.rate,
        "exported_usd_minor": line.usd_minor,
        "amount_minor": minor,
        "currency": account.currency,
    }
