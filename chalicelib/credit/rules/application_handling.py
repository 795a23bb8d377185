"""What a firm, officers and the clock do to an application, and what its reviews and its agreement make of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.credit.rules import application_documents as documents
from chalicelib.credit.rules.application import (
    STATUSES,
    AmountOutsideProduct,
    Application,
    ApplicationContext,
    BankChosenTwice,
    BankPart,
    PartStatus,
    Reason,
    ReasonsNeeded,
    Screening,
    Status,
    review_id,
)
from chalicelib.credit.rules.application_transitions import TABLE, ApplicationChange
from chalicelib.credit.rules.effects import Applies, ScreenedOut
from chalicelib.credit.rules.guaranteed import facts_of
from chalicelib.credit.rules.pack import Pack
from chalicelib.credit.rules.products import Method, Product
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.shared.journal import Event
from chalicelib.shared.money import text
from chalicelib.shared.periods import business_days_after
from chalicelib.shared.state_machine import StateMachine, Timer, kept, rings_next
from chalicelib.shared.texts import say


def opened(
    application_id: str,
    member_id: str,
    chosen: Sequence[Product],
    *,
    amount_minor: int,
    currency: str,
    months: int,
    method: Method,
    purpose: str,
    guarantee: Guarantee | None = None,
    context: ApplicationContext,
    policy: str,
    now: datetime,
) -> ApplicationChange:
    """The first version, a draft. AmountOutsideProduct and BankChosenTwice name the product."""
    banks = [product.bank_id for product in chosen]
    if twice := {bank_id for bank_id in banks if banks.count(bank_id) > 1}:
        raise BankChosenTwice(say("{twice} is asked for more than one product.", twice=min(twice)), param="product_ids")
    for product in chosen:
        _require_lends(product, amount_minor, currency, months, method)
    application = Application(
        id=application_id,
        member_id=member_id,
        amount_minor=amount_minor,
        currency=currency,
        months=months,
        method=method,
        purpose=purpose,
        parts=tuple(
            BankPart(bank_id=product.bank_id, product_id=product.id, review_id=review_id(application_id, number))
            for number, product in enumerate(chosen, 1)
        ),
        status="draft",
        version=1,
        seq=1,
        created_at=now,
        updated_at=now,
        policy=policy,
        due_at=now + timedelta(days=context.procedure.draft_days),
        guarantee=guarantee,
    )
    payload = {"to": "draft", "member_id": member_id, "currency": currency, "amount_minor": amount_minor}
    payload |= facts_of(guarantee)
    return ApplicationChange(state=application, event=Event("application.opened", payload, policy=policy), at=now)


def submit(
    was: Application,
    context: ApplicationContext,
    signer: str,
    pack: Pack,
    now: datetime,
    guarantee: Guarantee | None = None,
) -> ApplicationChange:
    """Hand it in, complete, with what is known at that moment: an officer has to look at it."""
    return TABLE.change(
        was,
        "submit",
        now,
        to="submitted",
        submitted_at=now,
        submitted_by=signer,
        pack_id=pack.id,
        guarantee=guarantee,
        due_at=_screening_due(context, now),
        also=(pack,),
        effects=(Applies(member_id=was.member_id, reapply_days=context.procedure.reapply_days, at=now),),
        payload={
            "amount_minor": was.amount_minor,
            "pack_id": pack.id,
            "pack_sha256": pack.sha256,
            "person": signer,
            **facts_of(guarantee),
        },
    )


def screen(
    was: Application,
    context: ApplicationContext,
    passed: bool,
    reasons: tuple[Reason, ...],
    officer: str,
    now: datetime,
) -> ApplicationChange:
    """An officer's decision: the banks are asked, or the firm is told why they are not."""
    if not passed and not reasons:
        raise ReasonsNeeded("An application is screened out for a reason.", param="reasons")
    status: Status = "with_banks" if passed else "screened_out"
    return TABLE.change(
        was,
        "screen",
        now,
        event="sent" if passed else "screened_out",
        status=status,
        screening=Screening(passed=passed, reasons=reasons, by=officer, at=now),
        parts=tuple(replace(part, status="open") for part in was.parts) if passed else was.parts,
        due_at=_answers_due(context, now) if passed else None,
        ended_at=None if passed else now,
        effects=() if passed else (ScreenedOut(member_id=was.member_id, at=now),),
        payload={"reasons": [reason.code for reason in reasons], "private": {"officer": officer}},
    )


def remind(was: Application, context: ApplicationContext, at: datetime) -> ApplicationChange:
    """No officer has looked at it in time: nobody is turned down for that, and it rings, again after twice the time."""
    return TABLE.change(
        was,
        "remind",
        at,
        event="screening_overdue",
        reminders=was.reminders + 1,
        payload={"reminders": was.reminders + 1},
    )


