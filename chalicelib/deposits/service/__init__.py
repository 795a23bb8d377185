"""Use-cases of seller deposits.

`days`       opening a deposit, the days of trade that ride on it
`money`      payments, releases, deductions by officers, what insurers pay
`claims`     what a deposit gives for a claim
`commands`   violations, markets, insurance, holds, corrections, closing, reopening
`following`  what the journal says: debits carried out, money taken by claims
`reading`    a deposit with its working, statements, what would be
`settling`   what happens by itself, and how a step is carried out
"""

from chalicelib.deposits.service.claims import Taken, deduct
from chalicelib.deposits.service.commands import (
    add_substitute,
    approve_correction,
    close,
    close_risk,
    enter_special,
    hold,
    leave_special,
    lift,
    open_risk,
    propose_correction,
    reject_correction,
    reopen,
)
from chalicelib.deposits.service.days import DepositExists, open_deposit, tell_days
from chalicelib.deposits.service.following import follow
from chalicelib.deposits.service.money import (
    UnknownPayee,
    allocate,
    allocate_of_insurer,
    ask_payment,
    deduct_by_hand,
    receive,
    receive_of_insurer,
    release,
    release_checks,
)
from chalicelib.deposits.service.reading import deposit, simulate, statements
from chalicelib.deposits.service.settling import NoDeposit, brought_up, find, settled

__all__ = [
    "DepositExists",
    "NoDeposit",
    "Taken",
    "UnknownPayee",
    "add_substitute",
    "allocate",
    "allocate_of_insurer",
    "approve_correction",
    "ask_payment",
    "brought_up",
    "close",
    "close_risk",
    "deduct",
    "deduct_by_hand",
    "deposit",
    "enter_special",
    "find",
    "follow",
    "hold",
    "leave_special",
    "lift",
    "open_deposit",
    "open_risk",
    "propose_correction",
    "receive",
    "receive_of_insurer",
    "reject_correction",
    "release",
    "release_checks",
    "reopen",
    "settled",
    "simulate",
    "statements",
    "tell_days",
]
