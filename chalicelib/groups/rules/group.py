"""A group of firms that answer for each other, as a value. Pure.

Statuses:

    forming       the founder invites firms, and each accepts or declines
    vetting       the list is frozen: everybody attests everybody, and all sign one rule sheet
    sealed        all have: the group waits for its first draw
    active        money is drawn, or was
    suspended     no new draws, until an officer resumes
    called        the bank calls on the guarantors: nobody leaves, nothing is drawn
    winding_down  no new draws for ever; what is owed is repaid, and guarantees run on
    dissolved     ended: nothing is owed, and the last guarantee period is over
    lapsed        ended before it was sealed

A member has a seat, whose number is never used twice: an invitation that comes to nothing leaves a number behind, and whoever is invited
again gets another. The founder is whoever has the lowest seat of those that stand: a group whose first founder leaves has another.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.groups.rules.rule_sheet import AcceptedExposure, Briefing, SheetSignature
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.encoding import sha256_of
from chalicelib.shared.periods import Calendar, business_days_after

Status = Literal["forming", "vetting", "sealed", "active", "suspended", "called", "winding_down", "dissolved", "lapsed"]
SeatStatus = Literal[
    "invited",
    "accepted",
    "attested",
    "sealed_in",
    "debtor_default",
    "failed_call",
    "cured",
    "declined",
    "timed_out",
    "exited",
]
"""`attested`: it has attested everybody. `debtor_default` and `failed_call` are until `cured`. The last three are ends."""
Actor = Literal["founder", "member", "invitee", "former", "officer", "bank"]
"""What a caller is to a group: `invitee` until it accepts, `former` once it has left and still answers for loans drawn before."""
Looked = Literal["premises", "books", "goods", "references", "trade_history", "visited_in_person"]
"""What a member looked at before it attested another."""
Answer = Literal["vouches", "refuses"]
ProposalKind = Literal["leave", "replace", "wind_down"]
Stage = Literal["joining", "voting", "with_bank"]
"""A proposal waits for the firm that is to come, for the members, for the bank."""
Why = Literal["not_formed", "left_by_all", "never_drawn", "all_repaid"]
"""What ended a group."""
SuspendedBy = Literal["officer", "clock"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"dissolved", "lapsed"})
STANDING: Final[frozenset[SeatStatus]] = frozenset(
    {"accepted", "attested", "sealed_in", "debtor_default", "failed_call", "cured"}
)
"""Who is a member: it has accepted and has not left."""
BOUND: Final[frozenset[SeatStatus]] = frozenset({"sealed_in", "debtor_default", "failed_call", "cured"})
"""Who is bound by the seal: it votes, and answers for what is drawn."""
GOOD: Final[frozenset[SeatStatus]] = frozenset({"sealed_in", "cured"})
"""Who neither defaulted nor failed a call."""
MOST_MEMBERS: Final = 10
MOST_SEATS: Final = 40
MOST_CALLS: Final = 30
MOST_NOTE: Final = 500


class TooManySeats(NoRoom):
    code = "too_many_seats"
    title = "The group invites nobody else."
    fix = "Let it go on with the members it has, or found another group."


class GroupFull(NoRoom):
    code = "group_full"
    title = "The group has as many members and open invitations as it may have."
    fix = "Wait until an invitation is declined or over."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of groups: `chalicelib/policies/guarantee-groups/`. Business days are those of China's banks, days are of 24 hours.

    For matches so many firms of a region and of a branch are looked at, and so many of a member's last orders on each side.
    """

    least_members: int
    most_members: int
    invite_business_days: int
    form_days: int
    vet_business_days: int
    first_draw_days: int
    vote_business_days: int
    bank_business_days: int
    look_days: int
    match_candidates: int
    match_orders: int
    most_matches: int


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a group is decided on: the policy it pinned, the calendar, and, where a use-case gathers it, what is owed.

    `owed` are the seats whose own loans are not at zero, pending draws among them; `guaranteed_until` is when the last guarantee period
    ends. None: nobody has asked.
    """

    policy: Policy
    calendar: Calendar
    owed: frozenset[int] | None = None
    guaranteed_until: datetime | None = None

    def business_days_after(self, start: datetime, days: int) -> datetime:
        return business_days_after(start, days, self.calendar)


class Attestation(msgspec.Struct, frozen=True, kw_only=True):
    """One member vouches for another, having looked at something."""

    by: int
    of: int
    looked_at: Annotated[tuple[Looked, ...], most(6, why="each once")]
    at: datetime


class Seat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One firm's place in a group. `due_at` is until when its invitation can be accepted; the founder's has none.

    `signature` and `briefing` are its last, `accepted_exposure` is the bank's: each counts for one rule sheet only.
    """

    number: int
    member_id: str
    status: SeatStatus
    invitation_id: str = ""
    invited_at: datetime
    due_at: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    signature: SheetSignature | None = None
    briefing: Briefing | None = None
    accepted_exposure: AcceptedExposure | None = None

    @property
    def is_standing(self) -> bool:
        return self.status in STANDING

    def has_signed(self, sha256: str) -> bool:
        return self.signature is not None and self.signature.sha256 == sha256

    def is_briefed(self, sha256: str) -> bool:
        """Whether it answered rightly under a rule sheet."""
        return self.briefing is not None and self.briefing.is_passed and self.briefing.sha256 == sha256


