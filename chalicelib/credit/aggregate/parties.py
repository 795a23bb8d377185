"""Who is what to something that is between a firm and one bank: a review, an offer, an agreement, a line, a loan."""

from __future__ import annotations

from typing import Literal, Protocol

from chalicelib.shared.request import Caller

Party = Literal["firm", "officer", "bank"]


class OfFirmAndBank(Protocol):
    @property
    def member_id(self) -> str: ...
    @property
    def bank_id(self) -> str: ...


def party(of: OfFirmAndBank, caller: Caller) -> Party | None:
    """It is seen by its firm, by its bank and by officers; for everybody else it is not there."""
    if caller.is_officer:
        return "officer"
    if caller.role == "bank":
        return "bank" if caller.sub == of.bank_id else None
    return "firm" if caller.is_member(of.member_id) else None


def borrower(of: OfFirmAndBank, caller: Caller) -> Literal["borrower", "officer", "bank"] | None:
    """Where the firm is called the borrower."""
    known = party(of, caller)
    return "borrower" if known == "firm" else known


def applicant(of: OfFirmAndBank, caller: Caller) -> Literal["applicant", "officer", "bank"] | None:
    """Where it is called the applicant."""
    known = party(of, caller)
    return "applicant" if known == "firm" else known
