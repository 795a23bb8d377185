"""One disputed order with its books, its supplier's cover and its bank, played on the pure rules of claims, orders and banks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from chalicelib.banks.rules import operations, outbox, stops
from chalicelib.banks.rules.instruction import Instruction, StatusReport, create
from chalicelib.banks.rules.timers import MACHINE
from chalicelib.banks.rules.transitions import InstructionChange
from chalicelib.claims.rules import refund_tracking
from chalicelib.claims.rules.claim import ENDS, Claim
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.ledger.rules.chart import BANK_CLEARING, HELD, SUPPLIER_BALANCE
from chalicelib.orders.rules.order import Cover, Order
from chalicelib.orders.rules.transitions import OrderChange
from chalicelib.shared import journal
from chalicelib.shared.fx import Quote
from chalicelib.shared.journal import Event, PaymentOrder, Posting, transfer
from tests.banks.factories import POLICY as PATIENCE
from tests.banks.factories import spent_of
from tests.claims.playing import PAYMENTS, Play, order_after
from tests.claims.rules.given import PAID, shipped_order
from tests.properties.cover import ModelOfCover

LIMIT = 10_000_000


@dataclass(frozen=True)
class Told:
    """An entry of an instruction's chain that nobody has followed yet; it may be followed again, late, and before an earlier one."""

    number: int
    aggregate_id: str
    event: Event

    @property
    def purpose(self) -> str:
        return str(self.event.payload.get("purpose", ""))


def order_in(currency: str, rate: str, cap_minor: int) -> Order:
    """5,000.00 paid in full and shipped in time, covered up to a cap."""
    quote = Quote(currency, "USD", rate, "2026-03", "test")
    reserved = quote.convert(cap_minor, "up")
    cover = Cover(
        cap_minor=cap_minor, reserved_usd_minor=reserved, remaining_usd_minor=reserved, quote=quote, state="active"
    )
    payments = tuple(replace(paid, currency=currency) for paid in PAYMENTS)
    return shipped_order(
        terms={"currency": currency}, cover=cover, payments=payments, receipt_due_at=PAID.replace(month=8)
    )


