"""The rules a group gives itself, as a value: what each member may draw and answers for, in which order, and what follows when one fails. Pure.

A sheet is proposed by a member, in versions. What is signed is the SHA-256 of one canonical document, which holds the sheet and the hash of the
frozen list of members: anybody can make it again and compare. A signature belongs to that hash, so it falls with the list and with the sheet
(credit.md 17, case GU-3). When all have signed, the version is sealed; loans stay under the version they were drawn under.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.groups.rules.joint_liability import LiabilityMode, WeightBasis
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.encoding import canonical, sha256_of
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.texts import say

Audience = Literal["own", "all"]
"""Whose exposure a member sees: its own, or everybody's."""

MOST_SIGNERS: Final = 10
MOST_REPAYMENT_DAYS: Final = 4
MOST_REASON: Final = 500
_PARTS: Final = ("limit_minor", "cap_minor")


class SheetSeatsDiffer(RuleViolation):
    code = "rule_sheet_seats_differ"
    title = "A rule sheet has terms for each member of the frozen list, and for nobody else."
    fix = "Give terms for `seats`, each once."


class DrawOrderIncomplete(RuleViolation):
    code = "draw_order_incomplete"
    title = "The draw order names each seat once."
    fix = "Name `seats` in the order in which they may draw."


class CapsDoNotFitMode(RuleViolation):
    code = "caps_do_not_fit_liability_mode"
    title = "The caps do not go with the liability mode."
    fix = "With `joint_capped` every member has a cap, with `joint_cascade` and `none` nobody; with `several` as you like."


class NobodyMayDraw(RuleViolation):
    code = "rule_sheet_without_limits"
    title = "A rule sheet lets somebody draw something."
    fix = "Give at least one member a limit above zero."


class RepaymentDaysRepeat(RuleViolation):
    code = "repayment_days_repeat"
    title = "Each day of the month stands once among the repayment days."
    fix = "Name different days from 1 to 31; a month without the day takes its last."


class OutsideSheetBounds(RuleViolation):
    code = "rule_sheet_out_of_bounds"
    title = "The rule sheet goes beyond what the platform allows."
    fix = "Choose a value from `minimum` to `maximum`: GET /v1/policies/rule-sheets."


class ModeNotOffered(RuleViolation):
    code = "liability_mode_not_offered"
    title = "That liability mode is not offered."
    fix = "Choose one of `modes`: those under which the bank lends the group's product."


SHEET_ERRORS: Final = (
    SheetSeatsDiffer,
    DrawOrderIncomplete,
    CapsDoNotFitMode,
    NobodyMayDraw,
    RepaymentDaysRepeat,
    OutsideSheetBounds,
    ModeNotOffered,
)
"""What a sheet is refused for: for `errors=` of an endpoint's declaration."""


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """The least and the most that a sheet may say, and what it says where nobody chooses."""

    least: int
    most: int
    usual: int


