"""Credit lines as an aggregate."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.aggregate.contexts import contexts
from chalicelib.credit.aggregate.packs import PACKS
from chalicelib.credit.records.lines import REPOSITORY
from chalicelib.credit.rules.line import Actor, Line
from chalicelib.credit.rules.line_timers import MACHINE
from chalicelib.credit.rules.pack import Pack
from chalicelib.credit.rules.procedure import Context
from chalicelib.credit.views.lines import view
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller


def actor_of(line: Line, caller: Caller) -> Actor | None:
    """A line is seen by its firm, by its bank and by officers."""
    if caller.is_officer:
        return "officer"
    if caller.role == "bank":
        return "bank" if caller.sub == line.bank_id else None
    return "borrower" if caller.is_member(line.member_id) else None


LINES: Final = Aggregate[Line, Context, Actor](
    name="credit-lines",
    machine=MACHINE,
    repository=REPOSITORY,
    context=contexts,
    actor_of=actor_of,
    view=view,
    duty="risk",
    others={Pack: PACKS},
)
