"""The endpoints of seller deposits."""

from __future__ import annotations

from typing import Final

from chalicelib.banks.rules.partners import CurrencyNotPayable, NotAPartner
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.deposits import examples
from chalicelib.deposits.aggregate import NoDeposit
from chalicelib.deposits.rules.account import TooManyMatters
from chalicelib.deposits.rules.amounts import MoreThanAvailable, NotDepositCurrency
from chalicelib.deposits.rules.deducting import CauseKnown
from chalicelib.deposits.rules.holds_and_releases import HoldKnown
from chalicelib.deposits.rules.insuring import MoreThanInsurerOwes
from chalicelib.deposits.rules.payments import DebitUnderWay, NothingToPay
from chalicelib.deposits.rules.release import ReleaseRefused
from chalicelib.deposits.rules.requirement_changes import (
    AlreadyThere,
    BadTerm,
    CorrectsNothing,
    SameOfficer,
    UnknownRiskClass,
    UnknownSpecial,
)
from chalicelib.deposits.rules.transitions import DepositClosed, NoSuchHold, NotClosed, NothingToRelease, NotThere
from chalicelib.deposits.service import commands, days, money, reading
from chalicelib.deposits.service.days import DepositExists
from chalicelib.deposits.service.money import UnknownPayee
from chalicelib.deposits.views import requests
from chalicelib.deposits.views.deposit import DepositView
from chalicelib.deposits.views.explained import ExplainedDepositView, SimulationOfDepositView
from chalicelib.deposits.views.money import DepositPaymentView, ReleaseChecksView
from chalicelib.deposits.views.statement import DepositLine
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.suppliers.rules.balance import NoBankAccount

routes = Routes(group="Deposits", response=DepositView)

DEPOSITS: Final = OFFICER.with_duty("deposits")
EITHER: Final = MEMBER | OFFICER.with_duty(*ANY_DUTY)
A_DEPOSIT: Final = "/v1/deposits/{seller_id}"
MONEY: Final = (NotDepositCurrency, UnknownCurrency)


@routes.command(A_DEPOSIT, by=MEMBER | DEPOSITS, status=201, errors=[DepositExists])
def open_deposit(seller_id: str, request: RequestContext) -> StoredResponse:
    """Open the deposit of a seller: nothing is required until its first trading day."""
    return days.open_deposit(seller_id, request)


@routes.read("/v1/deposits", by=OFFICER.with_duty(*ANY_DUTY), errors=[BadCursor])
def deposits(query: requests.DepositsQuery, request: RequestContext) -> Page[DepositView]:
    """Deposits to which something happens by itself, the earliest first, or those alone of whose sellers a payment is due."""
    return reading.listed(query, request)


@routes.read(A_DEPOSIT, by=EITHER, errors=[NoDeposit])
def deposit(seller_id: str, request: RequestContext) -> ExplainedDepositView:
    """What is required, held, missing and releasable, what is due when, and the working of the last month and the coming one."""
    return reading.deposit(seller_id, request)


@routes.read(f"{A_DEPOSIT}/statements", by=EITHER, errors=[NoDeposit, BadCursor])
def statements(seller_id: str, query: Paging, request: RequestContext) -> Page[DepositLine]:
    """Everything that happened to a deposit, in words, oldest first."""
    return reading.statements(seller_id, query, request)


@routes.read(f"{A_DEPOSIT}/simulation", by=EITHER, errors=[NoDeposit])
def simulation(
    seller_id: str, query: requests.DepositSimulationQuery, request: RequestContext
) -> SimulationOfDepositView:
    """What the coming cut-off brings, with further orders and a payment before it, and the cheapest thing to do."""
    return reading.simulate(seller_id, query, request)


@routes.command(
    f"{A_DEPOSIT}/payments",
    response=DepositPaymentView,
    by=MEMBER | DEPOSITS,
    status=201,
    errors=[NoDeposit, *MONEY, NothingToPay, DebitUnderWay, NoBankAccount, Stale],
    examples={"by transfer": examples.PAYMENT, "by debit": examples.DEBIT},
)
def payments(seller_id: str, body: requests.DepositPaymentRequest, request: RequestContext) -> StoredResponse:
    """Ask how to pay, or let the bank debit the registered account. What banks then tell of it is booked by itself."""
    return money.ask_payment(seller_id, body, request)


@routes.read(f"{A_DEPOSIT}/release-checks", by=EITHER, errors=[NoDeposit])
def release_checks(seller_id: str, request: RequestContext) -> ReleaseChecksView:
    """The six conditions of a release, one by one, and when each will hold."""
    return money.release_checks(seller_id, request)


@routes.command(
    f"{A_DEPOSIT}/releases",
    by=MEMBER | DEPOSITS,
    errors=[NoDeposit, *MONEY, ReleaseRefused, NothingToRelease, MoreThanAvailable, NoBankAccount, Stale],
    examples={"a part": examples.RELEASE},
)
def releases(seller_id: str, body: requests.DepositReleaseRequest, request: RequestContext) -> StoredResponse:
    """Pay out what is more than is needed, to the registered account, if all six conditions hold."""
    return money.release(seller_id, body, request)


@routes.command(
    f"{A_DEPOSIT}/risks",
    by=DEPOSITS,
    errors=[NoDeposit, UnknownRiskClass, AlreadyThere, TooManyMatters, Stale],
    examples={"false advertising": examples.RISK},
)
def risks(seller_id: str, body: requests.RiskRequest, request: RequestContext) -> StoredResponse:
    """Open a violation: its amount is required at once."""
    return commands.open_risk(seller_id, body, request)


