"""Firms through the API: registered, verified, changed, looked into; and what is personal stands nowhere in the clear."""

from __future__ import annotations

import contextlib
import hashlib
import json
from typing import Any

import pytest

from chalicelib.firms.declared import FIRMS
from chalicelib.firms.examples import ACCOUNT, DISCLOSE, FIRM, HOLDER, RETURN, SIGNER
from chalicelib.firms.rules.signers import NotASigner, SignerNotVerified
from chalicelib.firms.service import reading
from chalicelib.firms.service.signers import require_signer
from chalicelib.shared import journal, observe, packing
from chalicelib.shared.request import ENDPOINT, Caller, RequestContext
from chalicelib.shared.tables import engine
from tests.firms.office import OFFICER, PLAINTEXT, Office, another, office
from tests.kms import kms
from tests.webhooks.conftest import Receiver, receiver
from tests.world import token

__all__ = ["kms", "office", "receiver"]

NO_RISK = token("officer", "officer-2", "claims")
STRANGER = token("member", "mem_0000000000000000000000000Z")


def signs(office: Office, person_id: str) -> str:
    caller = Caller(office.firm_id, "member", person=person_id)
    return require_signer(office.firm_id, RequestContext(caller, office.time.at, "r"), "sign").person_id


def test_a_firm_is_registered_completed_and_verified(office: Office) -> None:
    registered = office.register()
    assert registered["status"] == "registered"
    assert registered["missing"] == [
        "legal_representative", "controller", "signer_consent", "signer_apply", "signer_sign", "signer_draw",
        "settlement_account", "business_licence", "verification",
    ]  # fmt: skip
    [deadline] = registered["deadlines"]
    assert (deadline["name"], deadline["owner"], deadline["default_outcome"]) == (
        "verification",
        "officer",
        "escalated",
    )
    person_id = office.person()
    with pytest.raises(SignerNotVerified):
        signs(office, person_id)
    office.do("settlement-accounts", ACCOUNT)
    office.hand_in()
    assert office.see()["missing"] == ["verification"]
    verified = office.do("verify", None, OFFICER)
    assert (verified["status"], verified["missing"]) == ("verified", [])
    assert [part["verified_at"] for part in (*verified["people"], *verified["settlement_accounts"])] == [
        verified["verified_at"]
    ] * 2
    assert signs(office, person_id) == person_id
    assert reading.profile(office.firm_id) is not None
    assert reading.profile("mem_nobody") is None


def test_a_member_has_one_profile(office: Office) -> None:
    first = office.api.post("/v1/firms", FIRM, office.firm, key="k")
    again = office.api.post("/v1/firms", FIRM, office.firm, key="k")
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (first.raw, "true")
    other = office.api.post("/v1/firms", FIRM, office.firm)
    assert (other.status, other["code"]) == (409, "firm_exists")
    nobody = office.api.post("/v1/firms", FIRM, STRANGER)
    assert (nobody.status, nobody["code"]) == (422, "not_registered")


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"registration_no": "no!"}, "registration_no"),
        ({"region": "Zhejiang"}, "region"),
        ({"size": "huge"}, "size"),
        ({"paid_in_capital": {"amount": "1.0", "currency": "CNY"}}, "paid_in_capital.amount"),
        ({"founded_year": 1066}, "founded_year"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_a_profile_is_named(office: Office, wrong: Any, param: str) -> None:
    reply = office.api.post("/v1/firms", FIRM | wrong, office.firm)
    assert (reply.status, reply["param"]) == (400, param)


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        ({"founded_year": 2027}, "unfit_profile", "founded_year"),
        ({"region": "XX-ZJ"}, "unknown_country", "region"),
        ({"region": "CN-99"}, "unfit_profile", "region"),
        ({"paid_in_capital": {"amount": "1.00", "currency": "XXQ"}}, "unknown_currency", "paid_in_capital.amount"),
    ],
)
def test_a_profile_that_cannot_be_so_is_refused_by_name(office: Office, wrong: Any, code: str, param: str) -> None:
    refused = office.api.post("/v1/firms", FIRM | wrong, office.firm)
    assert (refused.status, refused["code"], refused["param"]) == (422, code, param)
    office.register()
    assert office.ask("change", FIRM | wrong)["code"] == code
    assert office.see()["version"] == 1


