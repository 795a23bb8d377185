"""Firms that agree a rule sheet through the API: it is proposed, its briefing answered, signed and sealed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.groups.examples import RULE_SHEET
from chalicelib.groups.records import sheets as records
from chalicelib.groups.rules import briefing
from chalicelib.groups.rules.exposure_preview import exposure_of
from chalicelib.groups.rules.group import Group
from chalicelib.groups.rules.rule_sheet import proposed
from chalicelib.shared import clock
from tests.groups.joining import PATH, Circle, plant
from tests.groups.test_rule_sheet import SHEET
from tests.world import Api, Reply, StandingClock, Streams, token


class Signers(Circle):
    """A circle of firms, each with sales of a million yuan in the last twelve months."""

    def join(self, number: int) -> Any:
        known = len(self.firms)
        firm = super().join(number)
        for newcomer in range(known + 1, len(self.firms) + 1):
            self.sell(newcomer, "1000000.00")
        return firm

    @property
    def path(self) -> str:
        return f"{PATH}/{self.group_id}"

    def sell(self, number: int, amount: str, trade_id: str = "T-1") -> None:
        """The firm on a seat has sold this much, paid for a month ago."""
        firm = self.join(number)
        name = firm.get(f"/v1/members/{firm.member_id}")["external_ref"]
        trade = {
            "trade_id": f"{trade_id}-{name}",
            "supplier_ref": name,
            "buyer_ref": "acme-gmbh",
            "supplier_country": "CN",
            "buyer_country": "DE",
            "category": "lanterns",
            "currency": "CNY",
            "amount": amount,
            "ordered_at": "2026-02-01T09:30:00+08:00",
            "paid_at": "2026-02-02T11:00:00+08:00",
            "ship_by": "2026-03-20T23:59:59+08:00",
            "status": "paid",
        }
        reply = self.api.post("/v1/trades", {"items": [trade]}, token("officer", "officer-1", "feeds"))
        assert reply["items"][0]["result"] == "new", reply.body

    def standing(self) -> list[int]:
        seats = self.see()["seats"]
        return [seat["number"] for seat in seats if seat["status"] in ("accepted", "attested", "sealed_in")]

    def attest_all(self, *left_out: int) -> None:
        """Everybody attests everybody, but for those that are left out."""
        for by, of in permutations(self.standing(), 2):
            if by not in left_out:
                self.attest(by, of)

    def propose(self, by: int = 1, **other: Any) -> Reply:
        """A sheet with a limit of 100,000 and a cap of 150,000 yuan for everybody."""
        return self.do(by, "rule-sheets", sheet_for(*self.standing()) | other)

    def key(self, number: int) -> list[str]:
        """The right answers of a seat."""
        kept = records.load(self.group_id, self.see()["draft_version"])
        assert kept is not None
        questions = briefing.questions(kept.version, exposure_of(kept.version.sheet, number))
        return [question.right for question in questions]

    def answer(self, number: int, answers: Sequence[str], **how: str) -> Reply:
        return self.ask(number, "briefing", {"document_sha256": self.see()["draft_sha256"], "answers": answers}, **how)

    def brief(self, number: int) -> Reply:
        """All five answers right."""
        return self.answer(number, self.key(number))

    def sign(self, number: int, **how: str) -> Reply:
        group = self.see()
        body = {"document_sha256": group["draft_sha256"]}
        return self.ask(number, f"rule-sheets/{group['draft_version']}/sign", body, **how)

    def brief_and_sign(self, *numbers: int) -> None:
        for number in numbers:
            assert self.brief(number)["is_passed"] is True
            reply = self.sign(number)
            assert reply.status == 200, reply.body

    def seal(self, members: int = 3, **sheet: Any) -> str:
        """A sealed group of so many."""
        self.vet(members)
        self.attest_all()
        self.propose(**sheet)
        self.brief_and_sign(*self.standing())
        assert self.see()["status"] == "sealed"
        return self.group_id

    def exposure(self, number: int) -> Any:
        """What the firm on a seat sees of its own."""
        [own] = self.join(number).get(f"{self.path}/exposure")["seats"]
        return own


def plant_with_sheet(group: Group, member_ids: list[str]) -> dict[str, str]:
    """A group as a value with these members, and a sheet that they are to sign: what names both."""
    version = proposed("", group.list_sha256, 1, SHEET, by=1, now=clock.now())
    group_id = plant(replace(group, sheets=1, draft_version=1, draft_sha256=version.sha256), member_ids)
    records.SheetRow(group_id, 1, body=version).save()
    return {"group_id": group_id, "version": "1"}


def sheet_for(*seats: int) -> dict[str, Any]:
    """A sheet that treats these seats alike."""
    terms = [{"seat": seat, "limit": yuan("100000.00"), "cap": yuan("150000.00")} for seat in seats]
    return RULE_SHEET | {"seats": terms, "draw_order": list(seats), "group_cap": None}


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


@pytest.fixture
def signers(api: Api, time: StandingClock, streams: Streams) -> Signers:
    return Signers(api, time)
