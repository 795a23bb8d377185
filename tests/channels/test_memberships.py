"""Memberships through the API: an agency watches over its suppliers, a revocation is appealed, and a year ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.channels.declared import MEMBERSHIPS
from chalicelib.channels.examples import APPEAL, DECIDE, REINSTATE, REVOKE, SUSPEND
from chalicelib.channels.service import reading
from chalicelib.shared import observe
from tests.channels.country import JETRO, KOTRA, OFFICER, SECOND, Country, korea
from tests.round_trips import calls
from tests.world import token

__all__ = ["korea"]

MS = timedelta(milliseconds=1)


@pytest.fixture
def supplier_id(korea: Country) -> str:
    return korea.firm()


@pytest.fixture
def membership_id(korea: Country, supplier_id: str) -> str:
    return korea.joined(supplier_id)


def test_an_agency_suspends_reinstates_and_revokes_each_once_however_often_it_asks(
    korea: Country, membership_id: str
) -> None:
    for action, body, status in (
        ("suspend", SUSPEND, "suspended"),
        ("reinstate", REINSTATE, "active"),
        ("revoke", REVOKE, "revoked"),
    ):
        path = f"/v1/channel-memberships/{membership_id}/{action}"
        with calls() as round_trips:
            reply = korea.api.post(path, body, KOTRA, key=f"once-{action}")
        assert (reply.status, reply["status"], round_trips) == (200, status, ["GetItem", "TransactWriteItems"])
        assert korea.api.post(path, body, KOTRA, key=f"once-{action}").raw == reply.raw
    assert (reply["is_valid"], reply["measure"]["by"], reply["measure"]["officer"]) == (False, "agency", None)
    assert reply["appeal_until"] == "2026-03-17T02:15:00Z"
    refused = korea.measure(membership_id, "suspend", SUSPEND)
    assert (refused.status, refused["code"]) == (409, "channel_membership_not_in_this_status")


def test_it_is_renewed_in_the_last_sixty_days(korea: Country, membership_id: str) -> None:
    early = korea.measure(membership_id, "renew")
    assert (early.status, early["code"], early["renewable_from"]) == (
        409,
        "too_soon_to_renew",
        "2027-01-01T15:00:00+00:00",
    )
    korea.time.at = datetime(2027, 1, 1, 15, tzinfo=UTC)
    renewed = korea.measure(membership_id, "renew")
    assert (renewed["renewals"], renewed["expires_at"]) == (1, "2028-03-02T15:00:00Z")
    assert korea.measure(membership_id, "renew")["code"] == "too_soon_to_renew"


def test_it_expires_at_the_end_of_the_anniversarys_day_in_seoul(
    korea: Country, supplier_id: str, membership_id: str
) -> None:
    end = datetime(2027, 3, 2, 15, tzinfo=UTC)
    for at, status, is_valid in ((end - MS, "active", True), (end, "expired", False)):
        korea.time.at = at
        seen = korea.membership(membership_id)
        assert (seen["status"], seen["is_valid"]) == (status, is_valid)
        membership = reading.membership_of(supplier_id, korea.channel_id, at)
        assert membership is not None
        assert membership.is_valid(at) == is_valid
    MEMBERSHIPS.settle(membership_id, end + timedelta(days=3))
    kinds = [
        each["kind"] for each in korea.api.get(f"/v1/channel-memberships/{membership_id}/timeline", KOTRA)["items"]
    ]
    assert kinds == ["nomination.joined", "channel_membership.expired"]


def test_a_revocation_is_appealed_and_decided_by_somebody_else(
    korea: Country, supplier_id: str, membership_id: str
) -> None:
    supplier = token("member", supplier_id)
    revoked = korea.measure(membership_id, "revoke", REVOKE | {"reason": "fraud"}, OFFICER)
    assert (revoked["payouts_frozen"], revoked["measure"]["officer"]) == (True, "officer-1")
    assert korea.membership(membership_id, supplier)["measure"]["officer"] is None
    appealed = korea.measure(membership_id, "appeal", APPEAL, supplier)
    assert (appealed["status"], appealed["appeal"]["due_at"]) == ("appealed", "2026-03-16T16:00:00Z")
    own = korea.measure(membership_id, "decide-appeal", DECIDE, OFFICER)
    assert (own.status, own["code"]) == (403, "appeal_decided_by_the_same_person")
    assert korea.measure(membership_id, "decide-appeal", DECIDE, KOTRA).status == 403
    decided = korea.measure(membership_id, "decide-appeal", DECIDE, SECOND)
    assert (decided["status"], decided["is_valid"], decided["payouts_frozen"]) == ("active", True, False)


def test_an_appeal_that_is_turned_down_is_the_last_one(korea: Country, supplier_id: str, membership_id: str) -> None:
    supplier = token("member", supplier_id)
    korea.measure(membership_id, "revoke", REVOKE)
    korea.measure(membership_id, "appeal", APPEAL, supplier)
    upheld = korea.measure(membership_id, "decide-appeal", DECIDE | {"outcome": "upheld"}, OFFICER)
    assert (upheld["status"], upheld["appeal"]["outcome"]) == ("revoked", "upheld")
    assert korea.measure(membership_id, "appeal", APPEAL, supplier).status == 409


def test_an_appeal_that_comes_too_late_is_refused(korea: Country, supplier_id: str, membership_id: str) -> None:
    korea.measure(membership_id, "revoke", REVOKE)
    korea.time.advance(days=15)
    refused = korea.measure(membership_id, "appeal", APPEAL, token("member", supplier_id))
    assert (refused.status, refused["code"]) == (409, "channel_membership_not_in_this_status")


def test_an_appeal_that_nobody_decides_rings(
    korea: Country, supplier_id: str, membership_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    korea.measure(membership_id, "revoke", REVOKE)
    korea.measure(membership_id, "appeal", APPEAL, token("member", supplier_id))
    signals: list[str] = []
    monkeypatch.setattr(observe, "count", lambda signal, value=1: signals.append(signal))
    korea.time.advance(days=20)
    MEMBERSHIPS.settle(membership_id, korea.time.at)
    assert signals == ["ChannelAppealUndecided"]
    assert korea.membership(membership_id)["status"] == "appealed"


def test_each_sees_its_own(korea: Country, supplier_id: str, membership_id: str) -> None:
    supplier, stranger = token("member", supplier_id), token("member", korea.firm())
    path = "/v1/channel-memberships"
    for by, query in (
        (supplier, ""),
        (KOTRA, "?status=active"),
        (KOTRA, f"?channel_id={korea.channel_id}"),
        (OFFICER, f"?channel_id={korea.channel_id}"),
        (OFFICER, f"?member_id={supplier_id}"),
        (OFFICER, "?agency_id=kotra"),
    ):
        assert [each["id"] for each in korea.api.get(path + query, by)["items"]] == [membership_id]
    for by, query in (
        (stranger, ""),
        (JETRO, ""),
        (JETRO, "?agency_id=kotra"),
        (stranger, f"?member_id={supplier_id}"),
        (OFFICER, ""),
        (KOTRA, "?status=expired"),
    ):
        assert korea.api.get(path + query, by)["items"] == []
    assert korea.membership(membership_id, JETRO).status == korea.membership(membership_id, stranger).status == 404
    for action, body in (("suspend", SUSPEND), ("revoke", REVOKE)):
        assert korea.measure(membership_id, action, body, JETRO).status == 404
