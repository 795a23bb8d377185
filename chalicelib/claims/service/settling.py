"""A claim as it stands now: what has fallen due is applied before every read and written before every change, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.claims import records
from chalicelib.claims.rules import claim as claims_claim
from chalicelib.claims.rules import deadlines, representing
from chalicelib.claims.rules.claim import Claim
from chalicelib.claims.rules.moves import Who
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.step import Dossier, Step
from chalicelib.claims.views.claim import ClaimView, claim_view
from chalicelib.deposits.service import claims as deposits_claims
from chalicelib.ledger.rules.chart import REFUNDS_PAYABLE
from chalicelib.orders import records as orders_records
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.aggregate import pinned as orders_pinned
from chalicelib.orders.rules.order import Order, Side
from chalicelib.shared import journal, policies
from chalicelib.shared.commit import NOTHING_ELSE, Answer, Joined, Put, Update, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Also, Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.refusal import NotAllowed, NotFound, Raced
from chalicelib.shared.request import Caller, Request
from chalicelib.suppliers.rules.balance import Balance, Draw
from chalicelib.suppliers.rules.effects import DrawBalance, SupplierEffect
from chalicelib.suppliers.service import cover as suppliers_cover
from chalicelib.suppliers.service import money as suppliers_money

Decide = Callable[[Dossier], Step]


class Made(Struct, frozen=True):
    """A step, the balance it draws on, and the supplier's deposit as the same commit changes it."""

    step: Step
    balance: Balance | None = None
    deposit: Put | None = None


def load(claim_id: str) -> Dossier | None:
    """The claim with its order: one round trip."""
    row, order = orders_records.load_beside(records.ClaimRow, claim_id, claims_claim.order_of(claim_id))
    if row is None or order is None:
        return None
    return dossier_of(row.body, order)


def listed(claim_ids: list[str]) -> dict[str, tuple[Claim, Order]]:
    """For lists: those of these claims that can be read, with their orders, by id. Two round trips for a page of them."""
    claims = records.listed(claim_ids)
    found = ORDERS.repository.load_many(claim.order_id for claim in claims)
    return {claim.id: (claim, order) for claim in claims if (order := found.get(claim.order_id))}


def dossier_of(claim: Claim, order: Order) -> Dossier:
    return Dossier(claim=claim, order=order, terms=orders_pinned(order), policy=pinned(claim))


def find(claim_id: str, request: Request) -> tuple[Dossier, Who]:
    """The claim as it stands now, as one of its parties or an officer may see it."""
    return must_be_seen(claim_id, as_of(load(claim_id), request.now), request.caller)


def for_change(claim_id: str, request: Request) -> tuple[Dossier, Who]:
    """The same, with everything written that has fallen due, for one who may change it."""
    dossier, who = must_be_seen(claim_id, settled(claim_id, request.now), request.caller)
    request.expects(dossier.claim.version)
    return dossier, who


def party(claim_id: str, request: Request, *, only: Side | None = None) -> tuple[Dossier, Side]:
    """The same, for a party of it; where somebody acts for the party, that is on the claim from then on."""
    dossier, who = for_change(claim_id, request)
    if who == "officer" or who is None:
        raise NotAllowed("Only buyer and supplier do this.", fix="Choose one of allowed_actions.")
    if only and who != only:
        raise NotAllowed(f"Only the {only} does this.", fix="Choose one of allowed_actions.")
    return replace(dossier, claim=representing.represented(dossier.claim, who, request.caller.actor)), who


def must_be_seen(claim_id: str, dossier: Dossier | None, caller: Caller) -> tuple[Dossier, Who]:
    who = seen_as(dossier.claim, caller) if dossier else None
    if dossier is None or who is None:
        raise NotFound(f"There is no claim {claim_id!r:.60}.")
    return dossier, who


def seen_as(claim: Claim, caller: Caller) -> Who:
    if caller.is_officer:
        return "officer"
    return claim.side_of(caller.member_id)


def as_of(dossier: Dossier | None, now: datetime) -> Dossier | None:
    """The claim and its order with everything applied that has fallen due; nothing is written."""
    if dossier is None:
        return None
    known = _on_its_order(dossier)
    while found := _first_due(known, now):
        was, step = found[0], found[1].step
        order = step.effect.order if step.effect else was.order
        known = [replace(each, order=order, claim=step.claim if each is was else each.claim) for each in known]
    return known[0]


def settled(claim_id: str, now: datetime) -> Dossier | None:
    """The claim with everything written that has fallen due. Who writes it first does not matter: each step has one name."""
    dossier = load(claim_id)
    while dossier and (found := _first_due(_on_its_order(dossier), now)):
        was, made = found
        request = Request.of_clock(was.claim.id, made.step.claim.version, now)
        entry = _entry(made.step, was, request, None)
        try:
            written = commit(entry, *_changes(made, was, entry))
        except Raced:
            written = None
        known = written is not None and not written.replayed and was is dossier
        dossier = _linked(made.step, was, entry) if known else load(claim_id)
    return dossier


def due_at(claim_id: str, now: datetime) -> datetime | None:
    """When something happens to the claim by itself, as it is kept."""
    claim = records.load(claim_id)
    return deadlines.next_due(claim, pinned(claim)) if claim else None