@routes.command(f"{A_DEPOSIT}/risks/{{risk_id}}/close", by=DEPOSITS, errors=[NoDeposit, NotThere, AlreadyThere, Stale])
def close_risk(seller_id: str, risk_id: str, request: RequestContext) -> StoredResponse:
    """Close the case of a violation: its amount ends when the days of its class have passed."""
    return commands.close_risk(seller_id, risk_id, request)


@routes.command(
    f"{A_DEPOSIT}/specials",
    by=DEPOSITS,
    errors=[NoDeposit, UnknownSpecial, AlreadyThere, DepositClosed, Stale],
    examples={"second-hand luxury": examples.SPECIAL},
)
def specials(seller_id: str, body: requests.SpecialRequest, request: RequestContext) -> StoredResponse:
    """Enter a market or take up a service: its amount is required at once."""
    return commands.enter_special(seller_id, body, request)


@routes.command(f"{A_DEPOSIT}/specials/{{special}}/leave", by=DEPOSITS, errors=[NoDeposit, NotThere, Stale])
def leave_special(seller_id: str, special: str, request: RequestContext) -> StoredResponse:
    """Leave a market or give up a service."""
    return commands.leave_special(seller_id, special, request)


@routes.command(
    f"{A_DEPOSIT}/substitutes",
    by=DEPOSITS,
    errors=[NoDeposit, *MONEY, BadTerm, AlreadyThere, TooManyMatters, Stale],
    examples={"insurance": examples.INSURANCE},
)
def insurances(seller_id: str, body: requests.InsuranceRequest, request: RequestContext) -> StoredResponse:
    """Register insurance that stands in for money for a time, and pays before it for what is deducted."""
    return commands.add_insurance(seller_id, body, request)


@routes.command(
    f"{A_DEPOSIT}/substitutes/{{insurance_id}}/receipts",
    by=DEPOSITS,
    errors=[NoDeposit, *MONEY, NotThere, NotAPartner, MoreThanInsurerOwes, ReferenceUsed, Stale],
    examples={"all of it": examples.INSURER_RECEIPT},
)
def insurer_receipts(
    seller_id: str, insurance_id: str, body: requests.InsurerReceiptRequest, request: RequestContext
) -> StoredResponse:
    """Record what an insurer has paid to a bank of ours for a deduction that its policy took over."""
    return money.receive_of_insurer(seller_id, insurance_id, body, request)


@routes.command(
    f"{A_DEPOSIT}/holds",
    by=DEPOSITS,
    errors=[NoDeposit, *MONEY, MoreThanAvailable, HoldKnown, TooManyMatters, Stale],
    examples={"a complaint": examples.HOLD},
)
def holds(seller_id: str, body: requests.HoldRequest, request: RequestContext) -> StoredResponse:
    """Hold part of what is available back for a case."""
    return commands.hold(seller_id, body, request)


@routes.command(f"{A_DEPOSIT}/holds/{{hold_id}}/lift", by=DEPOSITS, errors=[NoDeposit, NoSuchHold, Stale])
def lift_hold(seller_id: str, hold_id: str, request: RequestContext) -> StoredResponse:
    """End a hold: its money is available again."""
    return commands.lift(seller_id, hold_id, request)


@routes.command(
    f"{A_DEPOSIT}/deductions",
    by=DEPOSITS,
    errors=[NoDeposit, *MONEY, CauseKnown, UnknownPayee, NotAPartner, CurrencyNotPayable, Stale],
    examples={"not as described": examples.DEDUCTION},
)
def deductions(seller_id: str, body: requests.DeductionRequest, request: RequestContext) -> StoredResponse:
    """Take what insurance pays, then money, out of a deposit and pay it to a member; the rest the platform advances."""
    return money.deduct_manually(seller_id, body, request)


@routes.command(
    f"{A_DEPOSIT}/corrections",
    by=DEPOSITS,
    errors=[NoDeposit, *MONEY, CorrectsNothing, DepositClosed, NotThere, TooManyMatters, Stale],
    examples={"late refunds": examples.CORRECTION, "a violation that was none": examples.CORRECTION_OF_A_RISK},
)
def corrections(seller_id: str, body: requests.CorrectionRequest, request: RequestContext) -> StoredResponse:
    """Propose another base amount, or that a violation be struck out: a second officer has to approve it."""
    return commands.propose_correction(seller_id, body, request)


@routes.command(
    f"{A_DEPOSIT}/corrections/{{correction_id}}/approve", by=DEPOSITS, errors=[NoDeposit, NotThere, SameOfficer, Stale]
)
def approve_correction(seller_id: str, correction_id: str, request: RequestContext) -> StoredResponse:
    """As another officer than the one who proposed it, let a correction take effect."""
    return commands.approve_correction(seller_id, correction_id, request)


@routes.command(f"{A_DEPOSIT}/corrections/{{correction_id}}/reject", by=DEPOSITS, errors=[NoDeposit, NotThere, Stale])
def reject_correction(seller_id: str, correction_id: str, request: RequestContext) -> StoredResponse:
    """Drop a correction that was proposed."""
    return commands.reject_correction(seller_id, correction_id, request)


@routes.command(f"{A_DEPOSIT}/close", by=MEMBER | DEPOSITS, errors=[NoDeposit, DepositClosed, Stale])
def close(seller_id: str, request: RequestContext) -> StoredResponse:
    """Close the shop: no base and no markets any more; what it owed stays owed, the rest can be released."""
    return commands.close(seller_id, request)


@routes.command(f"{A_DEPOSIT}/reopen", by=MEMBER | DEPOSITS, errors=[NoDeposit, NotClosed, Stale])
def reopen(seller_id: str, request: RequestContext) -> StoredResponse:
    """Open the shop again: its next trading day counts as the first; open risks follow the owner."""
    return commands.reopen(seller_id, request)
