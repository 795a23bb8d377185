"""Who joined before the facts about it were in is evaluated on demand, once a day, and is told what it waits for and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.orders.examples import TERMS
from tests.suppliers.test_programme import RISK, SELLER, STRANGER, enrol, member, post, seller, sold, usd
from tests.world import Api, Reply, StandingClock

__all__ = ["member"]


def evaluate(api: Api, by: str | None = None, **more: Any) -> Reply:
    return api.post(f"/v1/suppliers/{SELLER}/evaluation", None, by or seller(), **more)


def facts_arrive(time: StandingClock) -> None:
    daybook_recording.record([sold(number, time.at - timedelta(days=20 + number)) for number in range(10)])


def test_who_enrols_before_the_facts_are_in_qualifies_as_soon_as_they_are(
    api: Api, member: str, time: StandingClock
) -> None:
    waits = enrol(api)
    assert (waits["status"], waits["limit"]) == ("applied", usd("0.00"))
    assert "evaluation" in waits["allowed_actions"]
    again = api.post(f"/v1/suppliers/{SELLER}/enrolment", None, seller())
    assert (again.status, again["code"]) == (409, "not_in_this_status")
    assert "/evaluation" in again["fix"]
    facts_arrive(time)
    reply = evaluate(api, key="once")
    assert (reply.status, reply["status"], reply["limit"]) == (200, "active", usd("2900.00"))
    assert evaluate(api, key="once").raw == reply.raw
    assert "evaluation" not in reply["allowed_actions"]
    assert evaluate(api)["code"] == "not_in_this_status"


@pytest.mark.parametrize("by", [None, RISK])
def test_once_a_business_date_and_the_refusal_says_from_when_again(
    api: Api, member: str, time: StandingClock, by: str | None
) -> None:
    enrol(api)
    reply = evaluate(api, by)
    opens = "2026-03-02T16:00:00Z"
    assert (reply["status"], "evaluation" in reply["allowed_actions"]) == ("applied", False)
    assert {
        "name": "evaluation_on_demand",
        "due_at": opens,
        "owner": "supplier",
        "default_outcome": "evaluation_opens",
    } in (reply["deadlines"])
    facts_arrive(time)
    refused = evaluate(api, by)
    assert (refused.status, refused["code"], refused["due_at"]) == (409, "evaluated_today", opens)
    time.advance(hours=13, minutes=45)
    assert evaluate(api, by)["status"] == "active"


def test_only_the_supplier_and_officers_have_it_evaluated_and_only_while_it_waits(api: Api, member: str) -> None:
    assert evaluate(api)["code"] == "not_in_this_status"
    enrol(api)
    assert evaluate(api, STRANGER).status in (401, 404)
    assert post(api, "suspension", {"reason": "Papers are looked into."}).status == 200
    assert evaluate(api)["code"] == "not_in_this_status"


def test_the_quote_and_the_order_say_what_is_awaited_and_when_it_comes_by_itself(api: Api, member: str) -> None:
    enrol(api)
    quoted = api.post("/v1/cover-quotes", {"supplier_id": SELLER, "terms": TERMS}, seller())
    assert quoted["why"] == ["supplier_not_qualified"]
    assert quoted["awaits"] == [{"code": "evaluation", "owner": "clock", "at": "2026-03-09T16:30:00Z"}]
