"""A supplier's country decides whether it may join, in which currency its limit is shown, and more; one without a policy is refused by name."""

from __future__ import annotations

import pytest

from chalicelib.shared import calendars, money, policies
from chalicelib.shared.fx import Quote
from chalicelib.shared.iso_codes import COUNTRIES
from chalicelib.shared.periods import must_be_zone
from chalicelib.suppliers.rules.jurisdictions import Jurisdictions, in_currency
from tests.trade import enrol
from tests.world import Api, StandingClock, token

RISK = token("officer", "officer-1", "risk")
POLICY = policies.versions("jurisdictions")[-1].read_as(Jurisdictions)
SHIPPED = ["CN", "IN", "JP", "KR", "PK", "TH", "US"]


def register(api: Api, officer: str, country: str) -> str:
    body = {"external_ref": f"of-{country}", "name": "Supplier", "country": country}
    return str(api.post("/v1/members", body, officer)["id"])


@pytest.mark.parametrize("country", SHIPPED)
def test_a_supplier_of_each_shipped_country_joins_and_reads_its_limit_in_its_currency(
    api: Api, officer: str, time: StandingClock, country: str
) -> None:
    member_id = register(api, officer, country)
    joined = api.post(f"/v1/suppliers/{member_id}/enrolment", {}, token("member", member_id))
    assert (joined.status, joined["jurisdiction"]) == (200, None)
    decided = api.get(f"/v1/suppliers/{member_id}", token("member", member_id))["jurisdiction"]
    assert (decided["country"], decided["joins"], decided["zone"]) == (country, True, POLICY.countries[country].zone)
    currency = POLICY.countries[country].limit_currency
    assert decided["limit"] == {"amount": money.text(0, currency), "currency": currency}


def test_a_limit_is_shown_in_won_rounded_down_and_kept_in_dollars(api: Api, officer: str, time: StandingClock) -> None:
    member_id = register(api, officer, "KR")
    enrol(member_id, 10_000_001, time)
    seen = api.get(f"/v1/suppliers/{member_id}", token("member", member_id))
    assert seen["limit"] == {"amount": "100000.01", "currency": "USD"}
    assert seen["jurisdiction"]["limit"] == {"amount": "121951231", "currency": "KRW"}  # 100,000.01 / 0.000820
    assert seen["jurisdiction"]["available"] == seen["jurisdiction"]["limit"]
    assert api.get("/v1/suppliers", RISK)["items"][0]["jurisdiction"] is None


@pytest.mark.parametrize("country", ["BR", "DE"])
def test_a_country_without_a_policy_is_refused_by_name(api: Api, officer: str, country: str) -> None:
    member_id = register(api, officer, country)
    for by in (token("member", member_id), RISK):
        refused = api.post(f"/v1/suppliers/{member_id}/enrolment", {}, by)
        assert (refused.status, refused["code"], refused["country"]) == (422, "no_jurisdiction", country)
        assert refused["countries"] == SHIPPED
    assert api.get(f"/v1/suppliers/{member_id}", RISK)["jurisdiction"] is None


def test_what_is_shown_never_exceeds_what_there_is() -> None:
    for rate, usd_minor, shown in (
        ("0.000820", 1, 12),
        ("1", 12_345, 12_345),
        ("3.2600", 326, 1_000),
        ("0.0280", 0, 0),
    ):
        of = {"0.000820": "KRW", "1": "USD", "3.2600": "KWD", "0.0280": "THB"}[rate]
        assert in_currency(usd_minor, Quote(of, "USD", rate, "2016-01", "fx")) == shown


def test_what_the_policy_names_is_there() -> None:
    assert sorted(POLICY.countries) == POLICY.open == SHIPPED
    for country, each in POLICY.countries.items():
        assert country in COUNTRIES
        assert money.digits_of(each.limit_currency) >= 0
        assert must_be_zone(each.zone, param="zone") == each.zone
        assert each.calendar in calendars.known_until()
        assert each.documents


def test_whose_business_days_count_is_the_policys_to_say_and_else_the_countrys_own() -> None:
    policy = policies.versions("jurisdictions")[-1].read_as(Jurisdictions)
    assert [policy.calendar_of(code) for code in ("KR", "IN", "HK")] == ["KR", "CN", "HK"]
