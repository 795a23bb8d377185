"""Five firms meet and three or four of them seal a group, through the API and signed bank events; case GU-3 among them."""

from __future__ import annotations

from itertools import permutations

from chalicelib.credit.examples import APPLICATION, SCREENED_PASSED
from chalicelib.groups.examples import FOUND
from tests.credit.applying import Credit, complete
from tests.groups.joining import OFFICER, PATH
from tests.groups.signing import Signers, yuan
from tests.world import Streams

A, B, C, D, E = range(1, 6)
"""Firms, each by the seat that it gets first."""


def test_signatures_fall_with_the_list_and_a_seat_is_never_used_twice(signers: Signers) -> None:
    """GU-3: nine of twelve attestations and three of four signatures; D times out, E comes."""
    signers.vet(4)
    signers.attest_all(D)
    h1 = signers.propose()["draft_sha256"]
    signers.brief_and_sign(A, B, C)
    group = signers.see()
    assert (group["status"], len(group["attestations"])) == ("vetting", 9)
    assert [seat["has_signed"] for seat in group["seats"]] == [True, True, True, False]

    signers.time.advance(days=30)
    assert signers.see()["status"] == "forming", "the clock alone has ended D's seat"
    signers.do(E, f"invitations/{signers.invite(E)}/accept")
    frozen = signers.do(A, "freeze-list")
    assert signers.standing() == [A, B, C, E], "E has seat 5, never D's"
    assert frozen["seats"][3]["status"] == "timed_out"
    assert len(frozen["attestations"]) == 6, "those among A, B and C stand"
    assert sum(len(seat["unattested"]) for seat in frozen["seats"]) == 6
    assert frozen["draft_sha256"] is None

    signing = {"document_sha256": h1}
    refused = signers.ask(A, "rule-sheets/1/sign", signing)
    assert (refused.status, refused["code"]) == (409, "no_rule_sheet_to_sign")
    h2 = signers.propose()["draft_sha256"]
    assert h2 != h1
    sheet = signers.join(A).get(f"{signers.path}/rule-sheets/2")
    assert (sheet["signatures"], sheet["unsigned"]) == ([], [1, 2, 3, 5])
    refused = signers.ask(A, "rule-sheets/1/sign", signing)
    assert (refused.status, refused["code"], refused["document_sha256"]) == (409, "rule_sheet_not_in_force", h2)
    assert signers.sign(A)["code"] == "briefing_not_passed", "the briefing is made anew"
    assert signers.exposure(A)["all_others"]["defaulting"] == [2, 3, 5], "and so is the preview"

    signers.brief_and_sign(A, B, C, E)
    assert signers.see()["status"] == "vetting", "six attestations are missing"
    for by, of in permutations((A, B, C, E), 2):
        if E in (by, of):
            signers.attest(by, of)
    group = signers.see()
    assert (group["status"], group["sheet_sha256"], group["takes_draws"]) == ("sealed", h2, True)
    kinds = [line["kind"] for line in signers.api.get(f"{signers.path}/timeline?limit=100", OFFICER)["items"]]
    assert kinds.count("group.sheet_signed") == 7, "the old signatures stay in the history"
    assert kinds[-1] == "group.sealed"


def test_five_firms_meet_one_declines_and_the_others_seal_with_the_last_signature(signers: Signers) -> None:
    signers.gather(3)
    assert signers.ask(D, f"invitations/{signers.invite(D)}/decline").status == 200
    signers.do(E, f"invitations/{signers.invite(E)}/accept")
    signers.do(A, "freeze-list")
    signers.attest_all()
    signers.propose(by=E, shows_exposures="all")
    signers.brief_and_sign(A, B, C)
    last = signers.brief(E)
    assert last["is_passed"] is True
    sealed = signers.sign(E)
    assert (sealed["status"], sealed["sheet_version"], sealed["draft_sha256"]) == ("sealed", 1, None)
    assert {seat["status"] for seat in sealed["seats"]} == {"sealed_in", "declined"}
    shown = signers.join(B).get(f"{signers.path}/rule-sheets/1")
    assert (shown["status"], len(shown["signatures"]), shown["unsigned"]) == ("in_force", 4, [])
    assert shown["sealed_sha256"]
    assert signers.join(B).post(PATH, FOUND)["code"] == "in_another_group"
    assert signers.join(D).post(PATH, FOUND).status == 201, "who declined is free to found a group of its own"


def test_a_member_of_the_sealed_group_borrows_with_the_signatures_of_the_others(
    signers: Signers, streams: Streams
) -> None:
    signers.seal(3)
    borrower = signers.join(A)
    borrower.person_id = complete(borrower.member_id)
    credit = Credit(signers.api, signers.time, streams, borrower, consented={"ccb"})
    borrower.consent("ccb")
    wanted = APPLICATION | {"product_ids": ["ccb-joint"], "group_id": signers.group_id}
    refused = borrower.post("/v1/credit-applications", wanted | {"amount": yuan("100000.01")})
    assert refused["code"] == "own_limit_exceeded", "its limit in the sheet is 100,000"
    application_id = str(borrower.post("/v1/credit-applications", wanted | {"amount": yuan("100000.00")})["id"])
    assert credit.act(application_id, "submit").status == 200
    assert credit.act(application_id, "screen", SCREENED_PASSED, OFFICER).status == 200
    streams()
    credit.approve(application_id, "ccb", limit=10_000_000)
    offer_id = credit.offer(application_id, "ccb", amount=10_000_000)
    assert credit.answer(offer_id, "accept").status == 200
    streams()
    agreement_id = f"agr_{application_id.partition('_')[2]}"
    agreement = credit.agreement(agreement_id)
    others = [signers.join(number).member_id for number in (B, C)]
    assert agreement["unsigned_guarantors"] == others
    body = {"document_sha256": agreement["document_sha256"]}
    assert credit.sign(agreement_id, body["document_sha256"]).status == 200
    assert credit.sign(agreement_id, body["document_sha256"], OFFICER).status == 200
    credit.countersign(agreement_id, body["document_sha256"], bank_id="ccb")
    assert credit.agreement(agreement_id)["status"] == "to_sign", "it binds nobody before the guarantors have signed"
    for number in (B, C):
        assert signers.join(number).post(f"/v1/agreements/{agreement_id}/sign", body).status == 200
    signed = credit.agreement(agreement_id)
    assert (signed["status"], signed["unsigned_guarantors"]) == ("signed", [])
    sheet = borrower.get(f"{signers.path}/rule-sheets/1")
    assert sheet["document_sha256"] in signed["document"], "the agreement holds the sheet that they sealed"
