"""A membership by its rules: how long it is good for, what stops it, who says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.channels.rules import membership_machine as machine
from chalicelib.channels.rules.membership import STATUSES
from chalicelib.channels.rules.membership_machine import MACHINE, TABLE, DecidedOneself, TooSoonToRenew, renewable_from
from chalicelib.shared.errors import DomainError
from tests.channels.members import CONTEXT, NOW, issued, with_status


@pytest.mark.parametrize(
    ("at", "zone", "ends"),
    [
        (datetime(2026, 3, 2, 2, tzinfo=UTC), "Asia/Seoul", datetime(2027, 3, 2, 15, tzinfo=UTC)),
        (datetime(2026, 3, 2, 15, tzinfo=UTC), "Asia/Seoul", datetime(2027, 3, 3, 15, tzinfo=UTC)),
        (datetime(2026, 3, 2, 15, tzinfo=UTC), "America/New_York", datetime(2027, 3, 3, 5, tzinfo=UTC)),
        (datetime(2028, 2, 29, 2, tzinfo=UTC), "Asia/Seoul", datetime(2029, 2, 28, 15, tzinfo=UTC)),
    ],
)
def test_it_ends_with_the_anniversarys_day_in_the_issuers_zone(at: datetime, zone: str, ends: datetime) -> None:
    first = issued(at, zone)
    assert first.expires_at == ends
    assert first.is_valid(ends - timedelta(milliseconds=1))
    assert not first.is_valid(ends)
    [change] = MACHINE.overdue(first, CONTEXT, ends)
    assert (change.state.status, change.at) == ("expired", ends)
    assert not list(MACHINE.overdue(first, CONTEXT, ends - timedelta(milliseconds=1)))


def test_renewals_keep_to_the_day_of_issue() -> None:
    each = issued(datetime(2028, 2, 29, 2, tzinfo=UTC))
    for _ in range(4):
        each = machine.renew(each, CONTEXT, renewable_from(each, CONTEXT)).state
    assert (each.renewals, each.expires_at) == (4, datetime(2033, 2, 28, 15, tzinfo=UTC))
    assert machine.expires_at(each.issued_at, 48, each.zone) == datetime(2032, 2, 29, 15, tzinfo=UTC)


def test_it_is_renewed_shortly_before_its_end_and_the_refusal_says_from_when() -> None:
    first = issued()
    begins = first.expires_at - timedelta(days=CONTEXT.policy.renewal_days)
    TABLE.require("renew", first, "agency", CONTEXT, begins)
    with pytest.raises(TooSoonToRenew) as refused:
        TABLE.require("renew", first, "agency", CONTEXT, begins - timedelta(milliseconds=1))
    assert refused.value.numbers["renewable_from"] == begins.isoformat()


def test_the_clock_expires_what_is_suspended_too_and_leaves_what_is_revoked() -> None:
    end = issued().expires_at
    assert [change.state.status for change in MACHINE.overdue(with_status("suspended"), CONTEXT, end)] == ["expired"]
    assert not list(MACHINE.overdue(with_status("revoked"), CONTEXT, end))


def test_what_the_platform_suspended_its_agency_does_not_reinstate() -> None:
    suspended = with_status("suspended")
    assert "reinstate" not in TABLE.allowed(suspended, "agency", CONTEXT, NOW)
    assert "reinstate" in TABLE.allowed(suspended, "officer", CONTEXT, NOW)
    own = machine.suspend(issued(), "agency", "kotra", "quality", "Look.", NOW).state
    assert "reinstate" in TABLE.allowed(own, "agency", CONTEXT, NOW)
    assert machine.reinstate(own, "Mended.", NOW).state.is_valid(NOW)


def test_a_revocation_is_appealed_once_and_in_time() -> None:
    revoked = with_status("revoked")
    until = NOW + timedelta(days=15)
    assert revoked.appeal_until == until
    assert TABLE.allowed(revoked, "supplier", CONTEXT, until - timedelta(milliseconds=1)) == ["appeal"]
    assert TABLE.allowed(revoked, "supplier", CONTEXT, until) == []
    upheld = machine.decide_appeal(with_status("appealed"), "officer-2", "upheld", "So it is.", NOW).state
    assert (upheld.status, TABLE.allowed(upheld, "supplier", CONTEXT, NOW)) == ("revoked", [])


def test_somebody_else_decides_the_appeal() -> None:
    appealed = with_status("appealed")
    with pytest.raises(DecidedOneself):
        machine.decide_appeal(appealed, "officer-1", "overturned", "Well.", NOW)
    overturned = machine.decide_appeal(appealed, "officer-2", "overturned", "Sorry.", NOW).state
    assert (overturned.is_valid(NOW), overturned.measure, overturned.freezes_payouts) == (True, None, False)


def test_an_appeal_that_nobody_decides_is_escalated_once_and_never_lapses() -> None:
    appealed = with_status("appealed")
    changes = list(MACHINE.overdue(appealed, CONTEXT, NOW + timedelta(days=400)))
    assert [(change.event.kind, change.state.status) for change in changes] == [
        ("channel_membership.appeal_escalated", "appealed")
    ]


def test_payouts_are_frozen_where_the_platform_revoked_it_for_fraud_and_nowhere_else() -> None:
    assert with_status("revoked").freezes_payouts
    assert with_status("appealed").freezes_payouts
    by_agency = machine.revoke(issued(), CONTEXT, "agency", "kotra", "fraud", "No.", NOW).state
    poor = machine.revoke(issued(), CONTEXT, "officer", "officer-1", "quality", "No.", NOW).state
    assert not any(each.freezes_payouts for each in (by_agency, poor, issued(), with_status("suspended")))


def test_who_joins_again_goes_on_with_the_same_membership() -> None:
    later = NOW + timedelta(days=800)
    for status in ("expired", "revoked"):
        again = issued(later, was=with_status(status))
        assert (again.id, again.version > 1, again.measure, again.renewals) == (issued().id, True, None, 0)
        assert again.is_valid(later)


@pytest.mark.parametrize("status", STATUSES)
def test_every_action_that_a_status_does_not_allow_is_refused_with_what_it_does(status: str) -> None:
    membership = with_status(status)
    for name in ("renew", "suspend", "reinstate", "revoke", "appeal", "decide-appeal"):
        for actor in ("agency", "officer", "supplier"):
            if name in TABLE.allowed(membership, actor, CONTEXT, NOW):
                continue
            with pytest.raises(DomainError) as refused:
                TABLE.require(name, membership, actor, CONTEXT, NOW)
            assert refused.value.numbers["allowed_actions"] == TABLE.allowed(membership, actor, CONTEXT, NOW)
