"""Credit lines as an aggregate."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.aggregate.contexts import contexts
from chalicelib.credit.aggregate.packs import PACKS
from chalicelib.credit.aggregate.parties import borrower
from chalicelib.credit.records.lines import REPOSITORY
from chalicelib.credit.rules.line import Actor, Line
from chalicelib.credit.rules.line_timers import MACHINE
from chalicelib.credit.rules.pack import Pack
from chalicelib.credit.rules.procedure import Context
from chalicelib.credit.views.lines import view
from chalicelib.shared.aggregates import Aggregate

LINES: Final = Aggregate[Line, Context, Actor](
    name="credit-lines",
    machine=MACHINE,
    repository=REPOSITORY,
    context=contexts,
    actor_of=borrower,
    view=view,
    duty="risk",
    others={Pack: PACKS},
)
