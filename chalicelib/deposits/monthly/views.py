"""What a seller sees of a month."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.deposits.monthly.certificate import Proof
from chalicelib.deposits.rules.deposit import Clause, Decision, Skip
from chalicelib.runs.rules import Run
from chalicelib.shared.money import Money
from chalicelib.shared.views import view_of


class AdjustmentView(msgspec.Struct, frozen=True, kw_only=True):
    """One month of one seller. `line` is the result to the byte, `proof` leads from it to the certificate of the run:

    SHA-256 over a zero byte and the line; with each step of `within_shard`, SHA-256 over a one byte, the left hash and the right hash. That
    is the `root` in `statement`. The same with `statement` and `across_shards` is the `certificate`.
    """

    seller_id: str
    period: str
    as_of: date
    run_id: str
    book: str
    book_hash: str
    skipped: Skip
    """Why the month did not concern the deposit; empty where it did."""
    orders: int
    category: str | None
    previous: Money
    raw: Money
    base: Money
    in_debt: bool
    clause: Clause
    awaits_first_trade_again: bool
    arrears: Money
    releasable: Money
    line: str
    proof: Proof


def adjustment_view(run: Run, decided: Decision, currency: str, line: str, proof: Proof) -> AdjustmentView:
    return view_of(
        AdjustmentView,
        decided,
        currency,
        as_of=run.as_of,
        run_id=run.id,
        book_hash=decided.hash,
        previous=Money.of(decided.prev_minor, currency),
        line=line,
        proof=proof,
    )
