"""Channels through the API: they are data, officers open and close them, and so does the calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.channels.examples import AMEND, CLOSE, PAUSE, PLAN, TERMS
from tests.channels.country import JETRO, KOTRA, OFFICER, Country, korea, opened
from tests.round_trips import calls
from tests.world import Api, Pump, StandingClock, Streams, token

__all__ = ["korea"]

RISK = token("officer", "officer-3", "risk")


def plan(api: Api, **fields: Any) -> Any:
    return api.post("/v1/channels", PLAN | fields, OFFICER)


def test_korea_is_shipped_as_data_and_japan_proves_that_a_channel_is_data(
    api: Api, time: StandingClock, streams: Streams, pump: Pump
) -> None:
    korea, japan = (opened(api, time, streams, pump, country=country) for country in ("KR", "JP"))
    shown = [api.get(f"/v1/channels/{each.channel_id}").body for each in (korea, japan)]
    assert [(each["name"], each["status"]) for each in shown] == [("Korea channel", "open"), ("Japan channel", "open")]
    terms = shown[0]["terms"]
    assert terms["categories"] == ["clothing", "jewellery", "cosmetics"]
    assert terms["band"] == {
        "least": {"amount": "50.00", "currency": "CNY"},
        "most": {"amount": "20000.00", "currency": "CNY"},
    }
    assert terms["targets"] == {
        "suppliers": 5000,
        "listings": 100000,
        "paid_a_day": {"amount": "1000000.00", "currency": "CNY"},
    }
    assert (shown[1]["terms"]["settlement_currency"], shown[1]["terms"]["agencies"]) == ("JPY", ["jetro"])
    listed = api.get("/v1/channels?status=open")["items"]
    assert [each["id"] for each in listed] == sorted([korea.channel_id, japan.channel_id])


def test_a_country_that_is_not_shipped_needs_terms_and_its_own_agencies(api: Api) -> None:
    refused = plan(api, country="TH")
    assert (refused.status, refused["code"], refused["countries"]) == (422, "no_terms_for_country", ["JP", "KR"])
    refused = plan(api, country="JP", terms=TERMS)
    assert (refused.status, refused["code"]) == (422, "not_a_partner_agency")
    assert plan(api, country="KR", name="Korea for jewellers", terms=TERMS)["name"] == "Korea for jewellers"


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        (
            {"band": {"least": TERMS["band"]["most"], "most": TERMS["band"]["least"]}},
            "channel_band_unfit",
            "terms.band",
        ),
        ({"settlement_currency": "BRL"}, "currency_not_payable", "terms.settlement_currency"),
        (
            {"targets": TERMS["targets"] | {"paid_a_day": {"amount": "1", "currency": "KRW"}}},
            "channel_band_unfit",
            "terms.band",
        ),
        ({"required_languages": ["ja"]}, "channel_terms_contradict", "terms.required_languages"),
        ({"hs_categories": ["tea"]}, "channel_terms_contradict", "terms.hs_categories"),
        ({"badge": TERMS["badge"][:1]}, "channel_terms_contradict", "terms.badge"),
        ({"badge": TERMS["badge"] + TERMS["badge"][:1]}, "channel_terms_contradict", "terms.badge"),
        ({"opens_on": "2026-05-01", "closes_on": "2026-04-30"}, "channel_terms_contradict", "terms.closes_on"),
        ({"buyer_markets": ["UK"]}, "unknown_country", "terms.buyer_markets"),
        ({"price_currencies": ["WON"]}, "unknown_currency", "terms.price_currencies"),
    ],
)
def test_terms_that_do_not_fit_are_refused_by_the_field(api: Api, wrong: dict[str, Any], code: str, param: str) -> None:
    refused = plan(api, terms=TERMS | wrong)
    assert (refused.status, refused["code"], refused["param"]) == (422, code, param)


def test_officers_pause_open_amend_and_close_it_each_once_however_often_they_ask(korea: Country) -> None:
    path = f"/v1/channels/{korea.channel_id}"
    for action, body, status in (
        ("pause", PAUSE, "paused"),
        ("open", None, "open"),
        ("amend", AMEND, "open"),
        ("close", CLOSE, "closed"),
    ):
        with calls() as round_trips:
            reply = korea.api.post(f"{path}/{action}", body, OFFICER, key=f"once-{action}")
        assert (reply.status, reply["status"], round_trips) == (200, status, ["GetItem", "TransactWriteItems"])
        assert korea.api.post(f"{path}/{action}", body, OFFICER, key=f"once-{action}").raw == reply.raw
    assert (reply["reason"], reply["terms"]["spread_bp"], reply["allowed_actions"]) == (CLOSE["reason"], 40, [])
    refused = korea.api.post(f"{path}/open", None, OFFICER)
    assert (refused.status, refused["code"]) == (409, "channel_not_in_this_status")
    assert korea.api.post(f"{path}/close", CLOSE, RISK).status == 403
    kinds = [each["kind"] for each in korea.api.get(f"{path}/timeline", KOTRA)["items"]]
    assert kinds == [f"channel.{each}" for each in ("planned", "opened", "paused", "opened", "amended", "closed")]


def test_the_band_keeps_its_currency_once_the_channel_was_open(korea: Country) -> None:
    """What was counted of what is paid would be read as so many of another one."""
    least, most, paid = ({"amount": amount, "currency": "KRW"} for amount in ("9800", "3920000", "196000000"))
    in_won = TERMS | {
        "band": {"least": least, "most": most},
        "targets": TERMS["targets"] | {"paid_a_day": paid},
    }
    refused = korea.api.post(f"/v1/channels/{korea.channel_id}/amend", AMEND | {"terms": in_won}, OFFICER)
    assert (refused.status, refused["code"], refused["currency"]) == (422, "channel_band_unfit", "CNY")
    planned = plan(korea.api, terms=TERMS)
    amended = korea.api.post(f"/v1/channels/{planned['id']}/amend", AMEND | {"terms": in_won}, OFFICER)
    assert (amended.status, amended["terms"]["band"]["least"]["currency"]) == (200, "KRW")


def test_it_opens_and_closes_by_its_dates(api: Api, time: StandingClock) -> None:
    planned = plan(api, terms=TERMS | {"opens_on": "2026-03-10", "closes_on": "2026-12-31"})
    assert [(each["name"], each["due_at"]) for each in planned["deadlines"]] == [
        ("opening", "2026-03-09T16:00:00Z"),
        ("closing", "2026-12-31T16:00:00Z"),
    ]
    for at, status in (
        (datetime(2026, 3, 9, 15, 59, 59, 999000, tzinfo=UTC), "planned"),
        (datetime(2026, 3, 9, 16, tzinfo=UTC), "open"),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), "closed"),
    ):
        time.at = at
        assert api.get(f"/v1/channels/{planned['id']}")["status"] == status


def test_its_history_is_officers_and_its_agencies(korea: Country) -> None:
    path = f"/v1/channels/{korea.channel_id}/timeline"
    assert [korea.api.get(path, by).status for by in (KOTRA, OFFICER, JETRO)] == [200, 200, 404]
    assert korea.api.get("/v1/channels/chn_nowhere").status == 404
