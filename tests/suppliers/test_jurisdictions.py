"""A supplier's country decides whether it may join, in which currency its limit is shown, and more; one without a policy is refused by name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from chalicelib.channels.rules import nomination
from chalicelib.firms.rules.firm import DocumentKind
from chalicelib.shared import calendars, money, policies
from chalicelib.shared.fx import Quote
from chalicelib.shared.iso_codes import COUNTRIES
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.periods import must_be_zone
from chalicelib.suppliers.rules.jurisdictions import EnrolmentDocumentsMissing, Jurisdictions, in_currency
from chalicelib.suppliers.service.changing import chain
from tests.firms.office import another
from tests.trade import enrol
from tests.world import Api, Pump, StandingClock, Streams, token

RISK = token("officer", "officer-1", "risk")
POLICY = policies.versions("jurisdictions")[-1].read_as(Jurisdictions)
ASKED_FROM = datetime(2027, 1, 4, 2, 15, tzinfo=UTC)
"""By then the second version of the policy has taken effect."""
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


def test_documents_are_asked_for_by_a_version_announced_before_and_china_asks_for_none() -> None:
    before, announced = policies.versions("jurisdictions")
    assert not any(each.enrolment_documents for each in before.read_as(Jurisdictions).countries.values())
    assert announced.announced_on < announced.effective_on
    body = {country: each.enrolment_documents for country, each in POLICY.countries.items()}
    assert [country for country, kinds in body.items() if not kinds] == ["CN"]
    POLICY.countries["CN"].must_be_on_file([])


def test_all_that_is_missing_is_named_at_once_in_the_order_of_the_policy() -> None:
    india = POLICY.countries["IN"]
    india.must_be_on_file(["export_licence", "accounts", "business_licence"])
    with pytest.raises(EnrolmentDocumentsMissing) as refused:
        india.must_be_on_file(["accounts"])
    assert refused.value.numbers["documents"] == ["business_licence", "export_licence"]


def test_a_supplier_joins_once_what_its_country_asks_for_is_in_its_firms_profile(
    api: Api, streams: Streams, pump: Pump, time: StandingClock
) -> None:
    firm = another(api, time, streams, pump, "mumbai", "IN")
    earlier = another(api, time, streams, pump, "delhi", "IN")
    joined = api.post(f"/v1/suppliers/{earlier.firm_id}/enrolment", {}, earlier.firm)
    assert joined.status == 200
    time.at = ASKED_FROM
    path = f"/v1/suppliers/{firm.firm_id}"
    for by in (firm.firm, RISK):
        refused = api.post(f"{path}/enrolment", {}, by, Accept_Language="ko")
        assert (refused.status, refused["code"]) == (422, "enrolment_documents_missing")
        assert refused["documents"] == ["business_licence", "export_licence"]
        assert refused["detail"] == "접수되지 않은 서류: business_licence, export_licence."
    firm.register()
    firm.hand_in()
    firm.hand_in(b"another file", arrives=b"not what was announced", kind="export_licence")
    refused = api.post(f"{path}/enrolment", {}, firm.firm)
    assert refused["documents"] == ["export_licence"]
    licence = firm.hand_in(b"a licence to export", kind="export_licence")
    reply = api.post(f"{path}/enrolment", {}, firm.firm, key="join")
    assert (reply.status, reply["status"]) == (200, "applied")
    assert api.post(f"{path}/enrolment", {}, firm.firm, key="join").body == reply.body
    seen = api.get(path, RISK)["jurisdiction"]["enrolment_documents"]
    assert [each["kind"] for each in seen] == ["business_licence", "export_licence"]
    assert seen[1]["document_id"] == licence
    (entry,) = [row.entry() for row in JournalRow.scan() if row.aggregate_id == chain(firm.firm_id)]
    assert entry.event.payload["documents"] == {each["kind"]: each["sha256"] for each in seen}

    stays = api.get(f"/v1/suppliers/{earlier.firm_id}", earlier.firm)
    assert stays["status"] == "applied"
    assert [each["document_id"] for each in stays["jurisdiction"]["enrolment_documents"]] == [None, None]


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
        assert set(each.documents) <= set(get_args(nomination.DocumentKind))
        assert set(each.enrolment_documents) <= set(get_args(DocumentKind))


def test_whose_business_days_count_is_the_policys_to_say_and_else_the_countrys_own() -> None:
    policy = policies.versions("jurisdictions")[-1].read_as(Jurisdictions)
    assert [policy.calendar_of(code) for code in ("KR", "IN", "HK")] == ["KR", "CN", "HK"]
