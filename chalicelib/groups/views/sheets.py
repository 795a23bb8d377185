"""Rule sheets as members, their bank and officers see them, and what a member sends to propose and to sign one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from chalicelib.groups.rules import rule_sheet
from chalicelib.groups.rules.group import Group
from chalicelib.groups.rules.joint_liability import LiabilityMode, WeightBasis
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of

CURRENCY: Final = "CNY"
"""The currency of groups, as of all products that are guaranteed."""

SheetStatus = Literal["to_sign", "in_force", "superseded", "dropped"]
Seat = Annotated[int, Meta(ge=1, le=1_000)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Share = Annotated[int, Meta(ge=1, le=10_000)]


class NotGroupsCurrency(RuleViolation):
    code = "not_the_groups_currency"
    title = "Amounts of a group are in its currency."
    fix = "Send amounts in CNY."


class SeatTermsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the member on a seat may owe at most, and answers for at most over all calls of the group."""

    seat: Seat
    """The number of a seat in the group."""
    limit: Money
    """What the member may owe at most."""
    cap: Money | None = None
    """What it answers for at most, over all calls."""


class RuleSheetRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole sheet. What is left out is as the policy `rule-sheets` has it: the first mode, the usual days, months and gate, its thresholds.

    `draw_order`: the seat behind another may draw after that one made `punctual_payments`. `shows_exposures`: whose worst cases a member sees.
    """

    seats: Annotated[list[SeatTermsRequest], Meta(min_length=1, max_length=rule_sheet.MOST_SIGNERS)]
    """Limit and cap of each member."""
    draw_order: Annotated[list[Seat], Meta(min_length=1, max_length=rule_sheet.MOST_SIGNERS)]
    """Seats in the order in which they draw."""
    repayment_days: Annotated[
        list[Annotated[int, Meta(ge=1, le=31)]], Meta(min_length=1, max_length=rule_sheet.MOST_REPAYMENT_DAYS)
    ]
    """Days of the month on which instalments may fall due."""
    mode: LiabilityMode | None = None
    """How members answer for each other."""
    weight_basis: WeightBasis = "limit"
    """What shares of a call follow."""
    punctual_payments: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    """How many punctual payments of the one before open the next one's draw."""
    group_cap: Money | None = None
    """What all members together may owe at most."""
    reserve: Money | None = None
    """What is kept for calls and pays before any member does."""
    pool_id: Annotated[str, Meta(max_length=64)] = ""
    """The risk pool that pays after the members, by its id."""
    guarantee_months: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    """For how many months after the last instalment guarantors answer."""
    due_business_days: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    """How many business days a share of a call may take."""
    grace_business_days: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    """How many more before a guarantor counts as failed."""
    warn_bp: Share | None = None
    """Above which share of its sales a member is warned of its worst case, in hundredths of a percent."""
    stop_bp: Share | None = None
    """Above which share of its sales a member cannot sign unless the bank accepts it, in hundredths of a percent."""
    shows_exposures: rule_sheet.Audience = "own"
    """Who sees what each member may come to bear."""


class SignSheetRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The hash of the document that is signed."""

    document_sha256: Sha256
    """SHA-256 of the document that was read, 64 hexadecimal digits: who signs signs exactly that."""


class SheetDiffQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"base": "from"}):
    """Which version to compare with; the one before, where none is named."""

    base: Annotated[int, Meta(ge=1)] | None = None
    """The version to compare with. Left out: the one before."""


class SeatTermsView(msgspec.Struct, frozen=True, kw_only=True):
    """`cap` is null where the member answers for all."""

    seat: int
    limit: Money
    cap: Money | None


class SheetSignatureView(msgspec.Struct, frozen=True, kw_only=True):
    """Which member has signed, and when. Which person of the firm it was is the firm's own to know: it stands in the journal."""

    seat: int
    at: datetime


