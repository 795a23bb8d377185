"""Deposits as an aggregate: what ties their machine to their table, their view and the rulebooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.deposits.records import REPOSITORY
from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.timers import MACHINE
from chalicelib.deposits.rules.transitions import Actor
from chalicelib.deposits.views.deposit import view
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.errors import NotFound
from chalicelib.shared.request import Caller


class NoDeposit(NotFound):
    code = "no_deposit"
    title = "There is no deposit of that seller."
    fix = "Open one first: POST /v1/deposits/{seller_id}."


def actor_of(seller_id: str, caller: Caller) -> Actor | None:
    if caller.is_officer:
        return "officer"
    return "seller" if caller.is_member(seller_id) else None


def _contexts(deposits: Sequence[Deposit], now: datetime) -> list[Books]:
    return [rulebook_repository.books(now)] * len(deposits)


DEPOSITS: Final = Aggregate[Deposit, Books, Actor](
    name="deposits",
    machine=MACHINE,
    repository=REPOSITORY,
    context=_contexts,
    actor_of=lambda deposit, caller: actor_of(deposit.id, caller),
    view=view,
    duty="deposits",
    not_found=NoDeposit,
)
