"""A bank's event from its arrival to its one effect. Pure.

received ─→ applied        its effect is made (or it needs none)
    ├────→ parked          it came before an earlier one of the same sequence; applied when the gap fills
    │         └─ overdue ─→ suspense
    ├────→ suspense        money that nothing takes, with a reason, an owner and a time: see `suspense`
    └────→ refused         nothing we can act on, with the reason
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.protocol import TargetUnknown
from chalicelib.ledger.rules.chart import BANK_CLEARING, SUSPENSE
from chalicelib.shared import ids
from chalicelib.shared.bounds import most
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.webhooks import Signed

PREFIX: Final = "bev"
Status = Literal[
    "received",
    "parked",
    "refused",
    "suspense",
    "applied",
    "allocated",
    "returned",
    "claimed_back",
    "charged_back",
    "reversed",
]
LISTED: Final[frozenset[Status]] = frozenset(
    {"parked", "refused", "suspense", "allocated", "returned", "claimed_back", "charged_back", "reversed"}
)
"""What officers look at, or have looked at."""
OPEN: Final[frozenset[Status]] = frozenset({"parked", "refused", "suspense"})
"""What somebody has to look at."""
CONSUMED_WITHIN: Final = timedelta(minutes=5)
"""So long the consumer has for its part; then the sweep looks."""
UNKNOWN_LOOKED_FOR: Final = timedelta(minutes=30)
"""So often an aggregate is looked for that was not known when a bank told of it."""
Taker = Literal["order", "deposit", "claim", "recovery", "insurer", "member_claim", "instruction"]
NO_EFFECT: Final = frozenset({"ping"})
"""Types that only show that the line works."""

MOST_PARTS: Final = 20
"""In so many parts a bank may take an item in suspense back; one more is an item of its own."""


class EventIdReused(Conflict):
    code = "event_id_reused"
    title = "That webhook-id belongs to another message."
    fix = "Send a new message under a new webhook-id; repeat an old one only with the same body."


class Movement(msgspec.Struct, frozen=True):
    """So many minor units that a bank says came in to our account there, or went out of it."""

    amount_minor: int
    currency: str
    incoming: bool

    def suspend(self, event_id: str, bank_id: str) -> tuple[Posting, ...]:
        """Book the movement against suspense: nobody's money yet, or nobody's debt yet."""
        bank, nobody = (BANK_CLEARING, bank_id), (SUSPENSE, event_id)
        debit_to, credit_to = (bank, nobody) if self.incoming else (nobody, bank)
        return transfer(self.amount_minor, self.currency, debit_to=debit_to, credit_to=credit_to)

    def free(self, event_id: str, bank_id: str) -> tuple[Posting, ...]:
        """Take the movement out of suspense again, for an order or a deposit to book."""
        return replace(self, incoming=not self.incoming).suspend(event_id, bank_id)


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an officer said suspended money is for. An insurer pays for a policy, `part`, that stands in for a deposit."""

    kind: Taker
    id: str
    part: str = ""


class _Typed(msgspec.Struct):
    type: str


class BankEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A verified event. `version` counts what was decided about it since it arrived, `seq` what of that has an entry of its own chain,
    whose last is `entry_hash`: an order that cannot take the money says so in the order's own entry. `number` is the bank's, of an order or
    another aggregate. While it waits for earlier ones of a sequence, `replay_at` is when the bank is asked for them, `alert_at` when somebody is told.

    `movement` is what came into suspense; `charged_back` is when and how much of it the bank has charged back; `ended_by` is whose doing
    it was that it left. An event that was applied at once stays `received` here: its entry in the journal, which bears its name, says that it was.
    """

    id: str
    bank_id: str
    webhook_id: str
    digest: str
    received_at: datetime
    updated_at: datetime
    since: datetime
    version: int = 0
    seq: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    status: Status = "received"
    aggregate_id: str = ""
    number: int = 0
    movement: Movement | None = None
    bank_ref: str = ""
    suspended_at: datetime | None = None
    charged_back: Annotated[tuple[tuple[datetime, int], ...], most(MOST_PARTS)] = ()
    target: Target | None = None
    reason: str = ""
    detail: str = ""
    ended_by: Literal["", "officer", "clock", "bank"] = ""
    due_at: datetime | None = None
    replay_at: datetime | None = None
    alert_at: datetime | None = None

    @property
    def policy(self) -> str:
        """None is pinned: what it needs of the policy is in `due_at`."""
        return ""

    @property
    def sender(self) -> str:
        """The bank as the author of journal entries."""
        return f"bank:{self.bank_id}"

    @property
    def waiting(self) -> Movement | None:
        """What is left of the money that came into suspense."""
        back = sum(minor for _, minor in self.charged_back)
        return replace(self.movement, amount_minor=self.movement.amount_minor - back) if self.movement else None

    def is_due(self, now: datetime) -> bool:
        return self.due_at is not None and now >= self.due_at

    @property
    def next_look(self) -> datetime | None:
        """When it is looked at again: at its deadline; before, where it was parked, because the index that shows what waits for an event is a
        little behind."""
        return self.looked_at_after(self.updated_at)

    def looked_at_after(self, now: datetime) -> datetime | None:
        """The next look from a moment on."""
        if self.status not in ("parked", "suspense"):
            return None
        looks = [self.due_at, self.replay_at, self.alert_at]
        if self.status == "parked" and (soon := self._looked_at_soon(now)):
            looks.append(soon)
        return min((at for at in looks if at is not None), default=None)

    def _looked_at_soon(self, now: datetime) -> datetime | None:
        """Once, because the index is behind; again and again, where nothing but time can bring what it waits for."""
        soon = self.updated_at + CONSUMED_WITHIN
        if now < soon:
            return soon
        return now + UNKNOWN_LOOKED_FOR if self.reason == TargetUnknown.code else None


def name_of(bank_id: str, webhook_id: str) -> str:
    """An event's id follows from the bank's own name for it: the same message twice is the same event."""
    return ids.derived_id(PREFIX, bank_id, webhook_id)


def arrived(bank_id: str, signed: Signed, body: bytes, now: datetime) -> BankEvent:
    return BankEvent(
        id=name_of(bank_id, signed.id),
        bank_id=bank_id,
        webhook_id=signed.id,
        digest=hashlib.sha256(body).hexdigest()[:43],
        received_at=now,
        updated_at=now,
        since=now,
    )


def settled(event: BankEvent, at: datetime, aggregate_id: str) -> BankEvent:
    """An event that was applied as soon as it came, as its journal entry tells of it."""
    return replace(event, status="applied", updated_at=at, since=at, aggregate_id=aggregate_id)


def type_of(body: bytes) -> str:
    """What a message says it is, as far as it can be read."""
    try:
        return msgspec.json.decode(body, type=_Typed).type[:100]
    except (ValueError, RecursionError):
        return ""