class RuleSheetView(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a group's rule sheet. `document_sha256` is the SHA-256 of the bytes of `document`: whoever signs compares, and sends it back.

    `to_sign` until all have signed, then `in_force` for what is drawn from then on, `superseded` by a later one; `dropped` if another list
    or version came before all had signed. `list_sha256` is the hash of the list of members for which it was made. `limit` is what the whole
    group may owe at most, `reserve` what is kept for calls.
    """

    group_id: str
    number: int
    status: SheetStatus
    mode: LiabilityMode
    weight_basis: WeightBasis
    seats: list[SeatTermsView]
    draw_order: list[int]
    punctual_payments: int
    repayment_days: list[int]
    group_cap: Money | None
    limit: Money
    reserve: Money
    pool_id: str | None
    guarantee_months: int
    due_business_days: int
    grace_business_days: int
    warn_bp: int
    stop_bp: int
    shows_exposures: rule_sheet.Audience
    proposed_by: int
    proposed_at: datetime
    list_sha256: str
    document: str
    document_sha256: str
    signatures: list[SheetSignatureView]
    unsigned: list[int]
    """The seats that have still to sign it, where it is being signed."""
    sealed_sha256: str | None
    sealed_at: datetime | None


class DifferenceView(msgspec.Struct, frozen=True, kw_only=True):
    """A field that two versions have otherwise, of a seat where it is a member's; amounts are minor units. Null: the version does not say it."""

    field: str
    seat: int | None
    before: int | str | list[int] | None
    after: int | str | list[int] | None


class SheetDiffView(msgspec.Struct, frozen=True, kw_only=True):
    """What changes from one version to another, fields of the whole first."""

    group_id: str
    before: int
    after: int
    differences: list[DifferenceView]


def sheet_of(body: RuleSheetRequest, bounds: rule_sheet.SheetBounds) -> rule_sheet.RuleSheet:
    """The sheet that is proposed, with what the policy says where nobody chose. NotGroupsCurrency."""

    def chosen(value: int | None, usual: int) -> int:
        return usual if value is None else value

    return rule_sheet.RuleSheet(
        mode=body.mode or bounds.modes[0],
        weight_basis=body.weight_basis,
        seats=tuple(
            rule_sheet.SeatTerms(
                seat=each.seat,
                limit_minor=_minor(each.limit, f"seats[{place}].limit"),
                cap_minor=_minor_or_none(each.cap, f"seats[{place}].cap"),
            )
            for place, each in enumerate(body.seats)
        ),
        draw_order=tuple(body.draw_order),
        punctual_payments=chosen(body.punctual_payments, bounds.punctual_payments.usual),
        repayment_days=tuple(body.repayment_days),
        group_cap_minor=_minor_or_none(body.group_cap, "group_cap"),
        reserve_minor=_minor_or_none(body.reserve, "reserve") or 0,
        pool_id=body.pool_id,
        guarantee_months=chosen(body.guarantee_months, bounds.guarantee_months.usual),
        due_business_days=chosen(body.due_business_days, bounds.due_business_days.usual),
        grace_business_days=chosen(body.grace_business_days, bounds.grace_business_days.usual),
        warn_bp=chosen(body.warn_bp, bounds.warn_bp),
        stop_bp=chosen(body.stop_bp, bounds.stop_bp),
        shows_exposures=body.shows_exposures,
    )


def sheet_view(group: Group, kept: rule_sheet.KeptSheet) -> RuleSheetView:
    version, seal = kept.version, kept.seal
    status = status_of(group, kept)
    given = [seat.signature for seat in group.standing if seat.signature and seat.has_signed(version.sha256)]
    signatures = seal.signatures if seal else given if status == "to_sign" else ()
    return view_of(
        RuleSheetView,
        version.sheet,
        CURRENCY,
        group_id=group.id,
        number=version.number,
        status=status,
        proposed_by=version.proposed_by,
        proposed_at=version.proposed_at,
        list_sha256=version.list_sha256,
        document=rule_sheet.document_text(group.id, version),
        document_sha256=version.sha256,
        signatures=[SheetSignatureView(seat=each.seat, at=each.at) for each in signatures],
        unsigned=list(group.unsigned) if status == "to_sign" else [],
        sealed_sha256=seal.sha256 if seal else None,
        sealed_at=seal.at if seal else None,
    )


def diff_view(group_id: str, before: int, after: int, differences: tuple[rule_sheet.Difference, ...]) -> SheetDiffView:
    views = [view_of(DifferenceView, each) for each in differences]
    return SheetDiffView(group_id=group_id, before=before, after=after, differences=views)


def status_of(group: Group, kept: rule_sheet.KeptSheet) -> SheetStatus:
    if kept.seal:
        return "in_force" if kept.version.number == group.sheet_version else "superseded"
    return "to_sign" if kept.version.sha256 == group.draft_sha256 else "dropped"


def _minor(money: Money, param: str) -> int:
    if money.currency != CURRENCY:
        raise NotGroupsCurrency(
            say("{currency} is not the group's currency.", currency=money.currency), param=f"{param}.currency"
        )
    return money.minor(param=f"{param}.amount")


def _minor_or_none(money: Money | None, param: str) -> int | None:
    return None if money is None else _minor(money, param)
