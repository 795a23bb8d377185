"""A group of three firms: founded, vetted, its rule sheet proposed, answered for, signed and sealed."""

from __future__ import annotations

from typing import Any

from benchmarks.floors.stage import Stage
from chalicelib.daybook.examples import TRADE
from chalicelib.groups.examples import FOUND, RULE_SHEET, VOUCH
from chalicelib.groups.records import sheets
from chalicelib.groups.rules import briefing
from chalicelib.groups.rules.exposure_preview import exposure_of

GROUPS = "/v1/guarantee-groups"
NAMES = ("sealing-first", "sealing-second", "sealing-third")


class Firm:
    """A member with a signer, and sales that bear its worst case."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.stage, self.id = stage, stage.register(name)
        self.signer = stage.signer(self.id)
        trade = TRADE | {"trade_id": f"T-{name}", "supplier_ref": name, "currency": "CNY", "amount": "9000000.00"}
        stage.call("/v1/trades", "officer-1", {"items": [trade]})

    def post(self, path: str, body: Any = None, command: str = "", expect: int = 200) -> Any:
        return self.stage.call(path, self.id, body, command=command, expect=expect, person=self.signer)


def play(stage: Stage) -> None:
    stage.time.begin()
    firms = [Firm(stage, name) for name in NAMES]
    founder, others = firms[0], firms[1:]
    about = f"{GROUPS}/{founder.post(GROUPS, FOUND, 'found a group', 201)['id']}"
    for firm in others:
        stage.time.advance(minutes=1)
        body = {"member_id": firm.id}
        invited = founder.post(f"{about}/invitations", body, "invite a firm to a group", 201)["seats"][-1]
        firm.post(f"{about}/invitations/{invited['invitation_id']}/accept", command="accept an invitation to a group")
    founder.post(f"{about}/freeze-list", command="freeze the list of a group")
    for by, firm in enumerate(firms, 1):
        for of in {1, 2, 3} - {by}:
            firm.post(f"{about}/attestations", VOUCH | {"seat": of}, "attest a member of a group")
    sheet_for = RULE_SHEET | {"group_cap": None}
    proposed = founder.post(f"{about}/rule-sheets", sheet_for, "propose a rule sheet", 201)
    signed = {"document_sha256": proposed["draft_sha256"]}
    kept = sheets.load(proposed["id"], 1)
    assert kept is not None, "it was proposed"
    for seat, firm in enumerate(firms, 1):
        questions = briefing.questions(kept.version, exposure_of(kept.version.sheet, seat))
        answers = {**signed, "answers": [question.right for question in questions]}
        firm.post(f"{about}/briefing", answers, "answer the briefing of a rule sheet")
        command = "sign a rule sheet" if seat < len(firms) else "sign a rule sheet as the last: the group is sealed"
        last = firm.post(f"{about}/rule-sheets/1/sign", signed, command)
    assert last["status"] == "sealed"
    stage.heard.clear()
