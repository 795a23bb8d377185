"""What officers meet of every kind of thing: where it is read, which duties open it, and who has to act on it. Pure.

A prefix of an id says what a thing is (`shared/ids.py`). A test holds this table to the routes: who may read a thing here may read it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from chalicelib.shared.access import ADMIN, ANY_DUTY, CHANNELS, FEEDS, LEGAL
from chalicelib.shared.request import Caller

RISK: Final = ("risk",)


class Thing(NamedTuple):
    """`kind` as its machine has it, `home` the slice whose machine that is, `path` of the thing by its id, the duties that open it, and those of which one is needed to act on it.

    `awaits` are actions that wait for an officer although no deadline says so. `reviewer` is the field of its state that names the officer
    who has it, whom the action `assigned_by` names. `is_noted`: nothing is to be done to it, so its work ends when somebody says so.
    """

    kind: str
    home: str
    path: str
    seen_by: tuple[str, ...] = ANY_DUTY
    done_by: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()
    reviewer: str = ""
    assigned_by: str = "assign"
    is_noted: bool = False

    @property
    def queue(self) -> str:
        """The queue of work that officers with one of the duties see."""
        return "+".join(sorted(self.done_by))

    def href(self, record: str) -> str:
        return self.path.format(id=record)

    def is_open_to(self, caller: Caller) -> bool:
        return caller.has_duty(*self.seen_by)


THINGS: Final[Mapping[str, Thing]] = {
    "agr": Thing("agreement", "credit", "/v1/agreements/{id}"),
    "alr": Thing("alert", "monitoring", "/v1/alerts/{id}", done_by=RISK, reviewer="owner", assigned_by="acknowledge"),
    "app": Thing("application", "credit", "/v1/credit-applications/{id}", done_by=RISK),
    "bev": Thing("bank_event", "bank_events", "/v1/bank-events/{id}", done_by=("payments",)),
    "cas": Thing("case", "cases", "/v1/cases/{id}", done_by=ANY_DUTY, reviewer="owner"),
    "chm": Thing("channel_membership", "channels", "/v1/channel-memberships/{id}", (*ANY_DUTY, CHANNELS), (CHANNELS,)),
    "chn": Thing("channel", "channels", "/v1/channels/{id}", (*ANY_DUTY, CHANNELS), (CHANNELS,)),
    "clm": Thing("claim", "claims", "/v1/claims/{id}", done_by=("claims",), reviewer="reviewer"),
    "cns": Thing("consent", "credit", "/v1/consents/{id}", RISK),
    "cpy": Thing("acquirer_payment", "acquiring", "/v1/payments/{id}"),
    "dep": Thing("deposit", "deposits", "/v1/deposits/{id}", done_by=("deposits",), awaits=("approve-correction",)),
    "dlt": Thing("dead_letter", "", "/v1/dead-letters", (*ANY_DUTY, FEEDS), (ADMIN,)),
    "firm": Thing("firm", "firms", "/v1/firms/{id}", RISK, RISK),
    "gcl": Thing("guarantee_call", "guarantees", "/v1/guarantee-calls/{id}", done_by=RISK),
    "grp": Thing("group", "groups", "/v1/guarantee-groups/{id}", RISK),
    "imp": Thing("import", "", "/v1/imports/{id}", (FEEDS,), (FEEDS,), is_noted=True),
    "inc": Thing("incentive", "conduct", "/v1/incentives/{id}"),
    "ins": Thing("instruction", "banks", "/v1/bank-instructions/{id}", done_by=("payments",)),
    "lin": Thing("line", "credit", "/v1/credit-lines/{id}", done_by=RISK),
    "lon": Thing("loan", "loans", "/v1/loans/{id}"),
    "lst": Thing("listing", "listings", "/v1/listings/{id}", (CHANNELS,), (CHANNELS,)),
    "mcl": Thing("member_claim", "guarantees", "/v1/member-claims/{id}", done_by=RISK),
    "mem": Thing("member", "", "/v1/members/{id}", (*ANY_DUTY, FEEDS)),
    "nom": Thing("nomination", "channels", "/v1/nominations/{id}", (*ANY_DUTY, CHANNELS), (CHANNELS,)),
    "ofr": Thing("offer", "credit", "/v1/credit-offers/{id}"),
    "ord": Thing("order", "orders", "/v1/orders/{id}", (*ANY_DUTY, FEEDS)),
    "pol": Thing("pool", "guarantees", "/v1/risk-pools/{id}"),
    "pro": Thing("pre_offer", "credit", "/v1/pre-offers/{id}", RISK),
    "qot": Thing("quote", "quotes", "/v1/quotes/{id}"),
    "rcb": Thing("receivable", "receivables", "/v1/receivables/{id}"),
    "rci": Thing("reconciliation_item", "reconciliation", "/v1/reconciliation-items/{id}", done_by=("payments",)),
    "rcv": Thing("recovery", "recoveries", "/v1/recoveries/{id}", done_by=("claims",)),
    "rpt": Thing(
        "peer_report", "conduct", "/v1/peer-reports/{id}", (*RISK, LEGAL), (*RISK, LEGAL), ("decide-unsealing",)
    ),
    "run": Thing("run", "", "/v1/runs/{id}", (*ANY_DUTY, FEEDS), (*ANY_DUTY, FEEDS), is_noted=True),
    "sco": Thing("score", "credit", "/v1/scores/{id}", RISK, RISK),
    "snc": Thing("sanction", "conduct", "/v1/sanctions/{id}", (*ANY_DUTY, LEGAL), (*RISK, LEGAL)),
    "stl": Thing("settlement", "acquiring", "/v1/settlements/{id}"),
    "supplier": Thing("supplier", "", "/v1/suppliers/{id}", done_by=RISK),
    "trn": Thing("training", "trainings", "/v1/trainings/{id}", done_by=RISK),
}
"""By the prefix of an id, or of a chain's name where that is not the id: `supplier:mem_…`."""
WORK: Final = {thing.kind: thing for thing in THINGS.values() if thing.done_by}
"""Kinds of work, in the order of the table."""


def thing_of(name: str) -> Thing | None:
    """What a thing is, by its id or the name of its chain."""
    return THINGS.get(prefix_of(name))


def prefix_of(name: str) -> str:
    return name.partition(":")[0] if ":" in name else name.partition("_")[0]


def open_work(caller: Caller) -> Iterator[Thing]:
    """The kinds of work that one of the caller's duties is for."""
    return (thing for thing in WORK.values() if caller.has_duty(*thing.done_by))


def queues(things: Iterable[Thing]) -> list[str]:
    """Their queues, each once."""
    return list(dict.fromkeys(thing.queue for thing in things))
