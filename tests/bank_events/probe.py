"""An aggregate of which banks tell that exists only in tests: a probe that takes readings until it is closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec
import pytest
from pynamodb.attributes import UnicodeAttribute

from chalicelib.bank_events.inbound import INBOUND
from chalicelib.bank_events.outbound import OUTBOUND, event_refused
from chalicelib.banks.rules.protocol import BankMessage, InboundType, Minor
from chalicelib.banks.service.messages import Inbound
from chalicelib.shared.aggregates import Aggregate, AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext
from chalicelib.shared.state_machine import Change, InvalidTransition, StateMachine, Table, Transition
from chalicelib.shared.tables import table_name

START: Final = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: Literal["open", "closed"] = "open"
    version: int = 1
    entry_hash: str = ""
    recent: tuple[str, ...] = ()
    updated_at: datetime = START
    policy: str = ""
    bank_id: str = "boc"
    bank_seq: int = 0
    readings: tuple[int, ...] = ()

    @property
    def seq(self) -> int:
        return self.version


class ProbeRow(AggregateRow):
    class Meta:
        table_name = table_name("orders")

    order_id = UnicodeAttribute(hash_key=True)
    body = Packed(Probe)


class ProbeClosed(InvalidTransition):
    code = "probe_closed"


TABLE: Final = Table[Probe, tuple[()]](
    kind="probe",
    error=ProbeClosed,
    ends=frozenset({"closed"}),
    transitions=(
        Transition("read", frozenset({"open"}), frozenset({"bank"}), frozenset({"open"})),
        Transition("close", frozenset({"open"}), frozenset({"bank"}), frozenset({"closed"})),
    ),
)
PROBES: Final = Aggregate[Probe, tuple[()], Literal["bank"]](
    name="probes",
    machine=StateMachine(table=TABLE),
    repository=Repository(ProbeRow),
    context=lambda probes, now: [()] * len(probes),
    actor_of=lambda probe, caller: "bank",
    view=lambda probe, context, actor, now: probe,
)


class Reading(BankMessage, frozen=True, kw_only=True):
    probe_id: str
    amount: Minor


class About(BankMessage, frozen=True, kw_only=True):
    probe_id: str


class TooMuch(RuleViolation):
    code = "probe_reading_too_high"
    title = "No probe reads that."


def _read(was: Probe, context: tuple[()], event: Reading, bank_id: str, now: datetime) -> Change[Probe]:
    TABLE.require("read", was, "bank", context, now)
    if event.amount > 1_000:
        raise TooMuch(f"{event.amount} is more than 1000.", param="data.amount")
    return TABLE.change(was, "read", now, readings=(*was.readings, event.amount))


def _close(was: Probe, context: tuple[()], event: About, bank_id: str, now: datetime) -> Change[Probe]:
    return TABLE.change(was, "close", now, status="closed")


DECLARED: Final[tuple[Inbound[Any, Any, Any], ...]] = (
    Inbound(
        type=InboundType("probe.read", Reading, "probe", lambda event: event.probe_id), aggregate=PROBES, decide=_read
    ),
    Inbound(
        type=InboundType("probe.seen", About, "probe", lambda event: event.probe_id),
        aggregate=PROBES,
        decide=lambda was, context, event, bank_id, now: None,
    ),
    Inbound(
        type=InboundType("probe.closed", About, "probe", lambda event: event.probe_id), aggregate=PROBES, decide=_close
    ),
)


def create(probe_id: str, now: datetime) -> None:
    state = Probe(id=probe_id, updated_at=now)
    PROBES.create(
        Change(state=state, event=Event("probe.created"), at=now), (), RequestContext.of_clock(probe_id, 1, now)
    )


def seen(probe_id: str) -> Probe:
    probe = PROBES.repository.load(probe_id)
    assert probe is not None
    return probe


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in DECLARED:
        monkeypatch.setitem(INBOUND, each.type.name, each)
        message = event_refused(each)
        monkeypatch.setitem(OUTBOUND, message.kind, message)
