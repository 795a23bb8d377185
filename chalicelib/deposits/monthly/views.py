"""What a seller sees of a month."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.deposits.monthly.certificate import Proof
from chalicelib.deposits.rules.deposit import Clause, Decision, Skip
from chalicelib.runs.rules import Run
from chalicelib.shared.money import Money


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
    rearmed: bool
    arrears: Money
    releasable: Money
    line: str
    proof: Proof

    @classmethod
    def of(cls, run: Run, decided: Decision, currency: str, line: str, proof: Proof) -> AdjustmentView:
        return cls(
            seller_id=decided.seller_id,
            period=decided.period,
            as_of=run.as_of,
            run_id=run.id,
            book=decided.book,
            book_hash=decided.hash,
            skipped=decided.skipped,
            orders=decided.orders,
            category=decided.category or None,
            previous=Money.of(decided.prev_minor, currency),
            raw=Money.of(decided.raw_minor, currency),
            base=Money.of(decided.base_minor, currency),
            in_debt=decided.in_debt,
            clause=decided.clause,
            rearmed=decided.rearmed,
            arrears=Money.of(decided.arrears_minor, currency),
            releasable=Money.of(decided.releasable_minor, currency),
            line=line,
            proof=proof,
        )