class SheetBounds(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of rule sheets: `chalicelib/policies/rule-sheets/`. The first of the modes is the usual one.

    A worst case above `warn_bp` of a member's sales over `sales_months` is warned of, and above `stop_bp` it cannot be signed for unless the
    bank accepts it; a sheet may be stricter. The briefing may be tried `attempts_a_day` times on one date.
    """

    modes: tuple[LiabilityMode, ...]
    guarantee_months: Range
    due_business_days: Range
    grace_business_days: Range
    punctual_payments: Range
    warn_bp: int
    stop_bp: int
    sales_months: int
    attempts_a_day: int


def narrowed(bounds: SheetBounds, modes: Collection[LiabilityMode], months: int) -> SheetBounds:
    """What a sheet may say where its bank lends only under these modes, and to guarantors that answer for so many months at least."""
    offered = tuple(mode for mode in bounds.modes if mode in modes)
    least = max(bounds.guarantee_months.least, months)
    usual = max(bounds.guarantee_months.usual, months)
    return replace(bounds, modes=offered, guarantee_months=replace(bounds.guarantee_months, least=least, usual=usual))


class SeatTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a member may owe at most, and what it answers for at most over all calls of the group; without a cap for all."""

    seat: int
    limit_minor: int
    cap_minor: int | None = None


class RuleSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What the members agree on. Amounts are in the currency of the group.

    Shares follow `weight_basis`. The group as a whole owes at most `group_cap_minor`, or the sum of the limits. The seat behind another in
    `draw_order` may draw after that one made `punctual_payments`. Instalments fall due on the `repayment_days` of a month, the 31st on its
    last. Guarantors answer until `guarantee_months` after the last instalment; a share is paid in `due_business_days`, and its guarantor has
    failed `grace_business_days` later. `reserve_minor` is kept for calls before any member pays, `pool_id` names the pool that pays after them.
    """

    mode: LiabilityMode
    weight_basis: WeightBasis
    seats: Annotated[tuple[SeatTerms, ...], most(MOST_SIGNERS, why="a group has ten members at most")]
    draw_order: Annotated[tuple[int, ...], most(MOST_SIGNERS, why="each seat once")]
    punctual_payments: int
    repayment_days: Annotated[tuple[int, ...], most(MOST_REPAYMENT_DAYS, why="the request has no more")]
    group_cap_minor: int | None = None
    reserve_minor: int = 0
    pool_id: Annotated[str, characters(64)] = ""
    guarantee_months: int
    due_business_days: int
    grace_business_days: int
    warn_bp: int
    stop_bp: int
    shows_exposures: Audience = "own"

    @property
    def limit_minor(self) -> int:
        """What the whole group may owe at most."""
        limits = sum(each.limit_minor for each in self.seats)
        return limits if self.group_cap_minor is None else min(limits, self.group_cap_minor)

    def of(self, seat: int) -> SeatTerms:
        return next(each for each in self.seats if each.seat == seat)


class SheetVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a group's sheet, as it was proposed by a seat for one list. `sha256` is of its document. It never changes."""

    number: int
    list_sha256: str
    sheet: RuleSheet
    sha256: str
    proposed_by: int
    proposed_at: datetime


class SheetSignature(msgspec.Struct, frozen=True, kw_only=True):
    """A member's, by a person of the firm. `worst_minor` of `sales_minor` is what it was shown of its worst case."""

    seat: int
    by: Annotated[str, characters(64)]
    sha256: str
    at: datetime
    worst_minor: int
    sales_minor: int


class Briefing(msgspec.Struct, frozen=True, kw_only=True):
    """How a member last answered the questions about its own numbers: under which sheet, which time on that date, and which rightly."""

    sha256: str
    at: datetime
    attempt: int
    right: Annotated[tuple[bool, ...], most(5, why="five questions")]

    @property
    def is_passed(self) -> bool:
        return all(self.right)


class AcceptedExposure(msgspec.Struct, frozen=True, kw_only=True):
    """The bank lets a member sign in spite of its worst case, under one sheet, and says why."""

    sha256: str
    reason: Annotated[str, characters(MOST_REASON)]
    at: datetime


class SheetSeal(msgspec.Struct, frozen=True, kw_only=True):
    """All have signed a version: the hash over list, sheet and signatures."""

    number: int
    sha256: str
    at: datetime
    signatures: Annotated[tuple[SheetSignature, ...], most(MOST_SIGNERS, why="each seat signs once")]


class KeptSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A version as it is kept beside its group, with its seal once all have signed it."""

    version: SheetVersion
    seal: SheetSeal | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What two sheets say otherwise: a field, of a seat where it is a member's. None where one of them does not say it."""

    field: str
    seat: int | None
    before: Any
    after: Any


def require_valid(sheet: RuleSheet, seats: Collection[int], bounds: SheetBounds) -> None:
    """A sheet for the seats of a frozen list. What is wrong with it is refused by name, with the numbers."""
    if sorted(each.seat for each in sheet.seats) != sorted(seats):
        raise SheetSeatsDiffer("The terms are not those of the list.", param="seats", seats=sorted(seats))
    if sorted(sheet.draw_order) != sorted(seats):
        raise DrawOrderIncomplete("The order is not of the list.", param="draw_order", seats=sorted(seats))
    if not sheet.limit_minor:
        raise NobodyMayDraw("All limits are zero, or the group's is.", param="seats")
    if len(set(sheet.repayment_days)) < len(sheet.repayment_days):
        raise RepaymentDaysRepeat("A day stands twice.", param="repayment_days")
    if sheet.mode not in bounds.modes:
        raise ModeNotOffered(say("{mode} is not offered.", mode=sheet.mode), param="mode", modes=list(bounds.modes))
    without = [each.seat for each in sheet.seats if each.cap_minor is None]
    with_cap = [each.seat for each in sheet.seats if each.cap_minor is not None]
    misfits = {"joint_capped": without, "joint_cascade": with_cap, "none": with_cap, "several": []}[sheet.mode]
    if misfits:
        raise CapsDoNotFitMode(
            say("The seats {misfits} do not go with {mode}.", misfits=misfits, mode=sheet.mode),
            param="seats",
            seats=misfits,
        )
    for field in ("guarantee_months", "due_business_days", "grace_business_days", "punctual_payments"):
        bound: Range = getattr(bounds, field)
        _require_within(field, getattr(sheet, field), bound.least, bound.most)
    _require_within("stop_bp", sheet.stop_bp, 1, bounds.stop_bp)
    _require_within("warn_bp", sheet.warn_bp, 1, min(bounds.warn_bp, sheet.stop_bp))


def document(group_id: str, list_sha256: str, number: int, sheet: RuleSheet) -> dict[str, Any]:
    """What is signed: the sheet, for the members of one frozen list of one group."""
    return {
        "schema": 1,
        "contract": "joint_guarantee_rule_sheet",
        "group_id": group_id,
        "list_sha256": list_sha256,
        "number": number,
        "sheet": msgspec.to_builtins(sheet),
    }


def document_text(group_id: str, version: SheetVersion) -> str:
    """The text whose SHA-256 is signed."""
    return canonical(document(group_id, version.list_sha256, version.number, version.sheet)).decode()


def proposed(group_id: str, list_sha256: str, number: int, sheet: RuleSheet, *, by: int, now: datetime) -> SheetVersion:
    """A version that nobody has signed, with the hash of its document."""
    return SheetVersion(
        number=number,
        list_sha256=list_sha256,
        sheet=sheet,
        sha256=sha256_of(document(group_id, list_sha256, number, sheet)),
        proposed_by=by,
        proposed_at=now,
    )


def sealed(
    list_sha256: str, sha256: str, number: int, signatures: Iterable[SheetSignature], now: datetime
) -> SheetSeal:
    """The seal of a version that all have signed."""
    signed = tuple(sorted(signatures, key=lambda each: each.seat))
    whole = {"list_sha256": list_sha256, "document_sha256": sha256, "signatures": msgspec.to_builtins(signed)}
    return SheetSeal(number=number, sha256=sha256_of(whole), at=now, signatures=signed)


def diff(before: RuleSheet, after: RuleSheet) -> tuple[Difference, ...]:
    """What changes from one sheet to another: fields of the whole first, then those of seats in their order."""
    return tuple(_fields(before, after)) + tuple(_seats(before, after))


def _require_within(field: str, value: int, minimum: int, maximum: int) -> None:
    if not minimum <= value <= maximum:
        raise OutsideSheetBounds(
            say(
                "{field} is {value}; it may be from {minimum} to {maximum}.",
                field=field,
                value=value,
                minimum=minimum,
                maximum=maximum,
            ),
            param=field,
            minimum=minimum,
            maximum=maximum,
        )


def _fields(before: RuleSheet, after: RuleSheet) -> Iterator[Difference]:
    for field in RuleSheet.__struct_fields__:
        was, is_now = getattr(before, field), getattr(after, field)
        if field != "seats" and was != is_now:
            yield Difference(field=field, seat=None, before=was, after=is_now)


def _seats(before: RuleSheet, after: RuleSheet) -> Iterator[Difference]:
    known = [{each.seat: each for each in sheet.seats} for sheet in (before, after)]
    for seat in sorted(known[0].keys() | known[1].keys()):
        for field in _PARTS:
            was, is_now = (getattr(sheet.get(seat), field, None) for sheet in known)
            if was != is_now:
                yield Difference(field=field, seat=seat, before=was, after=is_now)