@pytest.mark.parametrize(
    ("wrong", "status", "code", "param"),
    [
        ({"email": "chen"}, 400, "bad_field", "email"),
        ({"phone": "call me"}, 400, "bad_field", "phone"),
        ({"powers_until": "2026-03-01"}, 422, "unfit_profile", "powers_until"),
        ({"powers": [], "kind": "company"}, 422, "company_signs", "is_legal_representative"),
    ],
)
def test_a_person_that_cannot_be_so_is_refused_by_name(
    office: Office, wrong: Any, status: int, code: str, param: str
) -> None:
    person_id = office.complete()
    version = office.see()["version"]
    for where in ("people", f"people/{person_id}/change"):
        refused = office.ask(where, SIGNER | {"share_bp": 0} | wrong)
        assert (refused.status, refused["code"], refused["param"]) == (status, code, param)
    assert office.see()["version"] == version


@pytest.mark.parametrize(("told", "kept"), [("CN-33", "CN-ZJ"), ("KR-26", "KR-26")])
def test_a_province_is_kept_by_its_letters(office: Office, told: str, kept: str) -> None:
    assert office.api.post("/v1/firms", FIRM | {"region": told}, office.firm)["region"] == kept
    assert office.see()["region"] == kept


def test_a_signer_whose_powers_have_run_out_is_missing(office: Office) -> None:
    person_id = office.verified()
    office.do(f"people/{person_id}/change", SIGNER | {"powers_until": "2026-03-02"})
    assert office.see()["missing"] == ["verification"]
    office.time.advance(days=1)
    assert office.see()["missing"] == [*(f"signer_{power}" for power in SIGNER["powers"]), "verification"]


def test_a_change_makes_an_officer_look_again_and_signers_go_on_meanwhile(office: Office) -> None:
    person_id = office.verified()
    changed = office.do("change", FIRM | {"size": "medium"})
    assert (changed["status"], changed["size"], changed["missing"]) == ("changed", "medium", ["verification"])
    assert signs(office, person_id) == person_id
    added = office.person(name="Liu Wen", share_bp=0)
    with pytest.raises(SignerNotVerified):
        signs(office, added)
    office.do("verify", None, OFFICER)
    assert signs(office, added) == added


def test_a_signer_who_has_changed_waits_and_one_who_is_removed_signs_no_more(office: Office) -> None:
    person_id = office.verified()
    office.do(f"people/{person_id}/change", SIGNER | {"powers": ["sign"], "phone": "+86 574 5555 0199"})
    with pytest.raises(SignerNotVerified):
        signs(office, person_id)
    assert office.see("/sealed")["people"][0]["phone"] == "+86 574 5555 0199"
    office.do("verify", None, OFFICER)
    assert signs(office, person_id) == person_id
    office.do(f"people/{person_id}/remove")
    with pytest.raises(NotASigner):
        signs(office, person_id)


def test_holders_have_at_most_the_whole_and_companies_do_not_sign(office: Office) -> None:
    office.complete()
    office.do("people", HOLDER)
    more = office.ask("people", HOLDER | {"share_bp": 1})
    assert (more.status, more["code"], more["maximum"]) == (422, "shares_beyond_whole", 10_000)
    company = office.ask("people", HOLDER | {"share_bp": 0, "powers": ["sign"]})
    assert (company.status, company["code"], company["param"]) == (422, "company_signs", "powers")


def test_only_the_firm_reads_what_is_sealed(office: Office) -> None:
    office.complete()
    sealed = office.see("/sealed")
    assert sealed["people"][0]["name"] == "Chen Yulan"
    assert sealed["people"][0]["address"] is None
    assert sealed["settlement_accounts"][0]["number"] == ACCOUNT["number"]
    assert office.see("/sealed", OFFICER).status == 403
    assert office.see("/sealed", STRANGER).status == 404
    assert office.see("", STRANGER).status == 404
    assert office.see("", NO_RISK).status == 403
    assert not any(text in office.see("", OFFICER).raw.decode() for text in PLAINTEXT)


def test_an_officer_reads_it_with_a_reason_that_the_firm_is_told(office: Office) -> None:
    office.complete()
    assert office.ask("disclosures", {"reason": ""}, OFFICER).status == 400
    assert office.ask("disclosures", DISCLOSE, NO_RISK).status == 403
    disclosure = office.do("disclosures", DISCLOSE, OFFICER)
    about = f"/disclosures/{disclosure['id']}"
    disclosed = office.see(about, OFFICER)
    assert disclosed["opened"] == office.see("/sealed").body
    assert [link["name"] for link in disclosed["documents"]] == ["business_licence"]
    last = office.see("/timeline")["items"][-1]
    assert (last["kind"], last["by"]) == ("firm.disclosed", "officer")
    assert (last["payload"]["disclosed_to"], last["payload"]["reason"]) == ("officer", DISCLOSE["reason"])
    assert "officer-1" not in json.dumps(last)


