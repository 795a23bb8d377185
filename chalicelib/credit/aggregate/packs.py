"""Data packs as an aggregate: their first version comes with what they are for, their own entries are what banks read."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.records.packs import REPOSITORY
from chalicelib.credit.rules.pack import MACHINE, Actor, Context, Pack
from chalicelib.credit.views.packs import view
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller


def actor_of(pack: Pack, caller: Caller) -> Actor | None:
    """The firm, officers and banks. Which bank it was sent to says what it is for, which data that bank may see now the consent."""
    if caller.role == "bank":
        return "bank"
    if caller.is_officer:
        return "officer"
    return "firm" if caller.is_member(pack.firm_id) else None


PACKS: Final = Aggregate[Pack, Context, Actor](
    name="data-packs",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda packs, now: [() for _ in packs],
    actor_of=actor_of,
    view=view,
)
