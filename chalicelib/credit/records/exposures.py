"""The table of exposures: one item for each firm that ever applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.credit.records import positions
from chalicelib.credit.records.positions import PositionColumns
from chalicelib.credit.rules.effects import Applies, CreditHold, ExposureEffect, ScreenedOut, TakeExposure
from chalicelib.credit.rules.exposure import CreditHeld, Exposure, refuse, require_may_apply
from chalicelib.credit.rules.position import Position
from chalicelib.shared.columns import Instant, WholeNumber
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import GENESIS, Entry
from chalicelib.shared.tables import Row, table


class ExposureRow(PositionColumns, Row):
    Meta = table("exposures")
    member_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    entry_hash = UnicodeAttribute(null=True)
    holds = WholeNumber(null=True)
    suspensions = WholeNumber(null=True)
    screened_out_at = Instant(null=True)
    elsewhere_as_of = UnicodeAttribute(null=True)
    updated_at = Instant()

    @property
    def exposure(self) -> Exposure:
        return Exposure(
            member_id=self.member_id,
            version=self.version,
            entry_hash=self.entry_hash or GENESIS,
            position=self.position,
            holds=self.holds or 0,
            suspensions=self.suspensions or 0,
            screened_out_at=self.screened_out_at,
            elsewhere_as_of=date.fromisoformat(self.elsewhere_as_of) if self.elsewhere_as_of else None,
            updated_at=self.updated_at,
        )


def load(member_id: str) -> Exposure | None:
    row = ExposureRow.find(member_id)
    return row.exposure if row else None


def every_id(*, segment: int, segments: int, after: str = "") -> Iterator[str]:
    """The firms of one in so many segments of the table, from behind one of them on."""
    return ExposureRow.names_in(segment=segment, segments=segments, after=after)


def put(was: Exposure, after: Exposure, entry: Entry) -> Put | Update:
    """The exposure with another limit or other debts elsewhere, if nobody changed those in between; draws and repayments may have."""
    updated_at = after.updated_at or entry.at
    as_of = after.elsewhere_as_of.isoformat() if after.elsewhere_as_of else None
    if was.updated_at is None:
        row = ExposureRow(
            after.member_id,
            version=after.version,
            entry_hash=entry.entry_hash,
            elsewhere_as_of=as_of,
            updated_at=updated_at,
            **positions.columns(after.position),
        )
        return Put(row, guard=ExposureRow.member_id.does_not_exist())
    raised = after.position.limit_minor - was.position.limit_minor
    owed = after.position.withheld_minor - was.position.withheld_minor
    return Update(
        ExposureRow(after.member_id),
        actions=[
            ExposureRow.version.set(after.version),
            ExposureRow.entry_hash.set(entry.entry_hash),
            ExposureRow.updated_at.set(updated_at),
            ExposureRow.elsewhere_as_of.set(as_of) if as_of else ExposureRow.elsewhere_as_of.remove(),
            ExposureRow.limit_minor.add(raised),
            ExposureRow.withheld_minor.add(owed),
            ExposureRow.used_minor.add(owed),
            ExposureRow.available_minor.add(raised - owed),
        ],
        guard=ExposureRow.version == was.version,
    )


def write_effects(member_id: str, effects: Sequence[ExposureEffect]) -> Update:
    """Everything a commit does to one firm's exposure, as the one update a transaction may hold of it.

    ExposureExceeded where a draw cannot be had at the moment of writing. What was pending or outstanding has to be there: less is a fault of ours.
    """
    moved = positions.movement((effect.parts, effect.minor) for effect in effects)
    guard = positions.is_there(ExposureRow, moved)
    taken = sum(effect.minor for effect in effects if isinstance(effect, TakeExposure))
    if taken:
        guard &= ExposureRow.available_minor >= taken
        guard &= ExposureRow.holds.does_not_exist() | (ExposureRow.holds == 0)

    def refused(seen: dict[str, Any] | None) -> DomainError:
        exposure = ExposureRow.from_raw_data(seen).exposure if seen else None
        position = exposure.position if exposure else None
        if taken and exposure and exposure.holds:
            return CreditHeld("A sanction or a red alert of the firm stands: nothing is drawn.")
        if taken:
            return refuse(position, taken)
        raise AssertionError(f"{member_id} has less than {effects} take: {position}")

    return Update(ExposureRow(member_id), actions=[*positions.actions(ExposureRow, moved)], guard=guard, error=refused)


def write_holds(member_id: str, holds: Sequence[CreditHold]) -> Update:
    """One hold more or less of one firm's credit. A firm that can be held has an exposure: it has borrowed, or applied."""
    actions, guard = [], ExposureRow.used_minor.exists()
    for name, by in (
        ("holds", sum(hold.by for hold in holds)),
        ("suspensions", sum(hold.by for hold in holds if hold.suspends)),
    ):
        column = getattr(ExposureRow, name)
        if by:
            actions.append(column.add(by))
        if by < 0:
            guard &= column >= -by

    def refused(seen: dict[str, Any] | None) -> DomainError:
        raise AssertionError(f"{member_id} has no credit that {holds} change: {seen}")

    return Update(ExposureRow(member_id), actions=actions, guard=guard, error=refused)


def write_application(member_id: str, applications: Sequence[Applies]) -> Update:
    """An application is handed in, if by the moment of writing nothing stands in its way: CreditHeld, AppliedTooSoon."""
    [applied] = applications
    long_ago = applied.at - timedelta(days=applied.reapply_days)
    is_free = ExposureRow.suspensions.does_not_exist() | (ExposureRow.suspensions == 0)
    is_time = ExposureRow.screened_out_at.does_not_exist() | (ExposureRow.screened_out_at <= long_ago)

    def refused(seen: dict[str, Any] | None) -> DomainError:
        assert seen is not None, "a firm without an exposure may apply"
        try:
            require_may_apply(ExposureRow.from_raw_data(seen).exposure, applied.reapply_days, applied.at)
        except DomainError as error:
            return error
        raise AssertionError(f"{member_id} may apply, and could not: {seen}")

    return Update(ExposureRow(member_id), actions=_begun(applied.at), guard=is_free & is_time, error=refused)


def write_screening(member_id: str, screenings: Sequence[ScreenedOut]) -> Update:
    """An application was screened out, be it the first that is known of the firm's credit."""
    at = max(each.at for each in screenings)
    is_sound = ExposureRow.version.does_not_exist() | (ExposureRow.version >= 0)
    return Update(ExposureRow(member_id), actions=[*_begun(at), ExposureRow.screened_out_at.set(at)], guard=is_sound)


def _begun(at: datetime) -> list[Action]:
    """What a firm's first item holds where nothing has been worked out yet; of one that is there it changes nothing."""
    first = {"version": 0, "updated_at": at, **positions.columns(Position())}
    columns = {name: getattr(ExposureRow, name) for name in first}
    return [column.set(column | first[name]) for name, column in columns.items()]
