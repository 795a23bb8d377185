"""Firms that stand for each other, in the tables: A to J in seats 1 to 10, lines and loans at the Bank of China, and what happens of calls.

Loans bear no interest, so that amounts are those of the examples; where a test wants some, the bank charges it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.records.groups import GroupRow, GroupSeatRow
from chalicelib.groups.rules.group import Group, Seat
from chalicelib.groups.rules.guarantee import Guarantee, Guarantor
from chalicelib.groups.rules.joint_liability import LiabilityMode, WeightBasis
from chalicelib.guarantees.declared import CALLS
from chalicelib.shared import ids
from chalicelib.shared.journal import Event, JournalRow
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.state_machine import Change
from tests.bank_events.conftest import Bank, bank, books
from tests.credit.borrowing import register
from tests.credit.lining import plant as plant_line
from tests.groups import grouping
from tests.guarantees.calling import SEATS
from tests.loans.lending import Lender, planned, plant_draw
from tests.world import Api, Reply, StandingClock, token

__all__ = ["bank", "standing"]

ANN, BOB, CID = (token("officer", name, "risk") for name in ("ann", "bob", "cid"))
BOC = token("bank", "boc")
FAR = "2026-12-31"
"""When every loan falls due."""


def plant_group(members: Mapping[int, str], now: Any) -> Group:
    """An active group of these members, by seat."""
    seats = tuple(
        Seat(number=seat, member_id=name, status="sealed_in", invited_at=now) for seat, name in members.items()
    )
    group = replace(
        grouping.active(len(members)),
        id=ids.new_id("grp", now),
        bank_id="boc",
        seats=seats,
        version=1,
        seq=1,
        recent=(),
    )
    payload = {"to": group.status, "bank_id": group.bank_id, "member_ids": list(members.values())}
    first = Change(state=group, event=Event("group.founded", payload, policy=group.policy), at=now)
    request = RequestContext(caller=CLOCK, now=now, request_id="test", key=group.id, digest="test")
    GROUPS.create(first, grouping.CONTEXT, request)
    for member_id in members.values():
        GroupSeatRow(member_id, group.id).save()
    return group


@dataclass
class Standing:
    """A group, and a bank that lends to its members."""

    bank: Bank
    time: StandingClock
    members: dict[str, str]
    group: Group
    lines: dict[str, Lender] = field(default_factory=dict)
    loans: dict[str, str] = field(default_factory=dict)

    @property
    def api(self) -> Api:
        return self.bank.api

    def token(self, letter: str) -> str:
        return token("member", self.members[letter])

    def guarantee(
        self,
        debtor: str,
        limits: Mapping[str, int],
        caps: Mapping[str, int] | None = None,
        mode: LiabilityMode = "joint_capped",
        basis: WeightBasis = "limit",
    ) -> Guarantee:
        guarantors = tuple(
            Guarantor(
                seat=SEATS[letter],
                member_id=self.members[letter],
                limit_minor=limit,
                cap_minor=(caps or {}).get(letter),
            )
            for letter, limit in limits.items()
            if letter != debtor
        )
        return Guarantee(
            group_id=self.group.id,
            seat=SEATS[debtor],
            sheet_version=1,
            sheet_sha256="0" * 64,
            mode=mode,
            weight_basis=basis,
            guarantors=guarantors,
            until_months=6,
            due_business_days=10,
            grace_business_days=5,
        )

    def lend(
        self,
        debtor: str,
        minor: int,
        limits: Mapping[str, int],
        caps: Mapping[str, int] | None = None,
        *,
        rate_bp: int = 0,
        **terms: Any,
    ) -> str:
        """A loan to one of them, for which the others stand."""
        firm = self.members[debtor]
        lender = Lender(self.bank, self.time, firm, plant_line(firm, minor, limit_of_firm=10**12))
        loan_id = plant_draw(lender.line_id, firm, minor, guarantee=self.guarantee(debtor, limits, caps, **terms))
        self.lines[loan_id] = lender
        today = self.time.at.date().isoformat()
        rows = planned((FAR, minor, 0))
        self.tell(loan_id, "draw.disbursed", amount=minor, value_date=today, rate_bp=rate_bp, schedule=rows)
        return loan_id

    def default(self, loan_id: str) -> None:
        """The bank declares that it does not expect the debtor to pay: the instalment falls due at once and is unpaid."""
        loan = self.lines[loan_id].see(loan_id)
        minor = minor_of(loan["amount"])
        today = self.time.at.date()
        rows = planned(((today + timedelta(days=1)).isoformat(), minor, 0))
        self.tell(loan_id, "schedule.changed", version=2, schedule=rows, consent_refs=[])
        self.time.advance(days=3)
        self.lines[loan_id].sweep()
        self.tell(loan_id, "default.declared", cause="unlikely_to_pay", amount=minor)

    def request(self, loan_id: str, principal: int, ref: str = "C-1", **more: Any) -> str:
        """The bank requests a call, and it is opened. Returns its id."""
        today = self.time.at.date().isoformat()
        certified = {"principal": principal, "interest": 0, "penalty": 0, "cut_off": today} | more
        self.tell(loan_id, "call.requested", call_id=ref, **certified)
        (call_id,) = [item["id"] for item in self.listed() if item["loan_id"] == loan_id and item["call_ref"] == ref]
        return str(call_id)

    def called(
        self, debtor: str, minor: int, limits: Mapping[str, int], caps: Mapping[str, int] | None = None, **terms: Any
    ) -> str:
        """A loan in default, called and noticed."""
        loan_id = self.lend(debtor, minor, limits, caps, **terms)
        self.loans[debtor] = loan_id
        self.default(loan_id)
        call_id = self.request(loan_id, minor, f"C-{debtor}")
        self.notice(call_id)
        return call_id

    def notice(self, call_id: str) -> None:
        for officer in (ANN, BOB):
            reply = self.api.post(f"/v1/guarantee-calls/{call_id}/notice", {}, officer)
            assert reply.status == 200, reply.body
        self.streams()

    def tell(self, loan_id: str, kind: str, **data: Any) -> None:
        outcome = self.lines[loan_id].tell(kind, loan_id, **data)
        assert outcome == ("applied", None), (kind, outcome)
        self.streams()

    def pay(self, debtor: str, letter: str, minor: int, **more: Any) -> None:
        """A guarantor pays on the call for a debtor's loan, or the debtor itself does."""
        payer = {"kind": "debtor"} if letter == debtor else {"kind": "guarantor", "seat": SEATS[letter]}
        self.tell(self.loans[debtor], "repayment.received", amount=minor, payer=payer, **more)

    def streams(self, chance: random.Random | None = None) -> None:
        self.bank.streams(chance)

    def run(self, **ahead: Any) -> None:
        """Let time pass, and the clock do what is due."""
        self.time.advance(**ahead)
        swept = CALLS.sweep(self.time.at)
        assert not swept.failed
        self.streams()

    def listed(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.api.get("/v1/guarantee-calls?limit=100", ANN)["items"]
        return items

    def see(self, call_id: str, by: str = ANN) -> Reply:
        reply = self.api.get(f"/v1/guarantee-calls/{call_id}", by)
        assert reply.status == 200, reply.body
        return reply

    def due(self, call_id: str) -> dict[str, int]:
        """What each still has to pay, by letter."""
        letters = {seat: letter for letter, seat in SEATS.items()}
        shares = self.see(call_id)["shares"]
        return {letters[each["seat"]]: minor_of(each["due"]) for each in shares if minor_of(each["due"])}

    def share(self, call_id: str, letter: str, by: str = ANN) -> dict[str, Any]:
        shares: list[dict[str, Any]] = self.see(call_id, by)["shares"]
        (share,) = [each for each in shares if each["seat"] == SEATS[letter]]
        return share

    def status_of_loan(self, debtor: str) -> str:
        return str(self.lines[self.loans[debtor]].see(self.loans[debtor])["status"])

    def status_of_group(self) -> str:
        group = GROUPS.repository.load(self.group.id)
        assert group is not None
        return group.status

    def end_group(self) -> None:
        """As if it had been dissolved, long after."""
        row = GroupRow.find(self.group.id)
        assert row is not None
        row.body = replace(row.body, status="dissolved", calls=())
        row.save()

    def status_of_seat(self, letter: str) -> str:
        group = GROUPS.repository.load(self.group.id)
        seat = group.seat(SEATS[letter]) if group else None
        assert seat is not None
        return seat.status

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """What the bank was told, by type."""
        return [entry.event.payload for row in JournalRow.scan() if (entry := row.entry()).event.kind == kind]

    def mirror(self) -> dict[str, int]:
        """What guarantors owe banks and get back by the journal, which balances."""
        return {account: minor for account, minor in books().items() if account.startswith("guarant")}


def minor_of(money: dict[str, str]) -> int:
    return round(float(money["amount"]) * 100)


def stand(bank: Bank, time: StandingClock, letters: str) -> Standing:
    firms = {letter: register(bank.api, time, f"firm-{letter.lower()}").member_id for letter in letters}
    members = {SEATS[letter]: firm for letter, firm in firms.items()}
    return Standing(bank, time, firms, plant_group(members, time.at))


@pytest.fixture
def standing(bank: Bank, time: StandingClock) -> Standing:
    return stand(bank, time, "ABCDE")