def decide(dossier: Dossier, make: Decide, request: Request, who: Who) -> Answer:
    """Decide and carry out."""
    return _carry_out(_made(dossier, make), dossier, request, who)


def carry_out(
    step: Step, was: Dossier, request: Request, who: Who, *, status: int = 200, joined: Joined = NOTHING_ELSE
) -> Answer:
    """A step that needs nothing of the supplier's money."""
    return _carry_out(Made(step), was, request, who, status=status, joined=joined)


def _carry_out(
    found: Made, was: Dossier, request: Request, who: Who, *, status: int = 200, joined: Joined = NOTHING_ELSE
) -> Answer:
    """The claim, its journal entry and, where they change, its order, its supplier and the supplier's deposit: one transaction."""
    made = _entry(found.step, was, request, who, status=status, joined=joined)
    return commit(made, *_changes(found, was, made), *joined.changes)


def _entry(
    step: Step, was: Dossier, request: Request, who: Who, *, status: int = 200, joined: Joined = NOTHING_ELSE
) -> Entry:
    claim = step.claim
    order = step.effect.order if step.effect else None
    after = was.after(claim, order)
    return journal.entry(
        request,
        joined.told_with(step.event),
        of=claim.id,
        seq=claim.version,
        prev=was.claim.head if claim.version > 1 else journal.GENESIS,
        answer=joined.answer or (encode(shown(after, who, request.now)) if who else b""),
        status=status,
        at=step.at,
        also=((Also(order.id, order.version),) if order else ()) + joined.also,
    )


def _linked(step: Step, was: Dossier, made: Entry) -> Dossier:
    """The claim and its order as that entry has left them."""
    order = ORDERS.with_entry(step.effect.order, made) if step.effect else None
    return was.after(records.linked(step.claim, made), order)


def shown(dossier: Dossier, who: Who, now: datetime) -> ClaimView:
    return claim_view(dossier, who, now)


def pinned(claim: Claim) -> ClaimPolicy:
    return policies.pinned("claims", claim.policy).read_as(ClaimPolicy)


def policy_for(order: Order) -> policies.Policy:
    """What applied when the order was agreed: later versions change nothing about it."""
    return policies.in_force("claims", business_date(order.agreed_at or order.created_at))


def _on_its_order(dossier: Dossier) -> list[Dossier]:
    """The claim, and after it the others that are open on its order: what one frees another gets, and the last one lets the order go."""
    others = [mark.claim_id for mark in dossier.order.open_claims if mark.claim_id != dossier.claim.id]
    found = records.load_many(others) if others else {}
    return [dossier, *(replace(dossier, claim=claim, policy=pinned(claim)) for claim in found.values())]


def _first_due(known: list[Dossier], now: datetime) -> tuple[Dossier, Made] | None:
    """What fell due first of all claims on one order, however late it is looked at."""
    due = [
        (at, each.claim.id, each) for each in known if (at := deadlines.next_due(each.claim, each.policy)) and at <= now
    ]
    if not due:
        return None
    _, _, was = min(due, key=lambda fallen: fallen[:2])
    return was, _made(was, lambda dossier: deadlines.first_due(dossier, now) or _never())


def _made(dossier: Dossier, make: Decide) -> Made:
    """A step. Where the held money does not suffice for it, it is made again with what the supplier's balance holds, and its deposit."""
    step, claim = make(dossier), dossier.claim
    if not _lacking(step, claim):
        return Made(step)
    balance = suppliers_money.balance(claim.supplier_id, claim.currency)
    dossier = replace(dossier, balance_minor=balance.minor)
    step = make(dossier)
    owed = (REFUNDS_PAYABLE, claim.order_id)
    given = deposits_claims.deduct(
        claim.supplier_id, claim.currency, _lacking(step, claim), claim.id, credit_to=owed, now=step.at
    )
    if not given.taken_minor:
        return Made(step, balance)
    dossier = replace(
        dossier,
        deposit_minor=given.taken_minor,
        insured_minor=given.insured_minor,
        deposit_postings=given.postings,
    )
    return Made(make(dossier), balance, given.update)


def _lacking(step: Step, was: Claim) -> int:
    """What of a payment that has just become payable nobody's own money has paid so far."""
    return sum(paying.lacking_minor for paying in step.claim.payments[len(was.payments) :])


def _changes(found: Made, was: Dossier, made: Entry) -> Iterator[Put | Update]:
    step, balance = found.step, found.balance
    claim, effect = step.claim, step.effect
    yield records.put(claim, made, deadlines.next_due(claim, was.policy))
    if effect is None:
        return
    yield ORDERS.put(effect.order, made, made.written_at)
    if found.deposit is not None:
        yield found.deposit
    effects: list[SupplierEffect] = [each for each in effect.effects if isinstance(each, SupplierEffect)]
    if step.draw_minor and balance:
        draw = Draw(claim.currency, step.draw_minor, balance)
        effects.append(DrawBalance(supplier_id=claim.supplier_id, draw=draw))
    if effects:
        yield suppliers_cover.write_effects(claim.supplier_id, effects)


def _never() -> Step:
    raise AssertionError("what fell due a moment ago is due still")
