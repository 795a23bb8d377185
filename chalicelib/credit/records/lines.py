"""The table of credit lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.records import positions
from chalicelib.credit.records.positions import PositionColumns
from chalicelib.credit.rules.effects import DrawLine, LineEffect
from chalicelib.credit.rules.line import ENDS, Line, refuse_draw
from chalicelib.credit.rules.position import Position
from chalicelib.shared import due
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.errors import DomainError
from chalicelib.shared.tables import index, table


class LineRow(PositionColumns, AggregateRow):
    Meta = table("credit-lines")
    line_id = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute()
    bank_id = UnicodeAttribute()
    status = UnicodeAttribute()
    body = Packed(Line)

    by_member = index(member_id, line_id)
    by_bank = index(bank_id, line_id)

    @property
    def line(self) -> Line:
        return replace(self.body, position=self.position)


class Lines(Repository[Line]):
    """A line's own changes leave alone what draws and repayments change meanwhile."""

    def load(self, name: str) -> Line | None:
        row = LineRow.find(name)
        return row.line if row else None

    def load_all(self, names: Iterable[str]) -> dict[str, Line]:
        return {row.line_id: row.line for row in LineRow.find_many(names)}

    def load_many(self, names: Iterable[str]) -> dict[str, Line]:
        return {row.line_id: row.line for row in LineRow.listed(names)}

    def put(self, state: Line, due_at: datetime | None) -> Put | Update:
        body = replace(state, position=Position())
        if state.version == 1:
            row = LineRow(
                state.id,
                version=1,
                member_id=state.member_id,
                bank_id=state.bank_id,
                status=state.status,
                **due.columns(state.id, due_at),
                **positions.columns(state.position),
                body=body,
            )
            return Put(row, guard=LineRow.line_id.does_not_exist())
        guard = LineRow.version == state.version - 1
        if state.status in ENDS:
            guard &= (LineRow.pending_minor == 0) & (LineRow.outstanding_minor == 0)
        return Update(
            LineRow(state.id),
            actions=[
                LineRow.version.set(state.version),
                LineRow.status.set(state.status),
                *positions.set_limit(LineRow, state.position.limit_minor),
                *due.actions(state.id, due_at),
                LineRow.body.set(body),
            ],
            guard=guard,
        )


REPOSITORY: Final = Lines(LineRow)


def write_effects(line_id: str, effects: Sequence[LineEffect]) -> Update:
    """Everything a commit does to one line, as the one update a transaction may hold of it.

    LineNotActive or LineExceeded where a draw cannot be had at the moment of writing. What was pending or outstanding has to be there: less
    is a fault of ours.
    """
    moved = positions.movement((effect.parts, effect.minor) for effect in effects)
    guard = positions.is_there(LineRow, moved)
    drawn = sum(effect.minor for effect in effects if isinstance(effect, DrawLine))
    if drawn:
        guard &= (LineRow.status == "active") & (LineRow.available_minor >= drawn)

    def refused(seen: dict[str, Any] | None) -> DomainError:
        row = LineRow.from_raw_data(seen) if seen else None
        position = row.position if row else Position()
        if drawn:
            return refuse_draw(line_id, row.status if row else None, position, drawn, effects[0].currency)
        raise AssertionError(f"{line_id} has less than {effects} take: {position}")

    return Update(LineRow(line_id), actions=[*positions.actions(LineRow, moved)], guard=guard, error=refused)


ids = REPOSITORY.ids
"""Ids of a member's or a bank's lines, oldest first."""
