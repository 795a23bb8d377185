"""The state machine of firms, row by row: what the firm and officers may do in each status, and what comes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.firms.rules import changing, documents, seeking, verifying
from chalicelib.firms.rules.firm import (
    ENDS,
    MOST_ACCOUNTS,
    MOST_DOCUMENTS,
    MOST_PEOPLE,
    Account,
    Actor,
    Firm,
    Status,
    TooManyAccounts,
    TooManyFirmDocuments,
    TooManyPeople,
)
from chalicelib.firms.rules.timers import MACHINE
from chalicelib.firms.rules.transitions import TABLE, FirmChange, NotInThisStatus
from chalicelib.shared.sealed import Sealed
from tests.firms.factories import signer
from tests.firms.profiles import (
    CONTEXT,
    DAY,
    HOUR,
    NOW,
    announced,
    changed,
    expired,
    later,
    registered,
    returned,
    verified,
    with_document,
)

MS = timedelta(milliseconds=1)
ACTIONS = (
    "change",
    "announce",
    "confirm",
    "verify",
    "return",
    "note-registers",
    "erase",
    "disclose",
    "seek_group",
    "stop_seeking",
)
IN: dict[Status, Callable[[], Firm]] = {
    "registered": registered,
    "verified": verified,
    "changed": changed,
    "returned": returned,
    "expired": expired,
}
ALWAYS = {"change", "announce", "erase"}
LOOKS = {"note-registers", "erase", "disclose"}
MAY: dict[Actor, dict[Status, set[str]]] = {
    "firm": {
        "registered": ALWAYS,
        "verified": ALWAYS | {"confirm", "seek_group"},
        "changed": ALWAYS | {"seek_group"},
        "returned": ALWAYS | {"confirm"},
        "expired": ALWAYS | {"confirm"},
    },
    "officer": {
        "registered": {"verify", "return", *LOOKS},
        "verified": LOOKS,
        "changed": {"verify", "return", *LOOKS},
        "returned": LOOKS,
        "expired": LOOKS,
    },
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", get_args(Actor))
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(status: Status, actor: Actor) -> None:
    firm = IN[status]()
    assert firm.status == status
    drawn = MAY[actor][status]
    assert set(TABLE.allowed(firm, actor, CONTEXT, NOW)) == drawn
    for action in set(ACTIONS) - drawn:
        with pytest.raises(NotInThisStatus) as raised:
            TABLE.require(action, firm, actor, CONTEXT, NOW)
        assert set(raised.value.numbers["allowed_actions"]) == drawn


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_that_is_no_end_has_an_owner_a_time_and_a_default(status: Status) -> None:
    deadlines = MACHINE.deadlines(IN[status](), CONTEXT)
    assert bool(deadlines) == (status not in ENDS)
    assert all(deadline.owner and deadline.default_outcome and deadline.by_clock for deadline in deadlines)


@pytest.mark.parametrize(
    ("was", "due_at", "after", "why"),
    [
        (lambda: later(registered(), NOW + 48 * HOUR), NOW + 120 * HOUR, "expired", "not_verified"),
        (returned, NOW + 30 * DAY, "expired", "not_mended"),
        (lambda: later(verified(), NOW + 335 * DAY), NOW + 365 * DAY, "expired", "not_confirmed"),
        (lambda: later(changed(), NOW + 48 * HOUR), NOW + 365 * DAY, "expired", "not_verified"),
    ],
)
def test_what_falls_due_comes_at_its_moment_and_not_a_millisecond_before(
    was: Callable[[], Firm], due_at: datetime, after: str, why: str
) -> None:
    firm = was()
    assert later(firm, due_at - MS) == firm
    assert (later(firm, due_at).status, later(firm, due_at).why_expired) == (after, why)
    assert later(firm, due_at + MS).updated_at == due_at


@pytest.mark.parametrize(
    ("was", "due_at", "event"),
    [
        (registered, NOW + 48 * HOUR, "firm.escalated"),
        (changed, NOW + 48 * HOUR, "firm.escalated"),
        (verified, NOW + 335 * DAY, "firm.verification_ending"),
    ],
)
def test_people_are_told_at_the_moment_and_once(was: Callable[[], Firm], due_at: datetime, event: str) -> None:
    firm = was()
    assert list(MACHINE.overdue(firm, CONTEXT, due_at - MS)) == []
    [change] = MACHINE.overdue(firm, CONTEXT, due_at)
    assert (change.event.kind, change.state.status, change.at) == (event, firm.status, due_at)
    assert list(MACHINE.overdue(change.state, CONTEXT, due_at + 29 * HOUR)) == []


@pytest.mark.parametrize("status", get_args(Status))
def test_a_document_goes_when_the_business_date_ends_until_which_it_is_kept(status: Status) -> None:
    firm = with_document(with_document(IN[status](), date(2026, 6, 9)), date(2026, 6, 10), "doc_2")
    firm = replace(firm, due_at=firm.due_at and NOW + 300 * DAY, reminded_at=NOW, escalated_at=None)
    ends = datetime(2026, 6, 10, 16, tzinfo=NOW.tzinfo)
    assert [document.id for document in later(firm, ends - MS).documents] == ["doc_2"]
    assert later(firm, ends).documents == ()


def test_a_confirmation_before_the_end_gives_another_year_when_an_officer_has_looked() -> None:
    confirmed = verifying.confirm(later(verified(), NOW + 340 * DAY), CONTEXT, NOW + 340 * DAY).state
    again = verifying.verify(confirmed, CONTEXT, NOW + 341 * DAY).state
    assert (again.verified_until, again.reminded_at) == (NOW + 706 * DAY, None)
    [reminder] = MACHINE.overdue(again, CONTEXT, NOW + 676 * DAY)
    assert reminder.event.kind == "firm.verification_ending"


def test_lists_have_an_end_and_say_what_to_do() -> None:
    account = Account(id="sac_1", bank_name="B", currency="CNY", number=Sealed("m", "n", "c"), added_at=NOW)
    full = replace(
        registered(),
        people=tuple(signer(f"per_{number}") for number in range(MOST_PEOPLE)),
        settlement_accounts=(account,) * MOST_ACCOUNTS,
    )
    for number in range(MOST_DOCUMENTS):
        full = announced(full, number, NOW)
    with pytest.raises(TooManyPeople):
        changing.person_added(full, CONTEXT, signer("per_x"), NOW)
    with pytest.raises(TooManyAccounts):
        changing.account_added(full, CONTEXT, account, NOW)
    with pytest.raises(TooManyFirmDocuments):
        announced(full, MOST_DOCUMENTS, NOW)
    left = documents.removed(full, CONTEXT, "doc_0", NOW).state
    assert len(announced(left, MOST_DOCUMENTS, NOW).documents) == MOST_DOCUMENTS


@given(
    walk=st.lists(
        st.tuples(st.sampled_from(get_args(Actor)), st.sampled_from(ACTIONS), st.integers(0, 900)), max_size=25
    )
)
def test_every_change_of_a_profile_is_declared_and_every_profile_left_alone_expires(
    walk: list[tuple[Actor, str, int]],
) -> None:
    firm, now = registered(), NOW
    for step, (actor, action, hours) in enumerate(walk):
        now += hours * HOUR
        firm = later(firm, now)
        if action not in TABLE.allowed(firm, actor, CONTEXT, now):
            continue
        change = _change(firm, action, step, now)
        assert change.state.version == firm.version + 1
        firm = change.state
        assert (firm.due_at is None) == (firm.status in ENDS)
        assert firm.due_at is None or firm.due_at > now
    assert later(firm, now + 800 * DAY).status == "expired"


def _change(was: Firm, action: str, step: int, now: datetime) -> FirmChange:
    match action:
        case "change":
            return changing.person_changed(was, CONTEXT, was.people[0], now)
        case "announce":
            return documents.announced(was, CONTEXT, announced(registered(), step, now).documents[0], now)
        case "confirm":
            return verifying.confirm(was, CONTEXT, now)
        case "verify":
            return verifying.verify(was, CONTEXT, now)
        case "return":
            return verifying.send_back(was, CONTEXT, ["No."], now)
        case "erase":
            return changing.person_erased(was, CONTEXT, "per_former", "asked for", now)
        case "seek_group":
            return seeking.seek(was, CONTEXT, "per_chen", now)
        case "stop_seeking":
            return seeking.stop(was, CONTEXT, now)
    return verifying.disclosed(was, CONTEXT, {"disclosed_to": "officer"}, "officer-1", now)
