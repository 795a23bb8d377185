"""The rule sheet of a group of three: proposed, answered for, signed, and sealed by the last signature."""

from __future__ import annotations

from itertools import permutations

from benchmarks.floors.groups import Firms
from benchmarks.floors.stage import Stage
from chalicelib.daybook.examples import TRADE
from chalicelib.groups.examples import FOUND, RULE_SHEET, VOUCH
from chalicelib.groups.records import sheets
from chalicelib.groups.rules import briefing
from chalicelib.groups.rules.exposure_preview import exposure_of

SEATS = (1, 2, 3)


def play(stage: Stage) -> None:
    stage.time.begin()
    firms = _vetting(stage)
    proposed = firms.do(1, "rule-sheets", RULE_SHEET | {"group_cap": None}, command="propose a rule sheet", expect=201)
    signed = {"document_sha256": proposed["draft_sha256"]}
    kept = sheets.load(firms.group_id, 1)
    assert kept is not None, "it was proposed"
    for seat in SEATS:
        questions = briefing.questions(kept.version, exposure_of(kept.version.sheet, seat))
        answers = {**signed, "answers": [question.right for question in questions]}
        firms.do(seat, "briefing", answers, command="answer the briefing of a rule sheet")
        command = "sign a rule sheet" if seat < SEATS[-1] else "sign a rule sheet as the last: the group is sealed"
        last = firms.do(seat, "rule-sheets/1/sign", signed, command=command)
    assert last["status"] == "sealed"
    stage.leave()


def _vetting(stage: Stage) -> Firms:
    """Three who have attested one another, with sales that bear their worst cases."""
    firms = Firms(stage, "sealing", len(SEATS))
    sold = {"currency": "CNY", "amount": "9000000.00"}
    items = [
        TRADE | sold | {"trade_id": f"T-sealing-{seat}", "supplier_ref": f"groups-sealing-{seat}"} for seat in SEATS
    ]
    stage.call("/v1/trades", "officer-1", {"items": items})
    firms.group_id = firms.do(1, "", FOUND, expect=201)["id"]
    for seat in SEATS[1:]:
        firms.do(seat, f"invitations/{firms.join(seat)}/accept")
    firms.do(1, "freeze-list")
    for by, of in permutations(SEATS, 2):
        firms.do(by, "attestations", VOUCH | {"seat": of})
    return firms
