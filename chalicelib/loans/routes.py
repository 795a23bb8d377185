"""The endpoints of loans."""

from __future__ import annotations

from chalicelib.credit.rules.consent import ConsentMissing
from chalicelib.credit.rules.exposure import CreditHeld, ExposureExceeded
from chalicelib.credit.rules.line import LineExceeded, LineNotActive
from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.groups.rules.drawing import CANNOT_DRAW
from chalicelib.groups.rules.position import GateNotReached, GroupLimitExceeded
from chalicelib.loans.examples import DRAW, DRAW_ON_ORDERS, HARDSHIP, PAYOFF, RESTRUCTURING, SIGN, SIMULATION
from chalicelib.loans.rules import draws as rules
from chalicelib.loans.rules.borrowing import OtherHash
from chalicelib.loans.rules.schedule_changes import BadSchedule
from chalicelib.loans.rules.servicing import PauseTooLong
from chalicelib.loans.rules.statements import NoStatement
from chalicelib.loans.rules.transitions import NothingProposed, NothingToConsentTo, NotInThisStatus
from chalicelib.loans.service import commands, draws, portfolios, proposals, reading, statements
from chalicelib.loans.service.portfolios import MonthNotReported
from chalicelib.loans.service.reading import DayNotAhead, OtherCurrency
from chalicelib.loans.views import requests
from chalicelib.loans.views.introductions import IntroductionFeesQuery, IntroductionFeesView
from chalicelib.loans.views.loan import LoanView, ProposalView
from chalicelib.loans.views.money import PayoffView, SimulationView, StatementLine
from chalicelib.loans.views.portfolio import PortfolioQuery, PortfolioView
from chalicelib.loans.views.statement import LineStatementQuery, LineStatementView
from chalicelib.receivables.rules.handling import ReceivableNotConfirmed, ReceivablePledged
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Loans", response=LoanView)
CONCERNED = MEMBER | BANK | OFFICER.with_duty(*ANY_DUTY)


@routes.command(
    "/v1/credit-lines/{line_id}/draws",
    by=MEMBER,
    status=201,
    errors=[
        *SIGNER_ERRORS,
        ConsentMissing,
        UnknownCurrency,
        rules.DrawOutsideProduct,
        rules.DrawnByBank,
        LineNotActive,
        LineExceeded,
        ExposureExceeded,
        CreditHeld,
        GateNotReached,
        GroupLimitExceeded,
        *CANNOT_DRAW,
        rules.NoReceivable,
        rules.ReceivableNamedTwice,
        rules.ReceivableOverdue,
        rules.ReceivablesShort,
        ReceivablePledged,
        ReceivableNotConfirmed,
    ],
    examples={"a draw": DRAW, "against receivables": DRAW_ON_ORDERS},
)
def draw(line_id: str, body: requests.DrawRequest, request: RequestContext) -> StoredResponse:
    """Draw on a line, by a signer with the power to: it becomes a loan when the bank has disbursed it."""
    return draws.draw(line_id, body, request)


@routes.command("/v1/loans/{loan_id}/cancel", by=MEMBER, errors=[*SIGNER_ERRORS, NotInThisStatus, Stale])
def cancel_draw(loan_id: str, request: RequestContext) -> StoredResponse:
    """Cancel a draw that the bank has not approved yet, by a signer with the power to draw."""
    return draws.cancel(loan_id, request)


@routes.read("/v1/loans", by=CONCERNED, errors=[BadCursor])
def loans(query: requests.LoansQuery, request: RequestContext) -> Page[LoanView]:
    """Your own loans, the oldest first; as a bank those you gave; as an officer those of a firm or a bank, or all."""
    return reading.loans(query, request)


@routes.read("/v1/loans/{loan_id}", by=CONCERNED)
def loan(loan_id: str, query: requests.LoanQuery, request: RequestContext) -> LoanView:
    """One loan with its schedule: what is paid, due and overdue, for how many days, on this day or another."""
    return reading.loan(loan_id, query, request)


