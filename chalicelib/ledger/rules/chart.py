"""The chart of accounts. Pure.

An account is a code and whose it is (`of`): `held` of an order, `supplier_balance` of a supplier. Debits and credits only
grow; a balance is their difference on the account's normal side. `docs/accounts.md` explains each with an example.
"""

from __future__ import annotations

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


CHART: Final[dict[str, Account]] = {
    account.code: account
    for account in (
        Account(
            BANK_CLEARING,
            "asset",
            "debit",
            "bank",
            "money that partner banks say they received for us and have not yet paid out",
        ),
        Account(
            HELD, "liability", "credit", "order", "money of a buyer, held for an order until it is released or refunded"
        ),
        Account(
            UNALLOCATED,
            "liability",
            "credit",
            "order",
            "what a buyer paid above the order's total; never covered, always owed back",
        ),
        Account(
            SUSPENSE,
            "liability",
            "credit",
            "bank event",
            "money that nothing has taken: an item with a reason, an owner, a time and a default",
        ),
        Account(
            REFUNDS_PAYABLE,
            "liability",
            "credit",
            "order, bank event or supplier",
            "money owed back to whoever paid it, also where a bank collected more than it was told to",
        ),
        Account(SUPPLIER_BALANCE, "liability", "credit", "supplier", "money released to a supplier"),
        Account(
            PAYOUTS_PAYABLE,
            "liability",
            "credit",
            "member or settlement",
            "money on its way to a member's bank, from a supplier's balance, a seller's deposit or an order of a channel",
        ),
        Account(
            SETTLEMENTS_DUE,
            "liability",
            "credit",
            "order",
            "what was released of an order of a channel, in the buyer's currency, until its exporter's settlement is instructed",
        ),
        Account(CHANNEL_FEES, "income", "credit", "channel", "what exporters leave of their prices to a channel"),
        Account(
            FX_DIFFERENCE,
            "income",
            "credit",
            "acquirer",
            "what buyers paid in one currency and exporters got in another: in each currency by itself, so that below zero in one is above zero in another",
        ),
        Account(
            ACQUIRING_COSTS,
            "expense",
            "debit",
            "acquirer",
            "what acquirers keep of captures, and what they ask for disputes where the platform bears it",
        ),
        Account(
            COLLECTED,
            "liability",
            "credit",
            "supplier",
            "money debited from a supplier's bank and not yet set against what it owes",
        ),
        Account(
            INSPECTION_ESCROW,
            "liability",
            "credit",
            "claim",
            "the fee a buyer paid ahead for an inspection, until the inspector has earned it",
        ),
        Account(INSPECTORS_PAYABLE, "liability", "credit", "inspector", "fees that inspectors have earned"),
        Account(
            RETURNED_RECEIVABLE,
            "asset",
            "debit",
            "order, member or bank event",
            "payments a bank took back after they had left to the supplier or the buyer; what a bank paid beyond what it was told to, or took without a cause we know",
        ),
        Account(
            ADVANCES_RECEIVABLE,
            "asset",
            "debit",
            "supplier",
            "what the platform paid buyers in a supplier's place, to be recovered from it",
        ),
        Account(WRITTEN_OFF, "expense", "debit", "supplier", "advances given up as lost"),
        Account(DEPOSITS_HELD, "liability", "credit", "seller", "a seller's deposit, as far as it is not frozen"),
        Account(DEPOSITS_FROZEN, "liability", "credit", "seller", "the part of a deposit that is held back for a case"),
        Account(
            DEPOSIT_ADVANCES,
            "asset",
            "debit",
            "seller",
            "what the platform paid where a deduction was larger than the deposit, owed by the seller",
        ),
        Account(
            INSURERS_RECEIVABLE,
            "asset",
            "debit",
            "insurance",
            "what an insurer owes for deductions that its policy has paid in a deposit's place",
        ),
        Account(
            FX_POSITION,
            "asset",
            "debit",
            "seller",
            "what was paid in this currency for money taken from deposits in another; below zero in that other one",
        ),
        Account(
            SUBSIDIES, "expense", "debit", "exporter", "what the platform gives for exports, less what was reversed"
        ),
        Account(
            SUBSIDIES_PAYABLE,
            "liability",
            "credit",
            "exporter",
            "subsidies booked that wait for the exporter to name an account to be paid to",
        ),
        Account(
            SUBSIDIES_RECEIVABLE,
            "asset",
            "debit",
            "exporter",
            "subsidies paid and reversed since, to be set off against the next ones",
        ),
        Account(COVER_GRANTED, "memorandum", "credit", "supplier", "the limit of a supplier's protection amount"),
        Account(
            COVER_AVAILABLE, "memorandum", "debit", "supplier", "the part of the limit that new orders may reserve"
        ),
        Account(COVER_RESERVED, "memorandum", "debit", "supplier", "the part of the limit reserved for orders"),
        Account(
            COVER_ADVANCED,
            "memorandum",
            "debit",
            "supplier",
            "the part of the limit that was paid out in advances and not recovered",
        ),
        Account(
            EXPOSURE_GRANTED, "memorandum", "credit", "borrower", "the credit limit of a firm, for all banks together"
        ),
        Account(
            EXPOSURE_AVAILABLE,
            "memorandum",
            "debit",
            "borrower",
            "the part of a firm's limit that draws may still take",
        ),
        Account(
            EXPOSURE_PENDING,
            "memorandum",
            "debit",
            "borrower",
            "the part taken by draws that a bank has not disbursed yet",
        ),
        Account(
            EXPOSURE_OUTSTANDING,
            "memorandum",
            "debit",
            "borrower",
            "the part taken by principal that is owed to partner banks",
        ),
        Account(
            EXPOSURE_ELSEWHERE,
            "memorandum",
            "debit",
            "borrower",
            "the part taken by debts to others, reported with consent",
        ),
        Account(LINE_GRANTED, "memorandum", "credit", "credit line", "the limit of a bank's credit line"),
        Account(LINE_AVAILABLE, "memorandum", "debit", "credit line", "the part of a line that can still be drawn"),
        Account(
            LINE_PENDING,
            "memorandum",
            "debit",
            "credit line",
            "the part of a line taken by draws that are not disbursed yet",
        ),
        Account(
            LINE_OUTSTANDING, "memorandum", "debit", "credit line", "the part of a line taken by principal that is owed"
        ),
        Account(
            LINE_REPAID,
            "memorandum",
            "debit",
            "credit line",
            "what was repaid on a line that does not revolve, and is not drawn again",
        ),
        Account(
            MEMBER_CLAIMS_STANDING,
            "memorandum",
            "credit",
            "claim between members",
            "what a member owes another for what that one paid a bank in its place, in all",
        ),
        Account(
            MEMBER_CLAIMS_OWED,
            "memorandum",
            "debit",
            "claim between members",
            "the part of it that is still to be paid",
        ),
        Account(
            MEMBER_CLAIMS_PAID,
            "memorandum",
            "debit",
            "claim between members",
            "the part of it that was paid through us",
        ),
        Account(GROUP_PENDING, "memorandum", "debit", "group", "draws that members of a group have asked for"),
        Account(GROUP_OUTSTANDING, "memorandum", "debit", "group", "principal that members of a group owe"),
        Account(GROUP_DRAWN, "memorandum", "credit", "group", "what counts against the cap of a group"),
        Account(LOAN_PRINCIPAL, "mirror", "debit", "loan", "what a bank has lent and not got back"),
        Account(LOAN_INTEREST, "mirror", "debit", "loan", "interest that a loan has borne and that is unpaid"),
        Account(LOAN_PENALTY, "mirror", "debit", "loan", "the same of penalty on what is overdue"),
        Account(LOAN_FEES, "mirror", "debit", "loan", "the same of fees"),
        Account(LOAN_WRITTEN_OFF, "mirror", "debit", "loan", "what a bank has given up of a loan"),
        Account(LOAN_FUNDING, "mirror", "credit", "bank", "what a bank has paid out on loans, less all that came back"),
        Account(LOAN_INCOME, "mirror", "credit", "loan", "all interest, penalty and fees that a loan has borne"),
        Account(LOAN_SURPLUS, "mirror", "credit", "loan", "what was paid beyond what was owed: the bank gives it back"),
        Account(LOAN_RECOVERED, "mirror", "credit", "loan", "what came in for a loan after it was written off"),
        Account(GUARANTOR_DUE, "mirror", "debit", "guarantor", "what a guarantor still has to pay a bank on calls"),
        Account(
            GUARANTOR_REFUNDS,
            "mirror",
            "credit",
            "guarantor",
            "what a guarantor has paid on calls beyond what was owed: the bank gives it back",
        ),
        Account(
            GUARANTEES_CALLED,
            "mirror",
            "credit",
            "call",
            "what all guarantors of a call still have to pay, less what they get back",
        ),
        Account(POOL_HELD, "mirror", "debit", "risk pool", "what a bank holds of a risk pool"),
        Account(POOL_DRAWN, "mirror", "debit", "risk pool", "what a pool has paid for shortfalls of calls"),
        Account(POOL_CONTRIBUTED, "mirror", "credit", "risk pool", "what its contributors have paid into a pool"),
        Account(
            POOL_RECOVERED,
            "mirror",
            "credit",
            "risk pool",
            "what came back to a pool of what it had paid for shortfalls",
        ),
    )
}
