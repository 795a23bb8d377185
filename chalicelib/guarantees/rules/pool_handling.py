"""What officers, calls, banks and the clock do to a risk pool. Pure.

The bank holds the money: what it reports moves the mirror accounts of the pool, and nothing else does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.guarantees.rules import pool as rules
from chalicelib.guarantees.rules.pool_events import AboutPool, DrawConfirmed, PaidBack, Replenished
from chalicelib.ledger.rules.chart import POOL_CONTRIBUTED, POOL_DRAWN, POOL_HELD, POOL_RECOVERED
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.journal import Event, transfer
from chalicelib.shared.money import printed
from chalicelib.shared.periods import business_days_at_most
from chalicelib.shared.state_machine import (
    STAYS,
    Among,
    Change,
    InvalidTransition,
    StateMachine,
    Table,
    Timer,
    Transition,
    telling,
)
from chalicelib.shared.texts import say

PoolChange = Change[rules.RiskPool]


class PoolNotInThisStatus(InvalidTransition):
    code = "pool_not_in_this_status"
    title = "The risk pool does not allow that now."


class PoolNotEmpty(Conflict):
    code = "pool_not_empty"
    title = "A pool is closed when nothing is left of it, and nobody asks for anything."
    fix = (
        "Let the bank give its contributors back what is left and report it as `pool.paid_back`, and answer the draws."
    )


class NotThePoolsCurrency(RuleViolation):
    code = "not_the_pools_currency"
    title = "The risk pool is in another currency."
    fix = "Report the amount in the pool's own currency."


class UnknownContributor(RuleViolation):
    code = "unknown_contributor"
    title = "That contributor is not one of the pool's."
    fix = "Name one of the pool's contributors, or none."


class UnknownDraw(RuleViolation):
    code = "unknown_pool_draw"
    title = "The pool was not asked to pay for that call."
    fix = "Name the call of a `pool.draw_requested` message."


class MoreThanRequested(RuleViolation):
    code = "more_than_requested_of_the_pool"
    title = "That is more than the pool was asked for."
    fix = "Report what was paid from the pool: at most what the message asks for."


class MoreThanDrawn(RuleViolation):
    code = "more_than_the_pool_paid"
    title = "That is more than the pool has paid and not got back."
    fix = "Report as recovery what the pool had paid; anything else is a contribution."


class MoreThanPaidIn(RuleViolation):
    code = "more_than_the_pool_pays_back"
    title = "That much of the risk pool does not go back."
    fix = "Report at most `maximum`: a contributor gets back what it paid in, and what draws ask for stays until they are answered."


_in: Final = Among[rules.Status]()


def _is_empty(pool: rules.RiskPool, context: rules.Context, actor: str, now: datetime) -> bool:
    return not pool.balance_minor and not pool.draws


def _not_empty(pool: rules.RiskPool, context: rules.Context, now: datetime) -> Conflict | None:
    if pool.status == "closed":
        return None
    return PoolNotEmpty(
        say(
            "The pool holds {balance} and waits for {count} draws.",
            balance=printed(pool.balance_minor, pool.currency),
            count=len(pool.draws),
        )
    )


_OPEN: Final = _in("open")
_BANK: Final = frozenset({"bank"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[rules.RiskPool, rules.Context](
    kind="pool",
    error=PoolNotInThisStatus,
    ends=rules.ENDS,
    payload=telling("bank_id", "currency", "balance_minor"),
    transitions=(
        Transition("ask", _OPEN, _CLOCK, STAYS),
        Transition("pool.draw_confirmed", _OPEN, _BANK, STAYS),
        Transition("pool.replenished", _OPEN, _BANK, STAYS),
        Transition("pool.paid_back", _OPEN, _BANK, STAYS),
        Transition("give_draw_up", _OPEN, _CLOCK, STAYS),
        Transition("close", _OPEN, frozenset({"officer"}), _in("closed"), _is_empty, _not_empty),
    ),
)


def opened(pool: rules.RiskPool) -> PoolChange:
    payload = {**TABLE.payload(pool, pool), "from": None, "name": pool.name, "share_bp": pool.share_bp}
    return PoolChange(state=pool, event=Event("pool.opened", payload, (), pool.policy), at=pool.created_at)


def ask(was: rules.RiskPool, shortfall: rules.Shortfall, context: rules.Context, now: datetime) -> PoolChange | None:
    """Ask the bank for the pool's share of a shortfall, as far as the pool has it. None where it has nothing, was asked, or is another bank's."""
    share_bp = min(was.share_bp, shortfall.share_bp)
    minor = min(shortfall.minor * share_bp // 10_000, was.available_minor)
    is_its = (was.bank_id, was.currency) == (shortfall.bank_id, shortfall.currency)
    if was.status != "open" or not is_its or minor <= 0 or _draw_of(was, shortfall.call_id):
        return None
    must_have_room(was.draws, rules.MOST_DRAWS, rules.TooManyDraws)
    due_at = business_days_at_most(
        now, context.policy.answer_days, context.calendar, context.policy.longest_holidays_days
    )
    draw = rules.Draw(call_id=shortfall.call_id, loan_id=shortfall.loan_id, minor=minor, asked_at=now, due_at=due_at)
    payload = _facts_of(draw) | {"due_at": due_at, "shortfall_minor": shortfall.minor}
    return TABLE.change(was, "ask", now, event="draw_requested", draws=(*was.draws, draw), payload=payload)


def confirm_draw(
    was: rules.RiskPool, context: rules.Context, event: DrawConfirmed, bank_id: str, now: datetime
) -> PoolChange:
    """The bank has paid, all that was asked for or less: what it did not pay is free again."""
    _require(was, "pool.draw_confirmed", context, event, now)
    draw = _draw_of(was, event.call_id)
    if draw is None:
        raise UnknownDraw(say("{call_id} has no draw on {id}.", call_id=event.call_id, id=was.id), param="data.call_id")
    most = min(draw.minor, was.balance_minor)
    if event.amount > most:
        raise MoreThanRequested(
            say("At most {most} are to be paid for {call_id}.", most=most, call_id=event.call_id), maximum=most
        )
    return TABLE.change(
        was,
        "pool.draw_confirmed",
        now,
        event="draw_confirmed",
        drawn_minor=was.drawn_minor + event.amount,
        draws=tuple(each for each in was.draws if each != draw),
        unanswered=tuple(each for each in was.unanswered if each != draw),
        payload=_facts_of(draw) | {"amount_minor": event.amount, "bank_ref": event.bank_ref},
        postings=transfer(event.amount, was.currency, debit_to=(POOL_DRAWN, was.id), credit_to=(POOL_HELD, was.id)),
    )


def replenish(
    was: rules.RiskPool, context: rules.Context, event: Replenished, bank_id: str, now: datetime
) -> PoolChange:
    """Money has come into the pool: of a contributor, or what a debtor paid back after bank and members."""
    _require(was, "pool.replenished", context, event, now)
    _require_contributor(was, event.contributor)
    is_recovery = event.source == "recovery"
    if is_recovery and event.amount > was.drawn_minor - was.recovered_minor:
        most = was.drawn_minor - was.recovered_minor
        raise MoreThanDrawn(say("At most {most} came back.", most=most), maximum=most)
    source = POOL_RECOVERED if is_recovery else POOL_CONTRIBUTED
    return TABLE.change(
        was,
        "pool.replenished",
        now,
        event="replenished",
        recovered_minor=was.recovered_minor + (event.amount if is_recovery else 0),
        contributed_minor=was.contributed_minor + (0 if is_recovery else event.amount),
        contributors=was.contributors if is_recovery else _with(was, event.contributor, event.amount),
        payload={"source": event.source, "amount_minor": event.amount, "bank_ref": event.bank_ref},
        postings=transfer(event.amount, was.currency, debit_to=(POOL_HELD, was.id), credit_to=(source, was.id)),
    )


def pay_back(was: rules.RiskPool, context: rules.Context, event: PaidBack, bank_id: str, now: datetime) -> PoolChange:
    """A contributor has back what it had paid in, as far as the pool has it and no draw asks for it: so a pool comes to its end."""
    _require(was, "pool.paid_back", context, event, now)
    _require_contributor(was, event.contributor)
    most = min(was.available_minor, was.paid_in_minor(event.contributor))
    if event.amount > most:
        raise MoreThanPaidIn(say("At most {most} goes back.", most=most), param="data.amount", maximum=most)
    return TABLE.change(
        was,
        "pool.paid_back",
        now,
        event="paid_back",
        contributed_minor=was.contributed_minor - event.amount,
        contributors=_with(was, event.contributor, -event.amount),
        payload={"amount_minor": event.amount, "bank_ref": event.bank_ref},
        postings=transfer(
            event.amount, was.currency, debit_to=(POOL_CONTRIBUTED, was.id), credit_to=(POOL_HELD, was.id)
        ),
    )


def give_draw_up(was: rules.RiskPool, context: rules.Context, at: datetime) -> PoolChange:
    """The bank has not answered in time: what was asked for may be asked for by another call."""
    draw = min(was.draws, key=lambda each: each.due_at)
    return TABLE.change(
        was,
        "give_draw_up",
        at,
        event="draw_unanswered",
        draws=tuple(each for each in was.draws if each != draw),
        unanswered=(*was.unanswered, draw)[-rules.MOST_UNANSWERED :],
        payload=_facts_of(draw),
    )


def close(was: rules.RiskPool, now: datetime) -> PoolChange:
    return TABLE.change(was, "close", now, to="closed", why="closed_by_officer", ended_at=now)


MACHINE: Final = StateMachine[rules.RiskPool, rules.Context](
    table=TABLE,
    timers=(
        Timer(
            "draws",
            _OPEN,
            lambda pool, context: min((draw.due_at for draw in pool.draws), default=None),
            "bank",
            "draw_unanswered",
            give_draw_up,
        ),
    ),
)


def _require(was: rules.RiskPool, name: str, context: rules.Context, event: AboutPool, now: datetime) -> None:
    TABLE.require(name, was, "bank", context, now)
    if event.currency != was.currency:
        raise NotThePoolsCurrency(
            say("{id} is in {currency}.", id=was.id, currency=was.currency),
            param="data.currency",
            currency=was.currency,
        )


def _draw_of(pool: rules.RiskPool, call_id: str) -> rules.Draw | None:
    return next((draw for draw in (*pool.draws, *pool.unanswered) if draw.call_id == call_id), None)


def _require_contributor(pool: rules.RiskPool, name: str) -> None:
    if name and name not in [each.name for each in pool.contributors]:
        raise UnknownContributor(
            say("{contributor!r:.60} is none of the pool's.", contributor=name), param="data.contributor"
        )


def _with(pool: rules.RiskPool, name: str, minor: int) -> tuple[rules.Contributor, ...]:
    """The contributors after one of them has paid in so much more, or got it back."""
    return tuple(replace(each, minor=each.minor + minor) if each.name == name else each for each in pool.contributors)


def _facts_of(draw: rules.Draw) -> dict[str, Any]:
    return {"call_id": draw.call_id, "loan_id": draw.loan_id, "amount_minor": draw.minor}
