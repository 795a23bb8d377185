"""Money that comes: collected by a debit, taken from the supplier's balance, recorded by hand. Pure.

Each receipt frees cover in proportion, credits what the platform advanced (or what it had given up), and ends the recovery where
nothing is left. What a bank collected above what was owed belongs to the supplier: it goes to its balance, once. What is collected again after it was
charged back makes that good first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.rules import chart
from chalicelib.recoveries.rules import recovery as rules
from chalicelib.recoveries.rules.transitions import TABLE
from chalicelib.shared import bounds
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Change, Effect
from chalicelib.shared.texts import say
from chalicelib.suppliers.rules.balance import Draw
from chalicelib.suppliers.rules.effects import DrawBalance, RepayCover


class MoreThanOwed(RuleViolation):
    code = "more_than_owed"
    title = "That is more than the supplier owes."
    fix = "Record at most `maximum`; what was paid above it is not this recovery's."


class OtherCurrency(RuleViolation):
    code = "not_the_recoverys_currency"
    title = "The recovery is in another currency."
    fix = "State the amount in the recovery's own currency."


def collected(was: rules.Recovery, instruction_id: str, seq: int, minor: int, now: datetime) -> Change[rules.Recovery]:
    """A debit that the bank carried out, whenever it did: in time, late, or after everything was paid."""
    recovery = replace(was, debit_minor=max(0, was.debit_minor - minor))
    return _received(recovery, "debit", instruction_id, minor, (chart.COLLECTED, was.supplier_id), now, seq=seq)


def charged_back(
    was: rules.Recovery, instruction_id: str, seq: int, now: datetime, *, tried_again: bool, debit_due_at: datetime
) -> Change[rules.Recovery]:
    """A debit went back after the bank had settled it: it is owed again, and what had ended is demanded again.

    The cover it had made free stays free: other orders may hold it by now. It is counted as repaid and not freed twice.
    """
    lost = _standing_receipt(was, instruction_id)
    returned = replace(
        lost or rules.Receipt(by="debit", source=instruction_id, amount_minor=0, at=now), charged_back_at=now, seq=seq
    )
    others = tuple(receipt for receipt in was.receipts if receipt is not lost)
    again = lost is not None and was.status in ("debited", "recovered") and lost.amount_minor > 0
    under_way = lost.amount_minor + lost.excess_minor if lost and tried_again else 0
    return TABLE.change(
        was,
        "debit.charged_back",
        now,
        event="debit_charged_back",
        status="demanded" if again else was.status,
        received_minor=was.received_minor - returned.amount_minor,
        written_off_minor=was.written_off_minor + (returned.amount_minor if was.status == "written_off" else 0),
        receipts=(*others, returned),
        debit_minor=was.debit_minor + under_way,
        debit_due_at=debit_due_at if again else was.debit_due_at,
        ended_at=None if again else was.ended_at,
        postings=_postings_back(was, returned),
        payload={"amount_minor": returned.amount_minor, "remaining_minor": was.remaining_minor + returned.amount_minor},
    )


def manual(
    was: rules.Recovery, bank_id: str, bank_ref: str, minor: int, currency: str, now: datetime
) -> Change[rules.Recovery]:
    """Money that reached a bank of ours in another way: MoreThanOwed and OtherCurrency say why it is not taken."""
    source = f"{bank_id}:{bank_ref}"
    if currency != was.currency:
        raise OtherCurrency(
            say("The recovery is in {currency}.", currency=was.currency), param="money.currency", currency=was.currency
        )
    bounds.must_have_room(
        [each for each in was.receipts if each.by == "manual"], rules.MOST_MANUAL, rules.TooManyReceipts
    )
    if minor > was.remaining_minor:
        most = Money.of(was.remaining_minor, was.currency)
        raise MoreThanOwed(
            say("{amount} {currency} are left.", amount=most.grouped, currency=most.currency),
            param="money.amount",
            maximum=msgspec.to_builtins(most),
        )
    return _received(was, "manual", source, minor, (chart.BANK_CLEARING, bank_id), now)


def set_off(was: rules.Recovery, context: rules.Context, at: datetime) -> Change[rules.Recovery] | None:
    """Take from the supplier's balance what is due and there; None where that is nothing."""
    balance = context.balance
    minor = min(balance.minor, rules.to_set_off_minor(was, at)) if balance else 0
    if balance is None or minor <= 0:
        return None
    draw = DrawBalance(supplier_id=was.supplier_id, draw=Draw(was.currency, minor, balance))
    account = (chart.SUPPLIER_BALANCE, was.supplier_id)
    return _received(was, "setoff", f"setoff:{was.version + 1}", minor, account, at, effects=(draw,))