@routes.read("/v1/loans/{loan_id}/timeline", by=CONCERNED)
def loan_timeline(loan_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a loan, oldest first."""
    return reading.timeline(loan_id, query, request)


@routes.read("/v1/loans/{loan_id}/statement", by=CONCERNED)
def loan_statement(loan_id: str, query: requests.StatementQuery, request: RequestContext) -> Page[StatementLine]:
    """What was booked of a loan, report by report of its bank, and what was owed after each."""
    return reading.statement(loan_id, query, request)


@routes.read("/v1/credit-lines/{line_id}/statement", by=CONCERNED, errors=[NoStatement])
def line_statement(line_id: str, query: LineStatementQuery, request: RequestContext) -> LineStatementView:
    """The monthly statement of a line that has a statement day: what was drawn, repaid and borne since the last one, and what is to be paid until when."""
    return statements.line_statement(line_id, query, request)


@routes.query(
    "/v1/loans/{loan_id}/payoff-quotes",
    by=CONCERNED,
    errors=[NotInThisStatus, DayNotAhead],
    examples={"next month": PAYOFF},
)
def payoff_quote(loan_id: str, body: requests.PayoffRequest, request: RequestContext) -> PayoffView:
    """What pays a loan off on a day, if nothing is paid before."""
    return reading.payoff_quote(loan_id, body, request)


@routes.query(
    "/v1/repayment-simulations",
    by=CONCERNED,
    errors=[NotFound, NotInThisStatus, DayNotAhead, OtherCurrency, UnknownCurrency],
    examples={"an early repayment": SIMULATION},
)
def simulate_repayments(body: requests.SimulationRequest, request: RequestContext) -> SimulationView:
    """What payments would go to, what is then still to be paid, and what they save."""
    return reading.simulate(body, request)


@routes.command(
    "/v1/loans/{loan_id}/hardship-requests",
    by=MEMBER,
    errors=[NotInThisStatus, PauseTooLong, Stale],
    examples={"a flood": HARDSHIP},
)
def request_hardship(loan_id: str, body: requests.HardshipRequest, request: RequestContext) -> StoredResponse:
    """Ask the bank for a pause: days that do not count as overdue and bear no penalty. The bank decides."""
    return commands.request_hardship(loan_id, body, request)


@routes.command(
    "/v1/loans/{loan_id}/restructurings",
    by=MEMBER | OFFICER.with_duty("risk"),
    errors=[NotInThisStatus, BadSchedule, Stale],
    examples={"two instalments": RESTRUCTURING},
)
def propose_restructuring(loan_id: str, body: requests.RestructuringRequest, request: RequestContext) -> StoredResponse:
    """Propose another schedule for all that is lent. It binds nobody until the firm has signed it and the bank reports it as in force."""
    return commands.propose_restructuring(loan_id, body, request)


@routes.command(
    "/v1/loans/{loan_id}/restructurings/sign",
    by=MEMBER,
    errors=[NotInThisStatus, NothingProposed, OtherHash, *SIGNER_ERRORS, Stale],
    examples={"what is proposed": SIGN},
)
def sign_restructuring(loan_id: str, body: requests.SignRequest, request: RequestContext) -> StoredResponse:
    """Sign the schedule that is proposed, by its hash. The bank puts it in force by `schedule.changed`."""
    return commands.sign_restructuring(loan_id, body, request)


@routes.read("/v1/loans/{loan_id}/restructurings", by=MEMBER)
def proposed_restructuring(loan_id: str, request: RequestContext) -> ProposalView:
    """What a guarantor is asked to consent to: a schedule that is heavier than the one in force. Others, and others' loans, are not found."""
    return proposals.proposal(loan_id, request)


@routes.command(
    "/v1/loans/{loan_id}/restructurings/consent",
    response=ProposalView,
    by=MEMBER,
    errors=[NotInThisStatus, NothingToConsentTo, OtherHash, *SIGNER_ERRORS, Stale],
    examples={"what is proposed": SIGN},
)
def consent_to_restructuring(loan_id: str, body: requests.SignRequest, request: RequestContext) -> StoredResponse:
    """Consent to the heavier schedule as a guarantor, by its hash. Whoever does not is released of what is heavier, and answers for the rest."""
    return proposals.consent(loan_id, body, request)


@routes.read("/v1/portfolio", by=BANK | OFFICER.with_duty("risk"), errors=[MonthNotReported])
def portfolio(query: PortfolioQuery, request: RequestContext) -> PortfolioView:
    """What a bank has lent by the end of a month, how late it is, what was lost, and the introduction fee it owes, by product, region or vintage."""
    return portfolios.read(query, request)


@routes.read("/v1/introduction-fees", by=BANK | OFFICER.with_duty("risk"), errors=[BadCursor])
def introduction_fees(query: IntroductionFeesQuery, request: RequestContext) -> IntroductionFeesView:
    """What banks owe the platform for introductions in a month: a line for each draw, and the sum once the month is reported."""
    return portfolios.introduction_fees(query, request)