class Proposal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change of who stands together, while members and bank have not all agreed. `seat` proposes, `leaves` and `joins` are seats.

    `consents` are the seats that agree; the proposing one does by proposing.
    """

    id: str
    kind: ProposalKind
    seat: int
    leaves: int = 0
    joins: int = 0
    stage: Stage
    consents: Annotated[tuple[int, ...], most(MOST_MEMBERS, why="one for each member")] = ()
    proposed_at: datetime
    due_at: datetime


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One group under one bank's product. `version` counts its changes, `bank_seq` is the number of the last event of the bank.

    `list_sha256` is the hash of who stands together, set when the list is frozen and whenever somebody leaves or comes afterwards;
    `sheet_list_sha256` that of the list for which the sheet in force was made.
    `draft_version` and `draft_sha256` name the rule sheet that is being signed, which is made for one list; when all have signed it is the
    one in force, `sheet_version` and `sheet_sha256`: first with the seal, whose hash is `sealed_sha256`. `sheets` were proposed so far.
    `due_at` is when whoever has to do something has to have done it. `calls` are the open calls. `related` are pairs of seats of which
    officers were told that the firms are related since.
    """

    id: str
    bank_id: str
    product_id: str
    name: Annotated[str, characters(100)]
    status: Status
    version: int
    seq: int = 1
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    bank_seq: int = 0
    seats: Annotated[tuple[Seat, ...], most(MOST_SEATS)]
    attestations: Annotated[
        tuple[Attestation, ...],
        most((MOST_MEMBERS + 1) * MOST_MEMBERS, why="each of each who stand, with one who is to come"),
    ] = ()
    list_sha256: str = ""
    sheets: int = 0
    draft_version: int = 0
    draft_sha256: str = ""
    sheet_version: int = 0
    sheet_sha256: str = ""
    sheet_list_sha256: str = ""
    sealed_sha256: str = ""
    due_at: datetime | None = None
    sealed_at: datetime | None = None
    activated_at: datetime | None = None
    suspended_by: SuspendedBy | None = None
    reason: Annotated[str, characters(MOST_NOTE)] = ""
    proposal: Proposal | None = None
    calls: Annotated[tuple[str, ...], most(MOST_CALLS)] = ()
    related: Annotated[
        tuple[tuple[int, int], ...], most(MOST_MEMBERS * (MOST_MEMBERS - 1) // 2, why="each pair that stands")
    ] = ()
    ended_at: datetime | None = None
    why: Why | None = None

    @property
    def standing(self) -> tuple[Seat, ...]:
        """The seats of its members, by number."""
        return tuple(seat for seat in self.seats if seat.is_standing)

    @property
    def bound(self) -> tuple[Seat, ...]:
        """The seats that are sealed in, whether they are good or not."""
        return tuple(seat for seat in self.seats if seat.status in BOUND)

    @property
    def members(self) -> tuple[Seat, ...]:
        """Who signs, and is signed for: who stands before the seal, and who is bound from then on."""
        return self.bound if self.sealed_at else self.standing

    @property
    def good(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.status in GOOD)

    @property
    def founder_id(self) -> str:
        """The member with the lowest seat; empty where nobody stands."""
        return next((seat.member_id for seat in self.standing), "")

    def seat(self, number: int) -> Seat | None:
        return next((seat for seat in self.seats if seat.number == number), None)

    def seat_of(self, member_id: str) -> Seat | None:
        """A member's newest seat: it may have declined one and been invited again."""
        return next((seat for seat in reversed(self.seats) if seat.member_id == member_id), None)

    def seats_with(self, seat: Seat) -> tuple[Seat, ...]:
        """All seats, one of them anew."""
        return tuple(seat if each.number == seat.number else each for each in self.seats)

    def invitation(self, invitation_id: str) -> Seat | None:
        return next((seat for seat in self.seats if invitation_id and seat.invitation_id == invitation_id), None)

    @property
    def is_sealed(self) -> bool:
        """Its members are bound: from the seal to the end."""
        return self.sealed_at is not None and self.status not in ENDS

    @property
    def leaving(self) -> frozenset[int]:
        """The seat whose member is to leave, while that is proposed: it draws nothing meanwhile."""
        return frozenset({self.proposal.leaves} if self.proposal and self.proposal.leaves else ())

    @property
    def takes_draws(self) -> bool:
        """Whether its members may draw: nobody has left or come since they all signed the sheet in force."""
        return self.status in ("sealed", "active") and self.sheet_list_sha256 == self.list_sha256

    def is_live_for(self, member_id: str) -> bool:
        """Whether the member stands in it, and it has not ended: a firm is in one such group at a time."""
        seat = self.seat_of(member_id)
        return seat is not None and seat.is_standing and self.status not in ENDS

    @property
    def unattested(self) -> dict[int, tuple[int, ...]]:
        """For each seat that stands, the others that it has not attested yet, where there are any."""
        given = {(each.by, each.of) for each in self.attestations}
        numbers = [seat.number for seat in self.standing]
        lacking = {by: tuple(of for of in numbers if of != by and (by, of) not in given) for by in numbers}
        return {by: others for by, others in lacking.items() if others}

    @property
    def unsigned(self) -> tuple[int, ...]:
        """The seats that have not signed the rule sheet: all of them while there is none."""
        return tuple(
            seat.number for seat in self.members if not self.draft_sha256 or not seat.has_signed(self.draft_sha256)
        )

    @property
    def is_complete(self) -> bool:
        """All have signed one sheet, and before the seal everybody has attested everybody."""
        return not self.unsigned and (self.sealed_at is not None or not self.unattested)


def list_sha256(group_id: str, seats: Iterable[Seat]) -> str:
    """The hash of who stands together: what a rule sheet is made for."""
    return sha256_of({"group_id": group_id, "seats": [[seat.number, seat.member_id] for seat in seats]})