_TRANSITION: Final[dict[rules.Means, str]] = {"debit": "debit.settled", "setoff": "set_off", "manual": "receipts"}


def _received(
    was: rules.Recovery,
    by: rules.Means,
    source: str,
    minor: int,
    debit_to: tuple[str, str],
    now: datetime,
    *,
    seq: int = 0,
    effects: tuple[Effect, ...] = (),
) -> Change[rules.Recovery]:
    taken = min(minor, was.remaining_minor)
    received = was.received_minor + taken
    repaid = max(was.repaid_usd_minor, rules.repaid_usd_after(was, received))
    freed = repaid - was.repaid_usd_minor
    excess = minor - taken
    good = min(excess, was.excess_returned_minor)
    receipt = rules.Receipt(
        by=by,
        source=source,
        amount_minor=taken,
        usd_minor=freed,
        excess_minor=excess,
        made_good_minor=good,
        at=now,
        seq=seq,
    )
    ends = taken > 0 and received == was.advance.amount_minor
    repay = (RepayCover(supplier_id=was.supplier_id, usd_minor=freed),) if freed else ()
    return TABLE.change(
        was,
        _TRANSITION[by],
        now,
        event="set_off" if by == "setoff" else "received",
        status=_status_after(was, by) if ends else was.status,
        received_minor=received,
        repaid_usd_minor=repaid,
        written_off_minor=was.written_off_minor - taken if was.status == "written_off" else 0,
        receipts=rules.with_receipt(was.receipts, receipt),
        ended_at=now if ends else was.ended_at,
        proposed=None if ends else was.proposed,
        postings=_postings(was, taken, good, excess - good, debit_to),
        payload=_payload(receipt, was.advance.amount_minor - received),
        effects=(*effects, *repay),
    )


def _status_after(was: rules.Recovery, by: rules.Means) -> rules.Status:
    return "debited" if by == "debit" and was.status == "demanded" else "recovered"


def _postings(
    was: rules.Recovery, taken: int, made_good: int, excess: int, debit_to: tuple[str, str]
) -> tuple[Posting, ...]:
    owed = chart.WRITTEN_OFF if was.status == "written_off" else chart.ADVANCES_RECEIVABLE
    parts = ((taken, owed), (made_good, chart.RETURNED_RECEIVABLE), (excess, chart.SUPPLIER_BALANCE))
    return tuple(
        leg
        for minor, code in parts
        for leg in transfer(minor, was.currency, debit_to=debit_to, credit_to=(code, was.supplier_id))
    )


def _postings_back(was: rules.Recovery, lost: rules.Receipt) -> tuple[Posting, ...]:
    owed, collected_of = (
        chart.WRITTEN_OFF if was.status == "written_off" else chart.ADVANCES_RECEIVABLE,
        (chart.COLLECTED, was.supplier_id),
    )
    return transfer(
        lost.amount_minor, was.currency, debit_to=(owed, was.supplier_id), credit_to=collected_of
    ) + transfer(
        lost.excess_minor, was.currency, debit_to=(chart.RETURNED_RECEIVABLE, was.supplier_id), credit_to=collected_of
    )


def _standing_receipt(recovery: rules.Recovery, instruction_id: str) -> rules.Receipt | None:
    """What a debit brought and has not gone back."""
    receipts = (
        receipt for receipt in recovery.receipts if receipt.source == instruction_id and receipt.charged_back_at is None
    )
    return next(receipts, None)


def _payload(receipt: rules.Receipt, remaining_minor: int) -> dict[str, str | int]:
    payload: dict[str, str | int] = {
        "by": receipt.by,
        "source": receipt.source,
        "amount_minor": receipt.amount_minor,
        "remaining_minor": remaining_minor,
    }
    return payload | ({"excess_minor": receipt.excess_minor} if receipt.excess_minor else {})
