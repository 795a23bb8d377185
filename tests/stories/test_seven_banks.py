"""One application to all seven banks, each of which does something else with it, until one of them has lent: through the API and by signed events."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from chalicelib.credit.declared import OFFERS, REVIEWS
from chalicelib.credit.examples import SUPPLY
from chalicelib.credit.service import exposure
from tests.credit.applying import OFFERED, Credit, credit, told
from tests.credit.borrowing import OFFICER
from tests.credit.lining import asked
from tests.world import token

__all__ = ["credit"]

SEVEN = ("boc", "cmb", "ccb", "pingan", "psbc", "bosc", "cib")


def reviews(credit: Credit, application_id: str) -> dict[str, tuple[str, str | None]]:
    items = credit.api.get(f"/v1/credit-applications/{application_id}/decisions", credit.firm)["items"]
    return {item["bank_id"]: (item["status"], item["why"]) for item in items}


def heard(bank_id: str) -> Counter[str]:
    """What a bank was told beside the application, and how often."""
    return Counter(event.kind for event in told(bank_id) if event.kind != "application.submitted")


def after_days(credit: Credit, days: int) -> None:
    """So many days pass, and every four days the clock looks."""
    for _ in range(days // 4):
        credit.time.advance(days=4)
        for machine in (REVIEWS, OFFERS):
            assert not machine.sweep(credit.time.at).failed
    credit.streams()


def in_disorder(credit: Credit, application_id: str, bank_id: str) -> None:
    """It begins and approves: told backwards, and everything twice."""
    review_id = credit.review(application_id, bank_id)["id"]
    about = {"review_id": review_id}
    for _ in range(2):
        credit.tell("review.approved", review_id, about | {"limit": 50_000_000}, bank_id=bank_id, seq=2, bank_ref="A")
        credit.tell("review.started", review_id, about, bank_id=bank_id, seq=1, bank_ref="S")
    credit.seqs[review_id] = 2


def test_all_seven_banks_are_asked_and_one_lends(credit: Credit) -> None:
    application_id = credit.apply(*SEVEN)
    assert {event.kind for bank_id in SEVEN for event in told(bank_id)} == {"application.submitted"}
    packs = {
        credit.api.get(f"/v1/credit-applications/{application_id}/data-pack", token("bank", each))["sha256"]
        for each in SEVEN
    }
    assert len(packs) == 1, "all decide on the same document"

    # On the first day: one rejects, two ask for more, of whom one is answered, three go on, one never says a word.
    reasons = [{"code": "buyers_concentrated", "text": "One buyer takes 80 %."}, {"code": "a_code_of_its_own"}]
    credit.reviewed("review.rejected", application_id, "ccb", reasons=reasons)
    for language, text, another in (
        ("en", "Sales depend on too few buyers.", "Another reason; the bank's own words say which."),
        ("zh-Hans", "销售过度依赖少数买家。", "其他原因，详见银行说明。"),
        ("ko", "매출이 소수의 구매자에게 지나치게 의존합니다.", "기타 사유. 자세한 내용은 은행의 설명을 참고하십시오."),
    ):
        decisions = credit.api.get(
            f"/v1/credit-applications/{application_id}/decisions", credit.firm, Accept_Language=language
        )
        told_reasons = next(item["reasons"] for item in decisions["items"] if item["bank_id"] == "ccb")
        assert [(reason["text"], reason["note"]) for reason in told_reasons] == [
            (text, "One buyer takes 80 %."), (another, None),
        ]  # fmt: skip
    for bank_id in ("pingan", "bosc"):
        credit.reviewed("review.started", application_id, bank_id)
        credit.reviewed("review.info_requested", application_id, bank_id, items=["Invoice 2026-118"])
    assert credit.act(application_id, "supply-information", SUPPLY | {"bank_id": "pingan"}).status == 200
    conditions = ["An account with us."]
    credit.reviewed("review.approved", application_id, "pingan", limit=40_000_000, conditions=conditions)
    approved = credit.review(application_id, "pingan")
    assert (approved["limit"]["amount"], approved["conditions"]) == ("400000.00", conditions)
    for bank_id in ("boc", "cmb", "cib"):
        in_disorder(credit, application_id, bank_id)
        assert credit.review(application_id, bank_id)["status"] == "approved"
    assert credit.act(application_id, "withdraw")["code"] == "application_not_in_this_status", "a bank has approved"

    # Three offer. One takes its offer back, one makes a better one; the others' time passes.
    first = credit.offer(application_id, "boc", days=30, rate_bp=1200)
    review_id = credit.review(application_id, "boc")["id"]
    expires = (credit.time.at + timedelta(days=29)).isoformat()
    better = {"review_id": review_id, "offer_ref": "O-2", "replaces": "O-1", "terms": OFFERED, "expires_at": expires}
    for _ in range(2):
        credit.tell("offer.replaced", first, better, seq=1, bank_ref="R")
    cheap = next(offer["id"] for offer in credit.offers(application_id) if offer["replaces"] == first)
    dear = credit.offer(application_id, "cmb", days=30, rate_bp=1190, fee=100_000)
    rescinded = credit.offer(application_id, "cib", days=30)
    about = {"review_id": credit.review(application_id, "cib")["id"], "offer_ref": "O-1", "reason": "A new policy."}
    credit.tell("offer.withdrawn", rescinded, about, bank_id="cib")
    after_days(credit, 16)
    assert reviews(credit, application_id) == {
        "boc": ("offered", None),
        "cmb": ("offered", None),
        "ccb": ("rejected", "rejected"),
        "pingan": ("unanswered", "bank_did_not_answer"),
        "psbc": ("unanswered", "bank_did_not_answer"),
        "bosc": ("withdrawn", "information_not_supplied"),
        "cib": ("closed", "offer_withdrawn"),
    }
    chased = [event.payload["awaited"] for event in told("psbc") if event.kind == "review.overdue"]
    assert chased == 3 * ["application.received"]

    # What stands is compared, one is accepted, and each bank hears its part once.
    compared = credit.borrower.post("/v1/offer-comparisons", {"offer_ids": [dear, cheap, first, rescinded]})
    assert [item["offer_id"] for item in compared["items"] if item["status"] == "open"] == [cheap, dear]
    accepted = [credit.answer(cheap, "accept", key="once") for _ in range(2)]
    assert (accepted[0].status, accepted[0].raw) == (200, accepted[1].raw)
    credit.streams()
    assert {bank_id: heard(bank_id) for bank_id in SEVEN} == {
        "boc": {"offer.accepted": 1},
        "cmb": {"offer.not_chosen": 1},
        "ccb": {},
        "pingan": {"application.info_supplied": 1, "review.overdue": 3, "review.unanswered": 1},
        "psbc": {"review.overdue": 3, "review.unanswered": 1},
        "bosc": {"application.withdrawn": 1},
        "cib": {},
    }
    [name] = {event.payload["agreement_id"] for event in told("boc") if event.kind == "offer.accepted"}

    # Three parties sign one hash, the bank first and twice.
    in_force = credit.agreement(name)["document_sha256"]
    for _ in range(2):
        credit.countersign(name, in_force, seq=1, bank_ref="C")
    assert credit.sign(name, in_force, OFFICER)["unsigned"] == ["borrower"]
    assert credit.sign(name, in_force)["status"] == "signed"
    sealed = credit.agreement(name)
    assert [each["counts"] for each in sealed["signatures"]] == [True] * 3
    line_id, about_line = sealed["line_id"], {"line_id": sealed["line_id"]}
    credit.tell("line.activated", line_id, about_line | {"limit": 50_000_000, "ends_on": "2027-03-01"})
    assert credit.see(application_id)["status"] == "signed"

    # Two draws, of which the firm's limit over all banks holds one.
    exposure.set_limit(credit.borrower.member_id, 30_000_000, asked())
    body = {"money": {"amount": "200000.00", "currency": "CNY"}}
    drawn = [credit.borrower.post(f"/v1/credit-lines/{line_id}/draws", body) for _ in range(2)]
    assert [(reply.status, reply.body.get("code")) for reply in drawn] == [(201, None), (409, "exposure_exceeded")]
    assert drawn[1]["maximum"]["amount"] == "100000.00"
