"""Rule sheets, exposure and briefing through the API: who may do and see what, and what is refused by which name."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import pytest

from chalicelib.banks.rules import feed
from chalicelib.groups.rules.briefing import LETTERS
from chalicelib.shared.journal import JournalRow
from tests.groups.joining import CCB, OFFICER
from tests.groups.signing import Signers, sheet_for, yuan
from tests.world import Streams, token

STRANGER = token("member", "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF")
OTHER_BANK = token("bank", "boc")


@pytest.fixture
def vetting(signers: Signers) -> Signers:
    """Three members, seats 1 to 3, who have attested each other."""
    signers.vet(3)
    signers.attest_all()
    return signers


def test_any_member_proposes_a_sheet_which_is_kept_with_the_hash_that_is_signed(vetting: Signers) -> None:
    first, again = (vetting.ask(3, "rule-sheets", sheet_for(1, 2, 3), key="once") for _ in range(2))
    assert (first.status, first["draft_version"], again.raw) == (201, 1, first.raw)
    sheet = vetting.join(1).get(f"{vetting.path}/rule-sheets/1")
    assert (sheet["number"], sheet["status"], sheet["proposed_by"], sheet["unsigned"]) == (1, "to_sign", 3, [1, 2, 3])
    assert hashlib.sha256(sheet["document"].encode()).hexdigest() == sheet["document_sha256"] == first["draft_sha256"]
    assert sheet["list_sha256"] == first["list_sha256"]
    assert (sheet["mode"], sheet["guarantee_months"], sheet["due_business_days"]) == ("joint_capped", 6, 10)
    assert sheet["limit"] == {"amount": "300000.00", "currency": "CNY"}


@pytest.mark.parametrize(
    ("changes", "status", "code", "param"),
    [
        ({"draw_order": [1, 2]}, 422, "draw_order_incomplete", "draw_order"),
        ({"seats": sheet_for(1, 2)["seats"]}, 422, "rule_sheet_seats_differ", "seats"),
        ({"mode": "joint_cascade"}, 422, "caps_do_not_fit_liability_mode", "seats"),
        ({"repayment_days": [5, 5]}, 422, "repayment_days_repeat", "repayment_days"),
        ({"repayment_days": [32]}, 400, "bad_field", "repayment_days[0]"),
        ({"guarantee_months": 37}, 422, "rule_sheet_out_of_bounds", "guarantee_months"),
        ({"guarantee_months": 5}, 422, "rule_sheet_out_of_bounds", "guarantee_months"),
        ({"mode": "several"}, 422, "liability_mode_not_offered", "mode"),
        ({"stop_bp": 6_000}, 422, "rule_sheet_out_of_bounds", "stop_bp"),
        ({"group_cap": {"amount": "0.00", "currency": "CNY"}}, 422, "rule_sheet_without_limits", "seats"),
        ({"reserve": {"amount": "1.00", "currency": "USD"}}, 422, "not_the_groups_currency", "reserve.currency"),
        ({"mode": "friendly"}, 400, "bad_field", "mode"),
    ],
)
def test_a_sheet_that_does_not_hold_together_is_refused_by_name(
    vetting: Signers, changes: dict[str, Any], status: int, code: str, param: str
) -> None:
    reply = vetting.ask(1, "rule-sheets", sheet_for(1, 2, 3) | changes)
    assert (reply.status, reply["code"], reply["param"]) == (status, code, param)


def test_versions_are_listed_newest_first_and_compared(vetting: Signers) -> None:
    vetting.propose()
    vetting.propose(guarantee_months=12)
    vetting.propose(guarantee_months=12, draw_order=[3, 2, 1])
    path, firm = f"{vetting.path}/rule-sheets", vetting.join(2)
    page = firm.get(f"{path}?limit=2")
    assert [(item["number"], item["status"]) for item in page["items"]] == [(3, "to_sign"), (2, "dropped")]
    rest = firm.get(f"{path}?limit=2&cursor={page['next_cursor']}")
    assert ([item["number"] for item in rest["items"]], rest["next_cursor"]) == ([1], None)
    months = {"field": "guarantee_months", "seat": None, "before": 6, "after": 12}
    order = {"field": "draw_order", "seat": None, "before": [1, 2, 3], "after": [3, 2, 1]}
    assert firm.get(f"{path}/3/diff")["differences"] == [order]
    compared = firm.get(f"{path}/3/diff?from=1")
    assert (compared["before"], compared["after"], compared["differences"]) == (1, 3, [order, months])
    assert firm.get(f"{path}/1/diff")["differences"] == []
    for number in ("4", "0", "x", "1e3", "99999999"):
        assert firm.get(f"{path}/{number}").status == 404
    assert firm.get(f"{path}/1/diff?from=9").status == 404


def test_sheets_are_for_members_their_bank_and_officers(vetting: Signers) -> None:
    vetting.propose()
    invited = vetting.join(4).token
    for path in ("rule-sheets", "rule-sheets/1", "rule-sheets/1/diff", "exposure"):
        for by in (vetting.join(3).token, CCB, OFFICER):
            assert vetting.api.get(f"{vetting.path}/{path}", by).status == 200
        for by in (STRANGER, OTHER_BANK, invited):
            assert vetting.api.get(f"{vetting.path}/{path}", by).status == 404
    assert vetting.api.get(f"{vetting.path}/briefing", STRANGER).status == 404
    assert vetting.api.get(f"{vetting.path}/briefing", OFFICER).status == 403
    for action, body in (("rule-sheets", sheet_for(1, 2, 3)), ("rule-sheets/1/sign", {"document_sha256": "0" * 64})):
        assert vetting.api.post(f"{vetting.path}/{action}", body, STRANGER).status == 404
        assert vetting.api.post(f"{vetting.path}/{action}", body, OFFICER).status == 403


def test_who_is_only_invited_sees_no_sheet(signers: Signers) -> None:
    signers.seal()
    body = {"seat": 3, "member_id": signers.join(4).member_id}
    assert signers.ask(1, "replacements", body).status == 201
    invitee = signers.join(4)
    assert invitee.get(signers.path).status == 200
    for path in ("rule-sheets", "rule-sheets/1", "exposure", "briefing"):
        assert invitee.get(f"{signers.path}/{path}").status == 404


def test_who_has_left_reads_the_sheets_that_name_it_and_none_that_others_agree_afterwards(
    signers: Signers, streams: Streams
) -> None:
    signers.seal(4)
    proposal_id = signers.do(4, "leave")["proposal"]["id"]
    signers.consent(proposal_id, 1, 2, 3)
    signers.tell("group.change_approved", 1, proposal_id=proposal_id)
    streams()
    assert signers.ask(1, "rule-sheets", sheet_for(1, 2, 3) | {"shows_exposures": "all"}).status == 201
    left, stays = signers.join(4), signers.join(3)
    assert [each["number"] for each in left.get(f"{signers.path}/rule-sheets")["items"]] == [1]
    for path in ("rule-sheets/2", "rule-sheets/2/diff", "rule-sheets/1/diff?from=2", "exposure"):
        assert left.get(f"{signers.path}/{path}").status == 404
        assert stays.get(f"{signers.path}/{path}").status == 200
    for path in ("rule-sheets/1", "exposure?sheet_version=1"):
        assert left.get(f"{signers.path}/{path}").status == 200


def test_a_firm_that_is_to_come_neither_proposes_nor_signs_before_it_has(signers: Signers) -> None:
    signers.seal()
    change = signers.do(1, "replacements", {"seat": 3, "member_id": signers.join(4).member_id})
    signers.do(4, f"invitations/{change['seats'][-1]['invitation_id']}/accept")
    assert signers.ask(4, "rule-sheets", sheet_for(1, 2, 3))["code"] == "not_a_members_seat"
    draft = signers.do(1, "rule-sheets", sheet_for(1, 2, 3))["draft_sha256"]
    for reply in (
        signers.join(4).get(f"{signers.path}/briefing"),
        signers.ask(4, "briefing", {"document_sha256": draft, "answers": ["a"] * 5}),
        signers.ask(4, "rule-sheets/2/sign", {"document_sha256": draft}),
    ):
        assert (reply.status, reply["code"]) == (422, "not_a_members_seat")
    assert signers.join(4).get(f"{signers.path}/exposure")["seats"] == []


def test_exposure_is_every_case_in_money_and_as_a_share_of_ones_own_sales(vetting: Signers) -> None:
    """Limits of 100,000, caps of 150,000, sales of 1,000,000 each."""
    assert vetting.join(1).get(f"{vetting.path}/exposure").status == 404, "no sheet yet"
    vetting.propose()
    shown = vetting.join(1).get(f"{vetting.path}/exposure")
    assert (shown["sheet_version"], shown["warn_bp"], shown["stop_bp"]) == (1, 2_000, 5_000)
    [own] = shown["seats"]
    assert own["seat"] == 1, "nothing of others, unless the sheet says so"
    assert [(case["defaulting"], case["money"]["amount"], case["sales_bp"]) for case in own["singles"]] == [
        ([2], "50000.00", 500),
        ([3], "50000.00", 500),
    ]
    assert [(case["defaulting"], case["money"]["amount"]) for case in own["pairs"]] == [([2, 3], "150000.00")]
    assert own["all_others"]["money"]["amount"] == own["worst"]["money"]["amount"] == "150000.00"
    assert (own["level"], own["is_accepted_by_bank"]) == ("ok", False)
    assert own["sales"] == {
        "since": "2025-03-02",
        "until": "2026-03-02",
        "money": {"amount": "1000000.00", "currency": "CNY"},
    }


def test_of_others_a_member_sees_amounts_where_the_sheet_allows_it_and_never_their_sales(vetting: Signers) -> None:
    vetting.propose(shows_exposures="all")
    seats = vetting.join(2).get(f"{vetting.path}/exposure")["seats"]
    assert [seat["seat"] for seat in seats] == [1, 2, 3]
    for seat in seats:
        is_own = seat["seat"] == 2
        assert seat["worst"]["money"]["amount"] == "150000.00"
        assert (seat["sales"] is not None, seat["level"] is not None, seat["worst"]["sales_bp"] is not None) == (
            is_own,
            is_own,
            is_own,
        )
    for by, sees_sales in ((CCB, False), (OFFICER, True)):
        seats = vetting.api.get(f"{vetting.path}/exposure", by)["seats"]
        assert [(seat["level"], seat["sales"] is not None) for seat in seats] == [("ok", sees_sales)] * 3


def test_exposure_can_be_looked_at_under_an_earlier_version(vetting: Signers) -> None:
    vetting.propose()
    vetting.propose(mode="joint_cascade", seats=[each | {"cap": None} for each in sheet_for(1, 2, 3)["seats"]])
    firm = vetting.join(1)
    assert firm.get(f"{vetting.path}/exposure")["mode"] == "joint_cascade"
    assert firm.get(f"{vetting.path}/exposure?sheet_version=1")["mode"] == "joint_capped"
    assert firm.get(f"{vetting.path}/exposure?sheet_version=9").status == 404


def test_the_briefing_asks_in_the_readers_language_about_the_readers_numbers(vetting: Signers) -> None:
    assert vetting.join(1).get(f"{vetting.path}/briefing")["code"] == "no_rule_sheet_to_sign"
    vetting.propose()
    path = f"{vetting.path}/briefing"

    def read(language: str) -> Any:
        return vetting.api.get(path, vetting.join(1).token, **{"Accept-Language": language})

    english, chinese, korean = read("en-GB, en;q=0.9"), read("zh-CN"), read("ko")
    assert [each["language"] for each in (english, chinese, korean, read("fr"))] == ["en", "zh-CN", "ko", "en"]
    assert english["questions"][0]["text"] == (
        "Member 2 stops paying and owes 100,000.00 CNY. All the other members pay their shares. "
        "How much may you have to pay the bank?"
    )
    assert "100,000.00 CNY" in chinese["questions"][0]["text"]
    assert {option["text"] for option in korean["questions"][4]["options"]} >= {"6개월"}
    for one, other in zip(english["questions"], chinese["questions"], strict=True):
        assert one["topic"] == other["topic"]
        assert [option["answer"] for option in one["options"]] == list(LETTERS)
        if one["topic"] != "period":
            assert one["options"] == other["options"], "the same amounts in the same order"


def test_a_signature_needs_the_briefing_which_needs_all_five_and_says_what_was_wrong(vetting: Signers) -> None:
    vetting.propose()
    assert vetting.sign(1)["code"] == "briefing_not_passed"
    key = vetting.key(1)
    wrong = [*key[:4], next(letter for letter in LETTERS if letter != key[4])]
    failed = vetting.answer(1, wrong, key="first")
    assert (failed.status, failed["is_passed"], failed["attempts_left"]) == (200, False, 2)
    assert [question["is_right"] for question in failed["questions"]] == [True, True, True, True, False]
    assert vetting.answer(1, wrong, key="first")["attempts_left"] == 2, "the same attempt told again"
    assert vetting.sign(1)["code"] == "briefing_not_passed"
    assert vetting.answer(1, key)["is_passed"] is True
    assert vetting.answer(1, key)["code"] == "briefing_already_passed"
    signed = vetting.sign(1, key="mine")
    assert (signed.status, [seat["has_signed"] for seat in signed["seats"]]) == (200, [True, False, False])
    assert vetting.sign(1, key="mine").raw == signed.raw
    assert vetting.sign(1)["code"] == "rule_sheet_already_signed"
    sheet = vetting.join(2).get(f"{vetting.path}/rule-sheets/1")
    assert ([each["seat"] for each in sheet["signatures"]], sheet["unsigned"]) == ([1], [2, 3])
    assert b"per_" not in sheet.raw
    assert b"per_" not in vetting.join(2).get(f"{vetting.path}/timeline?limit=100").raw, "another firm's person"


def test_after_three_attempts_the_briefing_waits_for_the_next_day(vetting: Signers) -> None:
    vetting.propose()
    wrong = [next(letter for letter in LETTERS if letter != right) for right in vetting.key(2)]
    for _ in range(3):
        assert vetting.answer(2, wrong)["is_passed"] is False
    refused = vetting.answer(2, vetting.key(2))
    assert (refused.status, refused["code"], refused["again_at"]) == (
        409,
        "too_many_briefing_attempts",
        "2026-03-02T16:00:00Z",
    )
    vetting.time.advance(days=1)
    assert vetting.brief(2)["is_passed"] is True


def test_bad_answers_and_hashes_are_named(vetting: Signers) -> None:
    vetting.propose()
    key = vetting.key(1)
    assert vetting.answer(1, key[:4])["param"] == "answers"
    assert vetting.answer(1, [*key[:4], "e"])["param"] == "answers[4]"
    other = vetting.ask(1, "briefing", {"document_sha256": "0" * 64, "answers": key})
    assert (other.status, other["code"], other["sheet_version"]) == (409, "rule_sheet_not_in_force", 1)
    signing = f"{vetting.path}/rule-sheets/1/sign"
    assert vetting.join(1).post(signing, {"document_sha256": "x"})["param"] == "document_sha256"
    vetting.brief(1)
    right = {"document_sha256": vetting.see()["draft_sha256"]}
    assert vetting.ask(1, "rule-sheets/2/sign", right)["code"] == "rule_sheet_not_in_force"
    assert vetting.api.post(signing, right, vetting.join(1).token)["code"] == "signer_not_named"


def test_above_half_of_its_sales_a_member_signs_only_if_the_bank_accepts_it(signers: Signers, streams: Streams) -> None:
    signers.vet(3)
    big = [each | {"limit": yuan("400000.00"), "cap": yuan("600000.00")} for each in sheet_for(1, 2, 3)["seats"]]
    signers.propose(seats=big)
    assert signers.brief(2).status == 200
    own = signers.exposure(2)
    assert (own["worst"]["money"]["amount"], own["worst"]["sales_bp"], own["level"]) == ("600000.00", 6_000, "stop")
    refused = signers.sign(2)
    assert (refused.status, refused["code"], refused["maximum_bp"]) == (422, "exposure_too_high", 5_000)
    sha256 = signers.see()["draft_sha256"]
    reason = "A state-owned parent stands behind it."
    data = {"document_sha256": sha256, "reason": reason}
    for seq, (facts, outcome) in enumerate(
        (
            ({**data, "seat": 9}, ("refused", "not_a_members_seat")),
            ({**data, "seat": 2, "document_sha256": "0" * 64}, ("refused", "rule_sheet_not_in_force")),
            ({**data, "seat": 2}, ("applied", None)),
        ),
        1,
    ):
        event_id = signers.tell("group.exposure_accepted", seq, **facts)
        streams()
        event = signers.api.get(f"/v1/bank-events/{event_id}", token("officer", "o", "admin"))
        assert (event["status"], event["reason"]) == outcome
    own = signers.exposure(2)
    assert own["is_accepted_by_bank"] is True
    assert signers.sign(2).status == 200
    signers.propose(seats=big)
    signers.brief(2)
    assert signers.sign(2)["code"] == "exposure_too_high", "it was accepted under another sheet"


def test_more_sales_take_the_stop_away(signers: Signers) -> None:
    """The sheet is stricter than the policy: it stops at 15 % of the sales."""
    signers.vet(3)
    signers.propose(
        seats=[each | {"cap": yuan("200000.00")} for each in sheet_for(1, 2, 3)["seats"]],
        stop_bp=1_500,
        warn_bp=1_000,
    )
    signers.brief(1)
    assert signers.sign(1)["code"] == "exposure_too_high"
    signers.sell(1, "333333.33", "T-2")
    own = signers.exposure(1)
    assert (own["worst"]["sales_bp"], own["level"]) == (1_501, "stop"), "rounded up, and a fen short"
    signers.sell(1, "0.01", "T-3")
    own = signers.exposure(1)
    assert (own["worst"]["sales_bp"], own["level"]) == (1_500, "warning")
    assert signers.sign(1).status == 200


def test_a_later_version_needs_all_again_and_holds_for_later_draws(signers: Signers) -> None:
    signers.seal()
    first = signers.see()
    assert (first["sheet_version"], first["draft_version"]) == (1, 0)
    signers.propose(by=2, guarantee_months=12)
    sheets = signers.join(3).get(f"{signers.path}/rule-sheets")["items"]
    assert [(each["number"], each["status"]) for each in sheets] == [(2, "to_sign"), (1, "in_force")]
    signers.brief_and_sign(1, 2)
    assert signers.see()["sheet_version"] == 1
    signers.brief_and_sign(3)
    group = signers.see()
    assert (group["status"], group["sheet_version"], group["sealed_at"]) == ("sealed", 2, first["sealed_at"])
    sheets = signers.join(3).get(f"{signers.path}/rule-sheets")["items"]
    assert [(each["number"], each["status"], len(each["signatures"])) for each in sheets] == [
        (2, "in_force", 3),
        (1, "superseded", 3),
    ]
    assert all(each["sealed_sha256"] for each in sheets)


def test_the_bank_hears_of_each_proposal_of_the_seal_and_of_a_later_sheet(signers: Signers, streams: Streams) -> None:
    signers.seal()
    signers.propose(guarantee_months=12)
    signers.brief_and_sign(1, 2, 3)
    streams()
    entries = (row.entry() for row in JournalRow.scan())
    told = Counter(entry.event.kind for entry in entries if entry.aggregate_id == feed.name_of("ccb"))
    assert told == {"group.sheet_proposed": 2, "group.sealed": 1, "group.sheet_in_force": 1}
