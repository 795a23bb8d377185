"""What members may come to bear, as each may see it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from chalicelib.groups.rules.exposure_preview import Case, Exposure, exposure_of
from chalicelib.groups.rules.group import Actor, Group, Seat
from chalicelib.groups.rules.joint_liability import LiabilityMode, WeightBasis
from chalicelib.groups.rules.rule_sheet import SheetVersion
from chalicelib.groups.rules.sales import Level, Sales, level, share_bp
from chalicelib.groups.views.sheets import CURRENCY
from chalicelib.shared.money import Money


class ExposureQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Under which version of the rule sheet: the one that is being signed, else the one in force, where none is named."""

    sheet_version: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """The version of the rule sheet. Left out: the one being signed, else the one in force."""


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """Which other seats default, and what the member then has to pay at most; `sales_bp` is what part of its sales that is, rounded up, null if it sold nothing."""

    defaulting: list[int]
    money: Money
    sales_bp: int | None


class SalesView(msgspec.Struct, frozen=True, kw_only=True):
    """What the member sold from `since` up to, but not including, `until`, by Shanghai dates: the trades of the day-book that were paid for
    on these days and not cancelled, each converted once from its own currency at the table rate of its month, half-even to the fen.
    """

    since: date
    until: date
    money: Money


class SeatExposureView(msgspec.Struct, frozen=True, kw_only=True):
    """Every case of one member. Who defaults owes all it may owe; interest comes on top.

    `level` is of the worst case: `warning` above the sheet's warn_bp of the sales, `stop` above its stop_bp, where the member can sign only
    if the bank accepts it. Sales, shares of them and the level are the member's own and officers' to see; the bank sees the level.
    """

    seat: int
    member_id: str
    singles: list[CaseView]
    pairs: list[CaseView]
    all_others: CaseView
    worst: CaseView
    level: Level | None
    is_accepted_by_bank: bool
    sales: SalesView | None


class ExposureView(msgspec.Struct, frozen=True, kw_only=True):
    """What a member of the group may come to bear under a version of the rule sheet: its own, and all others' where the sheet says `all`."""

    group_id: str
    sheet_version: int
    document_sha256: str
    mode: LiabilityMode
    weight_basis: WeightBasis
    warn_bp: int
    stop_bp: int
    seats: list[SeatExposureView]


def shown_to(group: Group, version: SheetVersion, actor: Actor, own: int) -> list[Seat]:
    """The seats whose exposure somebody sees: a member its own, and all where the sheet allows it; bank and officers all."""
    sees_all = actor in ("officer", "bank") or version.sheet.shows_exposures == "all"
    terms = {each.seat for each in version.sheet.seats}
    return [seat for seat in group.seats if seat.number in terms and (sees_all or seat.number == own)]


def exposure_view(
    group: Group, version: SheetVersion, sales: dict[int, Sales | None], actor: Actor, own: int
) -> ExposureView:
    """`sales` by the seats that are shown; None of those whose sales the reader does not see and that say nothing to it."""
    seats = [seat for seat in group.seats if seat.number in sales]
    return ExposureView(
        group_id=group.id,
        sheet_version=version.number,
        document_sha256=version.sha256,
        mode=version.sheet.mode,
        weight_basis=version.sheet.weight_basis,
        warn_bp=version.sheet.warn_bp,
        stop_bp=version.sheet.stop_bp,
        seats=[_seat_view(seat, version, sales[seat.number], actor, is_own=seat.number == own) for seat in seats],
    )


def _seat_view(
    seat: Seat, version: SheetVersion, sales: Sales | None, actor: Actor, *, is_own: bool
) -> SeatExposureView:
    exposure: Exposure = exposure_of(version.sheet, seat.number)
    shown = sales if is_own or actor == "officer" else None
    accepted = seat.accepted_exposure

    def case(of: Case) -> CaseView:
        share = share_bp(of.minor, shown.minor) if shown else None
        return CaseView(defaulting=list(of.defaulting), money=Money.of(of.minor, CURRENCY), sales_bp=share)

    return SeatExposureView(
        seat=seat.number,
        member_id=seat.member_id,
        singles=[case(each) for each in exposure.singles],
        pairs=[case(each) for each in exposure.pairs],
        all_others=case(exposure.all_others),
        worst=case(exposure.worst),
        level=level(exposure.worst.minor, sales.minor, version.sheet) if sales else None,
        is_accepted_by_bank=accepted is not None and accepted.sha256 == version.sha256,
        sales=SalesView(since=shown.since, until=shown.until, money=Money.of(shown.minor, CURRENCY)) if shown else None,
    )
