"""What the journal says that is watched: loans, the profiles and people of their firms, their listings, consents, alerts. Once or many times, in any order."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from chalicelib.daybook.rules.activity import Login, OfferChange
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.groups.service import following as groups_following
from chalicelib.monitoring.service import watching
from chalicelib.shared import ids
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date

FIRM: Final = "firm:"
"""Chains of profiles are named by it and the member."""
BECOMES_RED: Final = ("alert.raised", "alert.escalated")
SUSPENDED: Final = "More than one member is in trouble, or one is late by more than 30 days."
DEFAULTS: Final = ("loan.default_declared", "loan.default_revoked")
REGISTERS: Final = "firm.registers_noted"
OFFERED: Final = ("published", "suspended")
"""The statuses of a listing that its supplier offers."""
CONSENTS: Final = ("consent.given", "consent.withdrawn", "consent.expired")


def follow(entry: Entry, now: datetime) -> None:
    kind, payload = entry.event.kind, entry.event.payload
    if entry.by.person and entry.by.member_id:
        _log_in(entry)
    if kind.startswith("loan.") and ids.is_id(entry.aggregate_id, "lon"):
        watching.follow_loan(entry.aggregate_id, now)
        if kind in DEFAULTS:
            watching.follow_default(entry.aggregate_id, now)
    elif kind.startswith("firm."):
        _follow_firm(entry, entry.aggregate_id.removeprefix(FIRM), now)
    elif kind in CONSENTS:
        watching.follow_consent(payload["firm_id"], now)
    elif kind.startswith("listing."):
        _follow_listing(entry)
    elif ids.is_id(entry.aggregate_id, "alr"):
        _follow_alert(entry, now)


def _follow_firm(entry: Entry, member_id: str, now: datetime) -> None:
    """An officer who finds the firm on the courts' list of defaulters passes on a court's word, of the day on which it was seen; so does who finds it there no more."""
    payload = entry.event.payload
    watching.follow_profile(member_id, business_date(entry.at), now)
    if entry.event.kind == REGISTERS and payload["on_court_list"] is not None:
        seen_on = date.fromisoformat(str(payload["seen_on"]))
        watching.note_courts(member_id, seen_on, bool(payload["on_court_list"]), now)


def _follow_alert(entry: Entry, now: datetime) -> None:
    """A watch knows of its alerts what the run found; of those that people escalate, or that are over, it is told. A red group draws no more."""
    kind, payload = entry.event.kind, entry.event.payload
    if "loan_id" in payload:
        if payload["to"] == "closed" or payload.get("reason") == "officer":
            watching.follow_alerts(payload["loan_id"], now)
    elif payload["rule"] == "group" and payload["level"] == "red" and kind in BECOMES_RED:
        groups_following.suspend(payload["group_id"], SUSPENDED, now)


def _follow_listing(entry: Entry) -> None:
    """What the firm takes down, gives up or lets run out is not offered any more; what others suspend is still the firm's offer."""
    payload = entry.event.payload
    was, offered = (payload.get(end) in OFFERED for end in ("from", "to"))
    if was != offered:
        change = OfferChange(
            member_id=payload["supplier_id"],
            activity_id=f"{entry.aggregate_id}-{entry.seq}",
            change="put_up" if offered else "taken_down",
            at=entry.at,
        )
        daybook_recording.record([change])


def _log_in(entry: Entry) -> None:
    """Who does something as a person of the firm was there on that day, signed in then or before (credit.md 17)."""
    day = business_date(entry.at)
    login = Login(member_id=entry.by.member_id, activity_id=f"session-{day}", at=entry.at)
    daybook_recording.record([login])