def test_a_disclosure_is_for_its_officer_its_firm_and_a_quarter_of_an_hour(office: Office) -> None:
    office.complete()
    other = another(office.api, office.time, office.streams, office.pump, "other")
    registered = other.register()
    about = f"/disclosures/{office.do('disclosures', DISCLOSE, OFFICER)['id']}"
    assert office.see(about, token("officer", "officer-2", "risk")).status == 404
    assert other.see(about, OFFICER).status == 404
    assert office.see(about, office.firm).status == 403
    verified = office.api.post(f"{office.path}/verify", None, OFFICER, key="v")
    entry_id = RequestContext(
        Caller("officer-1", "officer"), office.time.at, "r", key="v", name_space=ENDPOINT
    ).entry_id
    assert (verified.status, registered.status, journal.read(entry_id) is not None) == (200, 201, True)
    assert office.see(f"/disclosures/{entry_id}", OFFICER).status == 404, "another entry of the officer's"
    office.time.advance(minutes=15, milliseconds=-1)
    assert office.see(about, OFFICER).status == 200
    office.time.advance(milliseconds=1)
    assert office.see(about, OFFICER).status == 404


def test_the_firm_reads_its_whole_history_and_officers_that_something_is_sealed(office: Office) -> None:
    person_id = office.complete()
    added = {"of": person_id, "field": "name"}
    for by, value in ((office.firm, "Chen Yulan"), (OFFICER, "sealed")):
        lines = office.see("/timeline", by)["items"]
        [line] = [line for line in lines if line["kind"] == "firm.person_added"]
        assert added | {"value": value} in line["payload"]["sealed"]
    assert office.see("/timeline", STRANGER).status == 404


