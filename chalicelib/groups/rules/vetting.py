"""How members vet each other: everybody attests everybody, a refusal ends the place of whoever refuses, and the last act seals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from chalicelib.groups.rules import forming
from chalicelib.groups.rules.group import Attestation, Context, Group, Looked, Seat, SeatStatus
from chalicelib.groups.rules.sheet_handling import in_force_if_complete
from chalicelib.groups.rules.transitions import GroupChange
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.texts import say


class NotToAttest(RuleViolation):
    code = "not_to_attest"
    title = "A member attests each of the others who stand in the group, and nobody else."
    fix = "Name a seat of `seats`."


class NothingLookedAt(RuleViolation):
    code = "nothing_looked_at"
    title = "Who vouches for another says what it has looked at."
    fix = "Name at least one of premises, books, goods, references, trade_history, visited_in_person."


class AlreadyAttested(Conflict):
    code = "already_attested"
    title = "You have attested that member."
    fix = "Attest another seat; `unattested` of your seat names them."


def attestation(was: Group, by: Seat, of: int, looked_at: Sequence[Looked], now: datetime) -> Attestation:
    """One member vouches for another. NothingLookedAt, NotToAttest and AlreadyAttested."""
    if not looked_at:
        raise NothingLookedAt("Nothing was looked at.", param="looked_at")
    other = was.seat(of)
    if other is None or not other.is_standing or other.number == by.number:
        numbers = [seat.number for seat in was.standing if seat.number != by.number]
        raise NotToAttest(say("Seat {of} is not among {numbers}.", of=of, numbers=numbers), param="seat", seats=numbers)
    if any((each.by, each.of) == (by.number, of) for each in was.attestations):
        raise AlreadyAttested(say("Seat {number} has attested seat {of}.", number=by.number, of=of), param="seat")
    return Attestation(by=by.number, of=of, looked_at=tuple(sorted(set(looked_at))), at=now)


def attest(was: Group, context: Context, by: Seat, of: int, looked_at: Sequence[Looked], now: datetime) -> GroupChange:
    """The last of all attestations seals the group, where the sheet is signed by all."""
    given = attestation(was, by, of, looked_at, now)
    attestations = (*was.attestations, given)
    is_done = by.number not in replace(was, attestations=attestations).unattested
    return in_force_if_complete(
        was,
        "attest",
        context,
        now,
        event="attested",
        payload={"seat": by.number, "of": of, "looked_at": list(given.looked_at)},
        attestations=attestations,
        seats=was.seats_with(replace(by, status="attested")) if is_done else was.seats,
    )


def refuse(was: Group, context: Context, by: Seat, of: int, now: datetime) -> GroupChange:
    """A member does not stand for another: its own place ends, and the list is open again for the others.

    Who was refused is told to the members only, as the number of a seat.
    """
    if of == by.number or (other := was.seat(of)) is None or not other.is_standing:
        raise NotToAttest(say("Seat {of} is no other member's.", of=of), param="seat")
    payload = {"seat": by.number, "of": of}
    return forming.without(was, "refuse", "refused", {by.number: "declined"}, now, context, payload=payload)


def time_out(was: Group, context: Context, at: datetime) -> GroupChange:
    """Whoever has left something undone is out; the others go on with what they have attested of each other."""
    over: dict[int, SeatStatus] = dict.fromkeys(undone(was), "timed_out")
    return forming.without(was, "time_out", "vetting_timed_out", over, at, context, payload={"seats": sorted(over)})


def undone(group: Group) -> tuple[int, ...]:
    """The seats that have not attested everybody, or not signed the sheet; without a sheet, the founder's, who drafts it."""
    unsigned = group.unsigned if group.draft_sha256 else (group.standing[0].number,)
    return tuple(sorted({*group.unattested, *unsigned}))
