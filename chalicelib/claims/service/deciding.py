"""What officers do with claims, and the inspection's fee that a bank tells of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec

from chalicelib.banks.service import references as banks_references
from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.rules import appealing, deciding, inspecting, officers, proving
from chalicelib.claims.rules.claim import Claim, Ruling
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import Actor, ClaimChange
from chalicelib.claims.service.commands import amount_of
from chalicelib.claims.views.asked import AssignAsked, InspectionAsked, ReportAsked, RulingAsked
from chalicelib.shared.commit import Answer, Joined, once
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request
from chalicelib.shared.uses import Use

P = ParamSpec("P")
Rule = Callable[Concatenate[Claim, Context, str, datetime, P], ClaimChange]


def assign(claim_id: str, asked: AssignAsked, request: Request) -> Answer:
    return _by_officer(claim_id, request, "assign", officers.assign, asked.officer)


def recuse(claim_id: str, request: Request) -> Answer:
    return _by_officer(claim_id, request, "recuse", officers.recuse)


def open_evidence(claim_id: str, request: Request) -> Answer:
    return _by_officer(claim_id, request, "open-evidence", proving.open_evidence)


def order_inspection(claim_id: str, asked: InspectionAsked, request: Request) -> Answer:
    def rule(was: Claim, context: Context, officer: str, now: datetime) -> ClaimChange:
        fee_minor = amount_of(asked.fee, was.currency, param="fee")
        return inspecting.inspect(was, context, officer, now, asked.inspector, fee_minor)

    return _by_officer(claim_id, request, "inspection", rule)


def report(claim_id: str, asked: ReportAsked, request: Request) -> Answer:
    return _by_officer(claim_id, request, "inspection-report", inspecting.report, asked.finding, asked.sha256)


def determine(claim_id: str, asked: RulingAsked, request: Request) -> Answer:
    return _by_officer(claim_id, request, "determine", _on(asked, deciding.determine))


def decide_appeal(claim_id: str, asked: RulingAsked, request: Request) -> Answer:
    return _by_officer(claim_id, request, "decide-appeal", _on(asked, appealing.decide_appeal))


def take_fee(
    claim_id: str,
    bank_ref: str,
    minor: int,
    currency: str,
    bank_id: str,
    request: Request,
    joined: Joined | None = None,
) -> Answer:
    """A bank says that an inspection's fee was paid. FeeDiffers, ReferenceUsed and NotFound are the inbox's to deal with.

    With `joined` it comes out of suspense, where its reference was booked.
    """
    use = Use(by=claim_id, at=request.now, amount_minor=minor, currency=currency)
    booked = joined or Joined(changes=(banks_references.take_reference(bank_id, bank_ref, use),))

    def decide(was: Claim, context: Context) -> ClaimChange:
        return inspecting.fee_paid(was, context, bank_id, bank_ref, minor, currency, request.now)

    def take() -> Answer:
        answer = CLAIMS.apply(claim_id, request, decide, joined=lambda change: booked)
        if answer is None:
            raise NotFound(f"There is no claim {claim_id!r:.60}.")
        return answer

    return once(request, take)


def _by_officer(
    claim_id: str, request: Request, action: str, rule: Rule[P], *more: P.args, **named: P.kwargs
) -> Answer:
    """An action of an officer, as a rule decides. A decision on an appeal may make money payable."""

    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return rule(was, context, request.caller.sub, request.now, *more, **named)

    return CLAIMS.execute(claim_id, request, action, decide, funded=action == "decide-appeal")


def _on(asked: RulingAsked, rule: Rule[[Ruling]]) -> Rule[[]]:
    """A rule on the ruling that was asked for, whose amount is in the claim's currency."""

    def decide(was: Claim, context: Context, officer: str, now: datetime) -> ClaimChange:
        minor = amount_of(asked.approved, was.currency, param="approved", least=0)
        return rule(was, context, officer, now, asked.ruling(minor))

    return decide