class Disputed(ModelOfCover, Play):
    """`accounts` holds debits less credits by (account, of), from every posting of claim, order and bank."""

    def __init__(self, order: Order) -> None:
        assert order.cover is not None
        super().__init__(order, PAID.replace(month=4))
        self.accounts: dict[tuple[str, str], int] = defaultdict(int)
        self.reserved, self.advanced = order.cover.remaining_usd_minor, 0
        self.available = LIMIT - self.reserved
        self.instructions: dict[str, Instruction] = {}
        self.entries: list[Told] = []
        self.followed: set[int] = set()
        self.told_refunds: dict[str, int] = defaultdict(int)
        self.book(
            transfer(
                order.received_minor,
                order.terms.currency,
                debit_to=(BANK_CLEARING, "boc"),
                credit_to=(HELD, order.id),
            )
        )

    @property
    def balance_minor(self) -> int:
        return -self.accounts[SUPPLIER_BALANCE, "mem_s"]

    def take(self, change: ClaimChange) -> Claim:
        was, order = self.claims.get(change.state.id), order_after(change)
        assert change.state.version == (was.version if was else 0) + 1
        assert order is None or order.version == self.order.version + 1
        self._others_keep_what_is_theirs(change.state.id, order)
        self.heard_of(change.event, change.state.id)
        self.move_cover(change.effects)
        return super().take(change)

    def _others_keep_what_is_theirs(self, claim_id: str, order: Order | None) -> None:
        """Whatever one claim comes to, the reserve of every other that is open is there still."""
        after = {mark.claim_id: mark for mark in (order.claims if order else ())}
        for mark in self.order.open_claims if after else ():
            assert mark.claim_id == claim_id or after[mark.claim_id].reserved_minor >= mark.reserved_minor

    def take_own(self, change: OrderChange) -> None:
        self.heard_of(change.event, change.state.id)
        self.move_cover(change.effects)
        super().take_own(change)

    def heard_of(self, event: Event, aggregate_id: str) -> None:
        """The books and the banks hear of an entry."""
        assert not journal.imbalance(event.postings)
        self.book(event.postings)
        for payment_order in event.payment_orders:
            self._instruct(payment_order, aggregate_id)

    def book(self, postings: tuple[Posting, ...]) -> None:
        for leg in postings:
            assert min(leg.debit_minor, leg.credit_minor) == 0 < leg.debit_minor + leg.credit_minor
            self.accounts[leg.account, leg.owner_id] += leg.debit_minor - leg.credit_minor

    def total(self, account: str) -> int:
        return sum(minor for (code, _), minor in self.accounts.items() if code == account)

    # banks

    def _instruct(self, payment_order: PaymentOrder, cause: str) -> None:
        number = len(self.instructions)
        instruction = create(payment_order, f"ent_{number}", 0, cause, self.now, PATIENCE)
        self.instructions[instruction.id] = instruction
        if instruction.kind == "refund":
            self.told_refunds[instruction.bank_ref] += instruction.amount_minor
        self.hold_back()

    def hold_back(self) -> None:
        """Stops meet the refunds of their payment that have not left."""
        for stop in list(self.instructions.values()):
            for refund in list(self.instructions.values()):
                if stops.recalls(self.instructions[stop.id], refund):
                    change = stops.recall(refund, self.instructions[stop.id], self.now)
                    self.instructions[stop.id] = spent_of(change)
                    self._carry(change)
                    for finished in MACHINE.overdue(change.state, PATIENCE, self.now):
                        self._carry(finished)

    def ready(self) -> list[str]:
        """Refunds that may leave now, at first or again."""
        waiting = ("created", "failed", "needs_account", "manual")
        return [
            instruction.id
            for instruction in self.instructions.values()
            if instruction.kind == "refund" and instruction.status in waiting
        ]

    def under_way(self) -> list[tuple[str, str]]:
        """(instruction, attempt) of which the bank has said nothing yet."""
        return [
            (instruction.id, attempt.id)
            for instruction in self.instructions.values()
            for attempt in instruction.unresolved
        ]

    def send(self, name: str) -> None:
        if self.instructions[name].status in ("needs_account", "manual"):
            self._carry(operations.retry(self.instructions[name], self.now))
        self._carry(outbox.send(self.instructions[name], self.now, PATIENCE))

    def hear(self, name: str, attempt: str, report: StatusReport) -> None:
        self._carry(outbox.apply_status(self.instructions[name], attempt, report, self.now, PATIENCE))

    def _carry(self, change: InstructionChange) -> None:
        self.instructions[change.state.id] = change.state
        self.heard_of(change.event, change.state.id)
        self.entries.append(Told(len(self.entries), change.state.id, change.event))

    def follow(self, told: Told) -> None:
        """What claims make of a bank's entry. Each entry has one effect: the second time its name is taken."""
        cause = str(told.event.payload.get("cause", ""))
        if told.number in self.followed:
            return
        self.followed.add(told.number)
        if cause not in self.claims:
            return
        self.settle_due()
        was = self.claims[cause]
        at = max(self.now, was.updated_at, self.order.updated_at)
        change = _FOLLOWED.get(told.event.kind, _nothing)(was, self.context, told, at)
        if change is not None:
            self.take(change)

    def open_claims(self) -> list[Claim]:
        return [claim for claim in self.claims.values() if claim.status not in ENDS]


def _nothing(was: Claim, context: Context, told: Told, at: object) -> None:
    return None


_FOLLOWED: dict[str, Callable[..., ClaimChange | None]] = {
    "instruction.settled": lambda was, context, told, at: refund_tracking.settled(
        was, context, told.aggregate_id, told.event.payload["amount_minor"], at, purpose=told.purpose
    ),
    "instruction.stopped": lambda was, context, told, at: refund_tracking.charged_back(
        was, context, told.event.payload["stopped_minor"], at, purpose=told.purpose
    ),
    "instruction.failed": lambda was, context, told, at: refund_tracking.with_exception(
        was, told.aggregate_id, told.number, "failed_and_retried", "failed", at, purpose=told.purpose
    ),
    "instruction.manual": lambda was, context, told, at: refund_tracking.with_exception(
        was, told.aggregate_id, told.number, "with_officer", "settled_short", at, purpose=told.purpose
    ),
}