def withdraw(was: Application, signer: str, now: datetime) -> ApplicationChange:
    """The firm takes it back; the banks are told."""
    return TABLE.change(was, "withdraw", now, to="withdrawn", due_at=None, ended_at=now, payload={"person": signer})


def lapse(was: Application, context: ApplicationContext, at: datetime) -> ApplicationChange:
    """Nobody has handed the draft in."""
    return TABLE.change(was, "lapse", at, to="lapsed", due_at=None, ended_at=at)


def leave_out(was: Application, of_review: str, at: datetime) -> ApplicationChange | None:
    """The firm's consent was gone when the bank was to be asked: it never hears of the application. None where that is settled."""
    part = was.part_of(of_review)
    if was.status != "with_banks" or part.status != "open":
        return None
    payload = {"bank_id": part.bank_id, "product_id": part.product_id, "why": "consent_missing"}
    return TABLE.change(
        was, "leave_out", at, event="bank_not_asked", payload=payload, **_with_part(was, of_review, "not_asked", at)
    )


def follow(was: Application, of_review: str, status: PartStatus, at: datetime) -> Application:
    """What a review has come to."""
    return TABLE.next_version(was, "follow", at, **_with_part(was, of_review, status, at))


def accept(was: Application, of_review: str, agreement_id: str, sign_by: datetime, at: datetime) -> Application:
    """One offer of all banks is accepted, once."""
    parts = tuple(replace(part, status="ended") if part.review_id == of_review else part for part in was.parts)
    return TABLE.next_version(
        was, "accept", at, status="accepted", parts=parts, agreement_id=agreement_id, due_at=sign_by, accepted_at=at
    )


def sign(was: Application, at: datetime) -> Application:
    return TABLE.next_version(was, "sign", at, status="signed", due_at=None, ended_at=at)


def fail_to_sign(was: Application, at: datetime) -> Application:
    return TABLE.next_version(was, "fail_to_sign", at, status="lapsed", due_at=None, ended_at=at)


def _with_part(was: Application, of_review: str, status: PartStatus, at: datetime) -> dict[str, Any]:
    """What it has come to at one bank. When that was the last, and there is no agreement, the application has found no credit."""
    parts = tuple(replace(part, status=status) if part.review_id == of_review else part for part in was.parts)
    is_over = was.status == "with_banks" and all(part.status in ("not_asked", "ended") for part in parts)
    ended: dict[str, Any] = {"status": "unsuccessful", "ended_at": at, "due_at": None} if is_over else {}
    return {"parts": parts, **ended}


def _require_lends(product: Product, amount_minor: int, currency: str, months: int, method: Method) -> None:
    """AmountOutsideProduct with what the product has; `param` is the first that it has not."""
    fits = {
        "amount.currency": currency == product.currency,
        "amount": product.least_minor <= amount_minor <= product.most_minor,
        "months": months in product.term_months,
        "method": method in product.methods,
    }
    if not all(fits.values()):
        raise AmountOutsideProduct(
            say("{id} does not lend that.", id=product.id),
            param=next(name for name, is_had in fits.items() if not is_had),
            product_id=product.id,
            currency=product.currency,
            minimum=text(product.least_minor, product.currency),
            maximum=text(product.most_minor, product.currency),
            term_months=list(product.term_months),
            methods=list(product.methods),
        )


def _screening_due(context: ApplicationContext, start: datetime) -> datetime:
    return business_days_after(start, context.procedure.screen_business_days, context.calendar)


def _answers_due(context: ApplicationContext, start: datetime) -> datetime:
    return business_days_after(start, context.procedure.answer_business_days, context.calendar)


_due = kept("due_at")


MACHINE: Final = StateMachine[Application, ApplicationContext](
    table=TABLE,
    timers=(
        Timer("submission", frozenset({"draft"}), _due, "applicant", "lapsed", lapse),
        Timer(
            "screening",
            frozenset({"submitted"}),
            _due,
            "officer",
            "reminded",
            remind,
            rings_at=lambda application, context: rings_next(
                application.due_at, application.reminders, timedelta(days=context.procedure.screen_business_days)
            ),
        ),
        Timer("answers", frozenset({"with_banks"}), _due, "bank", "reviews_end_by_themselves"),
        Timer("signatures", frozenset({"accepted"}), _due, "applicant", "agreement_lapses"),
        Timer(
            "retention",
            frozenset(STATUSES),
            documents.first_ends_at,
            "platform",
            "documents_removed",
            documents.retired,
        ),
    ),
)
"""What is with banks, or being signed, ends by its reviews and its agreement: their timers act."""
