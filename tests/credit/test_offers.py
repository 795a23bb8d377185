"""Offers side by side, one of them accepted; agreements that three parties sign; the line that comes of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from pyxirr import xirr

from chalicelib.credit.declared import AGREEMENTS, OFFERS
from chalicelib.credit.records import applications as records
from chalicelib.credit.rules import clauses
from chalicelib.shared import policies
from chalicelib.shared.encoding import sha256_of
from tests.credit.applying import OFFERED, Credit, told
from tests.credit.borrowing import OFFICER
from tests.world import token

BOC, CMB = token("bank", "boc"), token("bank", "cmb")
ADMIN = token("officer", "officer-9", "admin")


def messages(bank_id: str) -> Counter[str]:
    """How often a bank was told what."""
    return Counter(event.kind for event in told(bank_id))


def test_two_offers_are_compared_one_is_accepted_and_the_other_bank_learns_it(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb")
    dear = credit.offered(application_id, "boc", rate_bp=1200, fee=100_000)
    cheap = credit.offered(application_id, "cmb", rate_bp=1190)
    compared = credit.borrower.post("/v1/offer-comparisons", {"offer_ids": [dear, cheap], "drawn_on": "2026-03-10"})
    assert [item["offer_id"] for item in compared["items"]] == [cheap, dear]
    reply = credit.answer(dear, "accept", key="once")
    assert (reply.status, reply["status"], reply.raw) == (
        200,
        "accepted",
        credit.answer(dear, "accept", key="once").raw,
    )
    offers = {offer["id"]: offer["status"] for offer in credit.offers(application_id)}
    assert offers == {dear: "accepted", cheap: "not_chosen"}, "before anything is written"
    credit.streams()
    other = records.OFFERS.load(cheap)
    assert other is not None
    assert other.status == "not_chosen"
    assert credit.review(application_id, "cmb")["why"] == "other_offer_accepted"
    shown = credit.see(application_id)
    assert (shown["status"], shown["deadlines"][0]["name"]) == ("accepted", "signatures")
    assert credit.answer(cheap, "accept")["code"] == "offer_not_in_this_status"


def test_each_bank_is_told_once_of_what_concerns_it_and_of_nothing_else(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb", "ccb")
    credit.offered(application_id, "cmb")
    credit.sign_all(credit.agree(application_id, "boc"))
    assert messages("boc") == Counter(
        ["application.submitted", "offer.accepted", *2 * ["agreement.signature_given"], "agreement.signed"]
    )
    assert messages("cmb") == Counter(["application.submitted", "offer.not_chosen"])
    assert messages("ccb") == Counter(["application.submitted", "application.closed"])


@pytest.mark.parametrize("day_count", ["ACT/360", "ACT/365F", "30/360"])
def test_the_effective_rate_of_every_method_is_that_of_a_kept_library(credit: Credit, day_count: str) -> None:
    application_id = credit.apply("boc")
    offer_id = credit.offered(application_id, "boc", fee=500_000, day_count=day_count)
    compared = credit.borrower.post("/v1/offer-comparisons", {"offer_ids": [offer_id], "drawn_on": "2026-03-10"})
    methods = compared["items"][0]["methods"]
    assert [method["method"] for method in methods] == ["annuity", "bullet", "monthly_interest", "equal_principal"]
    assert [method["is_offered"] for method in methods] == [True, False, False, False]
    for method in methods:
        flows = [(date(2026, 3, 10), 495_000.00)]
        flows += [
            (date.fromisoformat(each["due_on"]), -float(each["total"]["amount"])) for each in method["instalments"]
        ]
        rate = xirr(flows)
        assert rate is not None
        assert method["effective_rate_bp"] == round(rate * 10_000)
        principal = sum(float(each["principal"]["amount"]) for each in method["instalments"])
        interest = sum(float(each["interest"]["amount"]) for each in method["instalments"])
        assert principal == pytest.approx(500_000)
        assert float(method["interest"]["amount"]) == pytest.approx(interest)
        assert float(method["total_cost"]["amount"]) == pytest.approx(interest + 5_000)


def test_a_replacement_is_a_new_offer_that_keeps_the_history(credit: Credit) -> None:
    application_id = credit.apply("boc")
    first = credit.offered(application_id, "boc")
    review_id = credit.review(application_id)["id"]
    data = {
        "review_id": review_id,
        "offer_ref": "O-2",
        "replaces": "O-1",
        "terms": OFFERED | {"rate_bp": 1100},
        "expires_at": "2026-03-20T00:00:00Z",
    }
    credit.tell("offer.replaced", first, data)
    was, now = credit.offers(application_id)
    assert (was["status"], was["replaced_by"], now["status"], now["replaces"]) == ("replaced", now["id"], "open", first)
    assert credit.answer(first, "accept")["code"] == "offer_not_in_this_status"
    assert credit.answer(now["id"], "accept")["status"] == "accepted"


def test_each_offer_of_a_bank_has_a_name_of_its_own(credit: Credit) -> None:
    """Whether it is that of the offer which stands, or of an earlier one; and what comes behind is not held up."""
    application_id = credit.apply("boc")
    first = credit.offered(application_id, "boc")
    data = {
        "review_id": credit.review(application_id)["id"],
        "offer_ref": "O-1",
        "replaces": "O-1",
        "terms": OFFERED | {"rate_bp": 1100},
        "expires_at": "2026-03-20T00:00:00Z",
    }
    assert credit.refused("offer.replaced", first, data) == "credit_offer_ref_used"
    credit.tell("offer.replaced", first, data | {"offer_ref": "O-2"})
    second = credit.offers(application_id)[1]["id"]
    back = data | {"replaces": "O-2"}
    assert credit.refused("offer.replaced", second, back) == "credit_offer_ref_used"
    credit.tell("offer.replaced", second, back | {"offer_ref": "O-3"})
    assert [each["status"] for each in credit.offers(application_id)] == ["replaced", "replaced", "open"]


@pytest.mark.parametrize(
    ("ends", "status", "why"),
    [
        ("declined", "declined", "offer_declined"),
        ("withdrawn", "withdrawn", "offer_withdrawn"),
        ("left", "expired", "offer_expired"),
        ("expired", "expired", "offer_expired"),
    ],
)
def test_an_offer_that_comes_to_nothing_ends_the_banks_part(credit: Credit, ends: str, status: str, why: str) -> None:
    application_id = credit.apply("boc")
    offer_id = credit.offered(application_id, "boc")
    about = {"review_id": credit.review(application_id)["id"], "offer_ref": "O-1"}
    if ends == "declined":
        assert credit.answer(offer_id, "decline")["status"] == "declined"
    elif ends == "left":
        credit.time.at = credit.time.at + timedelta(days=10)
        OFFERS.sweep(credit.time.at)
        credit.tell("offer.expired", offer_id, about)
    else:
        credit.tell(f"offer.{ends}", offer_id, about | ({"reason": "A new policy."} if ends == "withdrawn" else {}))
    assert credit.offers(application_id)[0]["status"] == status
    assert credit.review(application_id)["why"] == why
    assert credit.see(application_id)["status"] == "unsuccessful"


def test_an_offer_goes_no_further_than_the_approval_and_ends_within_thirty_days(credit: Credit) -> None:
    application_id = credit.apply("boc")
    credit.approve(application_id, limit=40_000_000)
    review_id = credit.review(application_id)["id"]
    data = {"review_id": review_id, "offer_ref": "O-1", "terms": OFFERED, "expires_at": "2026-03-10T00:00:00Z"}
    assert credit.refused("offer.created", review_id, data) == "offer_not_as_approved"
    late = data | {"terms": OFFERED | {"amount": 40_000_000}, "expires_at": "2026-05-01T00:00:00Z"}
    assert credit.refused("offer.created", review_id, late) == "offer_not_as_approved"
    for_nothing = data | {"terms": data["terms"] | {"amount": 100, "fee": 100}}
    assert credit.refused("offer.created", review_id, for_nothing) == "offer_not_as_approved"
    assert credit.review(application_id)["status"] == "approved"


def test_who_sees_an_offer_is_its_firm_its_bank_and_officers(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb")
    offer_id = credit.offered(application_id, "boc")
    path = f"/v1/credit-offers/{offer_id}"
    assert [credit.api.get(path, by).status for by in (credit.firm, BOC, OFFICER, CMB)] == [200, 200, 200, 404]
    assert credit.offers(application_id, CMB) == []
    assert [offer["id"] for offer in credit.offers(application_id, BOC)] == [offer_id]
    unseen = credit.api.post("/v1/offer-comparisons", {"offer_ids": [offer_id]}, token("member", "mem_" + "0" * 26))
    assert unseen.status == 404


# Agreements


def test_cr_2_a_signature_belongs_to_one_hash(credit: Credit) -> None:
    name = credit.agree(credit.apply("boc"))
    h1 = credit.agreement(name)["document_sha256"]
    assert credit.sign(name, h1).status == 200
    revised = {"agreement_id": name, "terms": OFFERED | {"rate_bp": 1160}, "reason": "The benchmark moved."}
    credit.tell("agreement.revised", name, revised)
    changed = credit.agreement(name)
    h2 = changed["document_sha256"]
    assert h2 != h1
    assert changed["unsigned"] == ["borrower", "bank", "platform"]
    event_id = credit.tell("agreement.countersigned", name, {"agreement_id": name, "document_sha256": h1})
    event = credit.api.get(f"/v1/bank-events/{event_id}", ADMIN)
    assert (event["status"], event["reason"]) == ("refused", "document_not_in_force")
    assert credit.agreement(name)["unsigned"] == ["borrower", "bank", "platform"]
    credit.countersign(name, h2)
    assert credit.agreement(name)["unsigned"] == ["borrower", "platform"]
    stale = credit.sign(name, h1)
    assert (stale.status, stale["code"], stale["document_sha256"]) == (409, "document_not_in_force", h2)
    assert credit.sign(name, h2)["status"] == "to_sign"
    signed = credit.sign(name, h2, OFFICER)
    assert (signed["status"], signed["unsigned"]) == ("signed", [])
    history = [(each["party"], each["document_sha256"], each["counts"]) for each in signed["signatures"]]
    assert history == [
        ("borrower", h1, False), ("bank", h2, True), ("borrower", h2, True), ("platform", h2, True),
    ]  # fmt: skip
    assert [version["sha256"] for version in signed["versions"]] == [h1, h2]


def test_the_hash_is_of_the_documents_bytes_and_the_seal_of_all_signatures(credit: Credit) -> None:
    name = credit.agree(credit.apply("boc"))
    shown = credit.agreement(name)
    assert hashlib.sha256(shown["document"].encode()).hexdigest() == shown["document_sha256"]
    line_id = credit.sign_all(name)
    sealed = credit.agreement(name)
    kept = records.AGREEMENTS.load(name)
    assert kept is not None
    signatures = [
        {"party": each.party, "by": each.by, "sha256": each.sha256, "at": each.at.isoformat().replace("+00:00", "Z")}
        for each in kept.signatures
    ]
    assert sealed["sealed_sha256"] == sha256_of(
        {"document_sha256": sealed["document_sha256"], "signatures": signatures}
    )
    assert credit.see(kept.application_id)["status"] == "signed"
    line = credit.api.get(f"/v1/credit-lines/{line_id}", credit.firm)
    assert (line["status"], line["agreement_id"], line["terms"]["rate_bp"]) == ("awaiting_activation", name, 1140)


def test_who_signs_is_a_signer_an_officer_with_the_duty_and_the_bank_by_its_event_each_once(credit: Credit) -> None:
    name = credit.agree(credit.apply("boc"))
    in_force = credit.agreement(name)["document_sha256"]
    body = {"document_sha256": in_force}
    unnamed = credit.api.post(f"/v1/agreements/{name}/sign", body, credit.firm)
    assert (unnamed.status, unnamed["code"]) == (403, "signer_not_named")
    assert credit.sign(name, in_force, token("officer", "o", "claims")).status == 403
    assert credit.sign(name, in_force, BOC).status == 403
    first, again = (credit.sign(name, in_force, key="once") for _ in range(2))
    assert first.raw == again.raw
    assert credit.sign(name, in_force)["code"] == "agreement_not_in_this_status"
    assert credit.agreement(name, CMB).status == 404
    hidden = credit.agreement(name, BOC)["signatures"][0]
    assert (hidden["party"], hidden["by"]) == ("borrower", None)


def test_what_is_not_signed_in_ten_business_days_lapses(credit: Credit) -> None:
    application_id = credit.apply("boc")
    name = credit.agree(application_id)
    [deadline] = credit.agreement(name)["deadlines"]
    assert (deadline["due_at"], deadline["owner"]) == ("2026-03-16T16:00:00Z", "borrower")
    credit.time.advance(days=15)
    AGREEMENTS.sweep(credit.time.at)
    assert credit.agreement(name)["status"] == "lapsed"
    assert credit.see(application_id)["status"] == "lapsed"
    in_force = credit.agreement(name)["document_sha256"]
    data = {"agreement_id": name, "document_sha256": in_force}
    assert credit.refused("agreement.countersigned", name, data) == "agreement_not_in_this_status"


def test_from_signature_to_an_active_line_that_its_bank_changes_freezes_and_closes(credit: Credit) -> None:
    application_id = credit.apply("boc")
    line_id = credit.sign_all(credit.agree(application_id))
    about = {"line_id": line_id}
    too_much = about | {"limit": 50_000_001, "ends_on": "2027-03-01"}
    assert credit.refused("line.activated", line_id, too_much) == "credit_line_not_as_agreed"
    credit.tell("line.activated", line_id, about | {"limit": 50_000_000, "ends_on": "2027-03-01"})

    def line() -> Any:
        return credit.api.get(f"/v1/credit-lines/{line_id}", credit.firm)

    assert (line()["status"], line()["available"]["amount"]) == ("active", "500000.00")
    credit.tell("line.frozen", line_id, about | {"reason": "Late elsewhere."})
    assert (line()["status"], line()["freezes"][0]["by"]) == ("frozen", "bank")
    credit.tell("line.released", line_id, about)
    floating = about | {"limit": 50_000_000, "ends_on": "2027-06-01", "rate_bp": 1_150}
    assert credit.refused("line.changed", line_id, floating) == "rate_is_fixed"
    credit.tell("line.changed", line_id, about | {"limit": 30_000_000, "ends_on": "2027-06-01", "reason": "Review."})
    assert (line()["status"], line()["limit"]["amount"]) == ("active", "300000.00")
    credit.tell("line.closed", line_id, about | {"reason": "Asked for."})
    assert (line()["status"], line()["why"]) == ("closed", "closed_by_bank")
    assert credit.refused("line.frozen", line_id, about | {"reason": "Late."}) == "credit_line_not_in_this_status"


def test_the_hash_that_is_signed_is_of_every_clause_and_the_clauses_are_read_in_both_languages(credit: Credit) -> None:
    agreement_id = credit.agree(credit.apply("boc"))
    signed = json.loads(credit.agreement(agreement_id)["document"])
    view = credit.api.get(f"/v1/agreements/{agreement_id}/clauses", credit.firm)
    text = {"prevails": view["prevails"], "contracts": view["contracts"]}
    assert sha256_of(text) == view["sha256"] == signed["clauses"]["sha256"]
    assert list(view["contracts"]) == signed["contracts"] == ["three_party_cooperation", "loan"]
    assert all(each["zh-CN"] and each["en"] for each in view["contracts"]["loan"])
    assert credit.api.get(f"/v1/agreements/{agreement_id}/clauses", token("bank", "boc")).raw == view.raw
    assert credit.api.get(f"/v1/agreements/{agreement_id}/clauses", token("bank", "ccb")).status == 404


def test_a_word_more_is_another_hash() -> None:
    [version] = policies.versions(clauses.POLICY)
    texts = clauses.texts(version.hash, ["loan"])
    [first, *others] = texts["contracts"]["loan"]
    reworded = texts | {"contracts": {"loan": [first | {"en": f"{first['en']} So be it."}, *others]}}
    assert sha256_of(reworded) != sha256_of(texts) == clauses.reference(version.hash, ["loan"])["sha256"]
