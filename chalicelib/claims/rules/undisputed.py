"""The share of a determination that no party contests, and that is paid while an appeal runs. Pure.

    the supplier appeals                        what it concedes, at once; nothing where it concedes nothing
    only the buyer appeals, for more            all that was determined, as soon as the supplier cannot appeal any more:
                                                when its time is over, at once where it has spent its appeal before
    the determination orders a return           nothing: the goods come back first

What was paid is the least that the decision on the appeal can approve.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.claims.rules import refunds
from chalicelib.claims.rules.claim import Appeal, Claim, OfficerDecision
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.deciding import DecisionDoesNotFit
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.orders.rules.order import Side
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say, term


class ConcessionDoesNotFit(RuleViolation):
    code = "concession_does_not_fit"
    title = "That cannot be conceded."
    fix = "As the supplier, concede at most `maximum`. A buyer concedes nothing, and nothing is paid before goods are back."


class BelowInterimPayment(RuleViolation):
    code = "below_undisputed_share"
    title = "More than that was paid while the appeal ran, because nobody contested it."
    fix = "Approve at least `minimum`."


def determined_minor(claim: Claim) -> int:
    """What the determination brings the buyer as it stands; nothing where the goods come back first."""
    verdict = claim.decision.verdict if claim.decision else None
    return 0 if verdict is None or verdict.outcome == "return" else verdict.approved_minor


def interim_payment_minor(claim: Claim, appeal: Appeal) -> int:
    """What nobody contests from the instant of this appeal on."""
    if appeal.by == "supplier":
        return appeal.concedes_minor
    spent_before = claim.status == "determined" and claim.has_appealed("supplier")
    return determined_minor(claim) if spent_before else 0


def waits_for_the_supplier(claim: Claim) -> bool:
    """Whether only the buyer has appealed, and the supplier still can."""
    return not claim.has_appealed("supplier") and claim.interim_payment is None and determined_minor(claim) > 0


def fall_due(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """The supplier has not appealed in time: what was determined is the least that the buyer gets."""
    minor = determined_minor(was)
    payload = {"undisputed_minor": minor}
    return refunds.interim_payment(was, context, "pay_share", minor, at, event="undisputed", payload=payload)


def must_be_concedable(claim: Claim, side: Side, concedes_minor: int) -> None:
    most = determined_minor(claim) if side == "supplier" else 0
    if concedes_minor > most:
        maximum = Money.of(most, claim.currency)
        raise ConcessionDoesNotFit(
            say("The {side} can concede at most {amount}.", side=term("actor", side), amount=maximum.grouped),
            param="concedes",
            maximum=maximum,
        )


def must_be_kept(claim: Claim, ruling: OfficerDecision) -> None:
    """What was paid stays paid, and was paid for goods that the buyer keeps."""
    least = Money.of(claim.interim_payment_minor, claim.currency)
    if ruling.approved_minor < claim.interim_payment_minor:
        raise BelowInterimPayment(
            say("{amount} {currency} have been paid.", amount=least.grouped, currency=least.currency),
            param="approved",
            minimum=least,
        )
    if claim.interim_payment_minor and ruling.outcome == "return":
        raise DecisionDoesNotFit(
            say(
                "{amount} {currency} have been paid without a return of the goods.",
                amount=least.grouped,
                currency=least.currency,
            ),
            param="outcome",
        )