def test_nothing_personal_stands_in_any_table_answer_log_or_message(
    office: Office, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    for by in (office.firm, token("officer", "officer-9", "admin")):
        endpoint = office.api.post("/v1/webhook-endpoints", {"url": "https://receiver.example/", "kinds": ["*"]}, by)
        assert endpoint.status == 201
    person_id = office.verified()
    office.do(f"people/{person_id}/change", SIGNER)
    disclosure_id = office.do("disclosures", DISCLOSE, OFFICER)["id"]
    assert PLAINTEXT[0] in office.see(f"/disclosures/{disclosure_id}", OFFICER).raw.decode()
    office.ask("people", SIGNER | {"powers": ["fly"]})
    office.ask("people", SIGNER | {"phone": "+86 574 5555 0100\u202e"})
    while office.streams() + office.pump():
        pass
    assert "firm.person_added" in receiver.kinds
    everything = [json.dumps(item, default=_text) for item in _items()]
    everything += [sent.body.decode() for sent in receiver.sent]
    everything.append(capsys.readouterr().out)
    assert any("Ningbo Haiyue" in each for each in everything), "documents are read"
    for text in PLAINTEXT:
        assert not [each for each in everything if text in each], text


def test_a_digest_tells_nothing_of_a_body_to_whoever_does_not_know_its_key(office: Office) -> None:
    """What a client sent is in the journal as a digest only: the same body has another under another key, and none is that of the body alone."""
    office.register()
    body = json.dumps(ACCOUNT).encode()
    [account] = office.do("settlement-accounts", body, key="one")["settlement_accounts"]
    office.do(f"settlement-accounts/{account['id']}/remove")
    office.do("settlement-accounts", body, key="two")
    first, _, second = journal.read_many(_recent(office)[-3:])
    digests = {first.digest, second.digest}
    assert len(digests) == 2
    path = f"{office.path}/settlement-accounts".encode()
    guess = hashlib.sha256(b"\n".join((b"POST", path, body))).hexdigest()
    assert not any(guess.startswith(digest) for digest in digests)


def test_all_of_it_works_with_the_key_in_kms(office: Office, kms: None) -> None:
    person_id = office.verified()
    assert office.see("/sealed")["people"][0]["name"] == SIGNER["name"]
    office.do(f"people/{person_id}/change", SIGNER | {"phone": None})
    office.do(f"people/{person_id}/erase", {"reason": "asked for"})
    assert "Chen Yulan" not in office.see("/timeline").raw.decode()


def test_a_profile_that_is_wrong_is_returned_mended_and_confirmed(office: Office) -> None:
    office.complete()
    returned = office.do("return", RETURN, OFFICER)
    assert (returned["status"], returned["reasons"]) == ("returned", RETURN["reasons"])
    assert office.ask("verify", None, OFFICER)["code"] == "firm_not_in_this_status"
    office.do("change", FIRM | {"name": "Ningbo Haiyue Lamps Ltd."})
    assert office.see()["status"] == "returned"
    confirmed = office.do("confirm")
    assert (confirmed["status"], confirmed["reasons"]) == ("registered", [])
    assert office.do("verify", None, OFFICER)["status"] == "verified"


def test_a_verification_ends_after_a_year_and_the_firm_is_reminded(office: Office) -> None:
    person_id = office.verified()
    office.time.advance(days=335)
    FIRMS.sweep(office.time.at)
    office.time.advance(days=29)
    FIRMS.sweep(office.time.at)
    assert signs(office, person_id) == person_id
    office.time.advance(days=1)
    with pytest.raises(SignerNotVerified):
        signs(office, person_id)
    FIRMS.sweep(office.time.at)
    assert (office.see()["status"], office.see()["why_expired"]) == ("expired", "not_confirmed")
    kinds = [line["kind"] for line in office.see("/timeline")["items"]]
    assert kinds[-2:] == ["firm.verification_ending", "firm.expired"]
    assert office.do("confirm")["status"] == "changed"
    office.do("verify", None, OFFICER)
    assert signs(office, person_id) == person_id


def test_what_nobody_verifies_rings(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(observe, "count", lambda signal, value=1: rung.append(signal))
    office.complete()
    office.time.advance(hours=48)
    FIRMS.sweep(office.time.at)
    FIRMS.sweep(office.time.at)
    assert rung.count("FirmUnverified") == 1
    assert office.see()["deadlines"][0]["name"] == "supervisors_verification"
    office.time.advance(hours=72)
    assert (office.see()["status"], office.see()["why_expired"]) == ("expired", "not_verified")


def test_an_officers_delay_costs_a_verified_firm_nothing(office: Office) -> None:
    person_id = office.verified()
    office.do("change", FIRM)
    office.time.advance(days=364)
    FIRMS.sweep(office.time.at)
    assert signs(office, person_id) == person_id
    office.time.advance(days=1)
    assert office.see()["status"] == "expired"


def test_officers_find_what_waits_for_them(office: Office) -> None:
    office.verified()
    other = another(office.api, office.time, office.streams, office.pump, "other")
    other.register()
    for status, expected in (("registered", [other.firm_id]), ("verified", [office.firm_id]), ("changed", [])):
        page = office.api.get(f"/v1/firms?status={status}", OFFICER)
        assert [item["id"] for item in page["items"]] == expected
    both = {item["id"] for item in office.api.get("/v1/firms", OFFICER)["items"]}
    assert both == {office.firm_id, other.firm_id}
    first = office.api.get("/v1/firms?limit=1", OFFICER)
    rest = office.api.get(f"/v1/firms?limit=1&cursor={first['next_cursor']}", OFFICER)
    assert {first["items"][0]["id"], rest["items"][0]["id"]} == both
    assert [item["id"] for item in office.api.get("/v1/firms", office.firm)["items"]] == [office.firm_id]
    assert office.api.get("/v1/firms", STRANGER)["items"] == []


def test_an_account_is_taken_out(office: Office) -> None:
    office.complete()
    [account] = office.see()["settlement_accounts"]
    assert office.do(f"settlement-accounts/{account['id']}/remove")["settlement_accounts"] == []
    assert office.ask(f"settlement-accounts/{account['id']}/remove").status == 404
    once = office.do("settlement-accounts", ACCOUNT)["settlement_accounts"]
    for same in (ACCOUNT, ACCOUNT | {"bank_name": "The same, named otherwise"}):
        twice = office.ask("settlement-accounts", same)
        assert (twice.status, twice["code"], twice["account_id"]) == (409, "settlement_account_known", once[0]["id"])
    in_dollars = office.do("settlement-accounts", ACCOUNT | {"currency": "USD"})["settlement_accounts"]
    assert [each["currency"] for each in in_dollars] == ["CNY", "USD"], "one number may be kept in two currencies"
    unknown = office.ask("settlement-accounts", ACCOUNT | {"currency": "XXQ"})
    assert (unknown.status, unknown["code"]) == (422, "currency_not_payable")


def _recent(office: Office) -> tuple[str, ...]:
    profile = reading.profile(office.firm_id)
    assert profile is not None
    return profile.recent


def _items() -> list[Any]:
    """Every item of every table, its documents unpacked."""
    client: Any = engine().client
    names = client.list_tables()["TableNames"]
    return [item for name in names for item in client.scan(TableName=name)["Items"]]


def _text(value: Any) -> str:
    with contextlib.suppress(Exception):
        return packing.unpack_bytes(bytes(value)).decode()
    return str(value)
