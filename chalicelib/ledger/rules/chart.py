"""The chart of accounts. Pure.

An account is a code and whose it is (`of`): `held` of an order, `supplier_balance` of a supplier. Debits and credits only
grow; a balance is their difference on the account's normal side. `docs/accounts.md` explains each with an example.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

BANK_CLEARING: Final = "bank_clearing"
HELD: Final = "held"
UNALLOCATED: Final = "unallocated"
SUSPENSE: Final = "suspense"
REFUNDS_PAYABLE: Final = "refunds_payable"
SUPPLIER_BALANCE: Final = "supplier_balance"
PAYOUTS_PAYABLE: Final = "payouts_payable"
COLLECTED: Final = "collected"
INSPECTION_ESCROW: Final = "inspection_escrow"
INSPECTORS_PAYABLE: Final = "inspectors_payable"
SETTLEMENTS_DUE: Final = "settlements_due"
CHANNEL_FEES: Final = "channel_fees"
FX_DIFFERENCE: Final = "fx_difference"
ACQUIRING_COSTS: Final = "acquiring_costs"
RETURNED_RECEIVABLE: Final = "returned_receivable"
ADVANCES_RECEIVABLE: Final = "advances_receivable"
WRITTEN_OFF: Final = "written_off"
DEPOSITS_HELD: Final = "deposits_held"
DEPOSITS_FROZEN: Final = "deposits_frozen"
DEPOSIT_ADVANCES: Final = "deposit_advances"
INSURERS_RECEIVABLE: Final = "insurers_receivable"
FX_POSITION: Final = "fx_position"
SUBSIDIES: Final = "subsidies"
SUBSIDIES_PAYABLE: Final = "subsidies_payable"
SUBSIDIES_RECEIVABLE: Final = "subsidies_receivable"
COVER_GRANTED: Final = "cover_granted"
COVER_AVAILABLE: Final = "cover_available"
COVER_RESERVED: Final = "cover_reserved"
COVER_ADVANCED: Final = "cover_advanced"
EXPOSURE_GRANTED: Final = "exposure_granted"
EXPOSURE_AVAILABLE: Final = "exposure_available"
EXPOSURE_PENDING: Final = "exposure_pending"
EXPOSURE_OUTSTANDING: Final = "exposure_outstanding"
EXPOSURE_ELSEWHERE: Final = "exposure_elsewhere"
LINE_GRANTED: Final = "line_granted"
LINE_AVAILABLE: Final = "line_available"
LINE_PENDING: Final = "line_pending"
LINE_OUTSTANDING: Final = "line_outstanding"
LINE_REPAID: Final = "line_repaid"
MEMBER_CLAIMS_STANDING: Final = "member_claims_standing"
MEMBER_CLAIMS_OWED: Final = "member_claims_owed"
MEMBER_CLAIMS_PAID: Final = "member_claims_paid"
GROUP_PENDING: Final = "group_pending"
GROUP_OUTSTANDING: Final = "group_outstanding"
GROUP_DRAWN: Final = "group_drawn"
LOAN_PRINCIPAL: Final = "loan_principal"
LOAN_INTEREST: Final = "loan_interest"
LOAN_PENALTY: Final = "loan_penalty"
LOAN_FEES: Final = "loan_fees"
LOAN_WRITTEN_OFF: Final = "loan_written_off"
LOAN_FUNDING: Final = "loan_funding"
LOAN_INCOME: Final = "loan_income"
LOAN_SURPLUS: Final = "loan_surplus"
LOAN_RECOVERED: Final = "loan_recovered"
GUARANTOR_DUE: Final = "guarantor_due"
GUARANTOR_REFUNDS: Final = "guarantor_refunds"
GUARANTEES_CALLED: Final = "guarantees_called"
POOL_HELD: Final = "pool_held"
POOL_DRAWN: Final = "pool_drawn"
POOL_CONTRIBUTED: Final = "pool_contributed"
POOL_RECOVERED: Final = "pool_recovered"


class Account(msgspec.Struct, frozen=True):
    """A line of the chart. `normal` is the side its balance grows on.

    Memorandum accounts hold promises, not money; mirror accounts what a bank has lent, by its own books. Each kind balances by itself.
    """

    code: str
    kind: str
    normal: str
    of: str
    holds: str


def _kind(kind: str, normal: str) -> Callable[[str, str, str], Account]:
    return lambda code, of, holds: Account(code, kind, normal, of, holds)


_asset: Final = _kind("asset", "debit")
_liability: Final = _kind("liability", "credit")
_income: Final = _kind("income", "credit")
_expense: Final = _kind("expense", "debit")
_memorandum_credit: Final = _kind("memorandum", "credit")
_memorandum_debit: Final = _kind("memorandum", "debit")
_mirror_debit: Final = _kind("mirror", "debit")
_mirror_credit: Final = _kind("mirror", "credit")

CHART: Final[dict[str, Account]] = {
    account.code: account
    for account in (
        _asset(BANK_CLEARING, "bank", "money that partner banks say they received for us and have not yet paid out"),
        _liability(HELD, "order", "money of a buyer, held for an order until it is released or refunded"),
        _liability(UNALLOCATED, "order", "what a buyer paid above the order's total; never covered, always owed back"),
        _liability(
            SUSPENSE,
            "bank event",
            "money that nothing has taken: an item with a reason, an owner, a time and a default",
        ),
        _liability(
            REFUNDS_PAYABLE,
            "order, bank event or supplier",
            "money owed back to whoever paid it, also where a bank collected more than it was told to",
        ),
        _liability(SUPPLIER_BALANCE, "supplier", "money released to a supplier"),
        _liability(
            PAYOUTS_PAYABLE,
            "member or settlement",
            "money on its way to a member's bank, from a supplier's balance, a seller's deposit or an order of a channel",
        ),
        _liability(
            SETTLEMENTS_DUE,
            "order",
            "what was released of an order of a channel, in the buyer's currency, until its exporter's settlement is instructed",
        ),
        _income(CHANNEL_FEES, "channel", "what exporters leave of their prices to a channel"),
        _income(
            FX_DIFFERENCE,
            "acquirer",
            "what buyers paid in one currency and exporters got in another: in each currency by itself, so that below zero in one is above zero in another",
        ),
        _expense(
            ACQUIRING_COSTS,
            "acquirer",
            "what acquirers keep of captures, and what they ask for disputes where the platform bears it",
        ),
        _liability(COLLECTED, "supplier", "money debited from a supplier's bank and not yet set against what it owes"),
        _liability(
            INSPECTION_ESCROW,
            "claim",
            "the fee a buyer paid ahead for an inspection, until the inspector has earned it",
        ),
        _liability(INSPECTORS_PAYABLE, "inspector", "fees that inspectors have earned"),
        _asset(
            RETURNED_RECEIVABLE,
            "order, member or bank event",
            "payments a bank took back after they had left to the buyer; of a supplier, what a buyer's bank disputes of what it has had; what a bank paid beyond what it was told to, or took without a cause we know",
        ),
        _asset(
            ADVANCES_RECEIVABLE,
            "supplier",
            "what the platform paid in a supplier's place, to a buyer or to the bank that took a payment back, to be recovered from it",
        ),
        _expense(WRITTEN_OFF, "supplier", "advances given up as lost"),
        _liability(DEPOSITS_HELD, "seller", "a seller's deposit, as far as it is not frozen"),
        _liability(DEPOSITS_FROZEN, "seller", "the part of a deposit that is held back for a case"),
        _asset(
            DEPOSIT_ADVANCES,
            "seller",
            "what the platform paid where a deduction was larger than the deposit, owed by the seller",
        ),
        _asset(
            INSURERS_RECEIVABLE,
            "insurance",
            "what an insurer owes for deductions that its policy has paid in a deposit's place",
        ),
        _asset(
            FX_POSITION,
            "seller",
            "what was paid in this currency for money taken from deposits in another; below zero in that other one",
        ),
        _expense(SUBSIDIES, "exporter", "what the platform gives for exports, less what was reversed"),
        _liability(
            SUBSIDIES_PAYABLE,
            "exporter",
            "subsidies booked that wait for the exporter to name an account to be paid to",
        ),
        _asset(
            SUBSIDIES_RECEIVABLE, "exporter", "subsidies paid and reversed since, to be set off against the next ones"
        ),
        _memorandum_credit(COVER_GRANTED, "supplier", "the limit of a supplier's protection amount"),
        _memorandum_debit(COVER_AVAILABLE, "supplier", "the part of the limit that new orders may reserve"),
        _memorandum_debit(COVER_RESERVED, "supplier", "the part of the limit reserved for orders"),
        _memorandum_debit(
            COVER_ADVANCED, "supplier", "the part of the limit that was paid out in advances and not recovered"
        ),
        _memorandum_credit(EXPOSURE_GRANTED, "borrower", "the credit limit of a firm, for all banks together"),
        _memorandum_debit(EXPOSURE_AVAILABLE, "borrower", "the part of a firm's limit that draws may still take"),
        _memorandum_debit(EXPOSURE_PENDING, "borrower", "the part taken by draws that a bank has not disbursed yet"),
        _memorandum_debit(
            EXPOSURE_OUTSTANDING, "borrower", "the part taken by principal that is owed to partner banks"
        ),
        _memorandum_debit(EXPOSURE_ELSEWHERE, "borrower", "the part taken by debts to others, reported with consent"),
        _memorandum_credit(LINE_GRANTED, "credit line", "the limit of a bank's credit line"),
        _memorandum_debit(LINE_AVAILABLE, "credit line", "the part of a line that can still be drawn"),
        _memorandum_debit(LINE_PENDING, "credit line", "the part of a line taken by draws that are not disbursed yet"),
        _memorandum_debit(LINE_OUTSTANDING, "credit line", "the part of a line taken by principal that is owed"),
        _memorandum_debit(
            LINE_REPAID, "credit line", "what was repaid on a line that does not revolve, and is not drawn again"
        ),
        _memorandum_credit(
            MEMBER_CLAIMS_STANDING,
            "claim between members",
            "what a member owes another for what that one paid a bank in its place, in all",
        ),
        _memorandum_debit(MEMBER_CLAIMS_OWED, "claim between members", "the part of it that is still to be paid"),
        _memorandum_debit(MEMBER_CLAIMS_PAID, "claim between members", "the part of it that was paid through us"),
        _memorandum_debit(GROUP_PENDING, "group", "draws that members of a group have asked for"),
        _memorandum_debit(GROUP_OUTSTANDING, "group", "principal that members of a group owe"),
        _memorandum_credit(GROUP_DRAWN, "group", "what counts against the cap of a group"),
        _mirror_debit(LOAN_PRINCIPAL, "loan", "what a bank has lent and not got back"),
        _mirror_debit(LOAN_INTEREST, "loan", "interest that a loan has borne and that is unpaid"),
        _mirror_debit(LOAN_PENALTY, "loan", "the same of penalty on what is overdue"),
        _mirror_debit(LOAN_FEES, "loan", "the same of fees"),
        _mirror_debit(LOAN_WRITTEN_OFF, "loan", "what a bank has given up of a loan"),
        _mirror_credit(LOAN_FUNDING, "bank", "what a bank has paid out on loans, less all that came back"),
        _mirror_credit(LOAN_INCOME, "loan", "all interest, penalty and fees that a loan has borne"),
        _mirror_credit(LOAN_SURPLUS, "loan", "what was paid beyond what was owed: the bank gives it back"),
        _mirror_credit(LOAN_RECOVERED, "loan", "what came in for a loan after it was written off"),
        _mirror_debit(GUARANTOR_DUE, "guarantor", "what a guarantor still has to pay a bank on calls"),
        _mirror_credit(
            GUARANTOR_REFUNDS,
            "guarantor",
            "what a guarantor has paid on calls beyond what was owed: the bank gives it back",
        ),
        _mirror_credit(
            GUARANTEES_CALLED, "call", "what all guarantors of a call still have to pay, less what they get back"
        ),
        _mirror_debit(POOL_HELD, "risk pool", "what a bank holds of a risk pool"),
        _mirror_debit(POOL_DRAWN, "risk pool", "what a pool has paid for shortfalls of calls"),
        _mirror_credit(POOL_CONTRIBUTED, "risk pool", "what its contributors have paid into a pool and not got back"),
        _mirror_credit(POOL_RECOVERED, "risk pool", "what came back to a pool of what it had paid for shortfalls"),
    )
}
