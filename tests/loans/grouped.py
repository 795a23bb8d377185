"""Three firms in a sealed group, each with a line at the Bank of China for which the others stand: A in seat 1, B in seat 2, C in seat 3."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from msgspec.structs import replace

from chalicelib.credit.examples import CONSENT
from chalicelib.groups.records import positions
from chalicelib.groups.records.sheets import SheetRow
from chalicelib.groups.rules import rule_sheet
from chalicelib.groups.rules.position import DrawTerms, GroupPosition
from chalicelib.groups.rules.rule_sheet import RuleSheet, SeatTerms
from chalicelib.groups.rules.sheet_handling import guarantee_of
from chalicelib.groups.service.reading import load
from chalicelib.loans.examples import DRAW
from chalicelib.shared import clock
from tests.bank_events.conftest import Bank, bank
from tests.credit.borrowing import Borrower, register
from tests.credit.lining import plant as plant_line
from tests.groups import grouping, joining
from tests.loans.lending import Lender, planned
from tests.world import Api, Reply, StandingClock

__all__ = ["bank", "grouped"]

LIMIT: Final = 100_000_00
SHEET: Final = RuleSheet(
    mode="joint_capped",
    weight_basis="limit",
    seats=tuple(SeatTerms(seat=seat, limit_minor=LIMIT, cap_minor=2 * LIMIT) for seat in (1, 2, 3)),
    draw_order=(1, 2, 3),
    punctual_payments=1,
    repayment_days=(5,),
    group_cap_minor=150_000_00,
    guarantee_months=6,
    due_business_days=10,
    grace_business_days=5,
    warn_bp=2_000,
    stop_bp=5_000,
)


@dataclass
class Grouped:
    """`firms` by seat, and what their bank tells of their loans."""

    bank: Bank
    time: StandingClock
    firms: dict[int, Borrower]
    group_id: str
    lenders: dict[int, Lender] = field(default_factory=dict)

    @property
    def api(self) -> Api:
        return self.bank.api

    def position(self) -> GroupPosition:
        return positions.load(self.group_id)

    def status(self) -> str:
        group = load(self.group_id, self.time.at)
        assert group is not None
        return group.status

    def draw(self, seat: int, amount: str, **how: Any) -> Reply:
        body = DRAW | {"money": {"amount": amount, "currency": "CNY"}, "months": 6}
        return self.firms[seat].post(f"/v1/credit-lines/{self.lenders[seat].line_id}/draws", body, **how)

    def drawn(self, seat: int, amount: str) -> str:
        reply = self.draw(seat, amount)
        assert reply.status == 201, reply.body
        return str(reply["id"])

    def disburse(self, seat: int, loan_id: str, *rows: tuple[str, int, int]) -> None:
        """The bank pays what was drawn, and wants it back by this schedule."""
        lender = self.lenders[seat]
        event = lender.tell(
            "draw.disbursed",
            loan_id,
            amount=sum(principal for _, principal, _ in rows),
            value_date=self.time.at.date().isoformat(),
            rate_bp=1080,
            schedule=planned(*rows),
        )
        assert event == ("applied", None), event
        self.bank.streams()

    def lent(self, seat: int, minor: int, due: str) -> str:
        """A loan that is to be repaid on a day, without interest."""
        loan_id = self.drawn(seat, f"{minor // 100}.{minor % 100:02d}")
        self.disburse(seat, loan_id, (due, minor, 0))
        return loan_id


def makes_group(bank: Bank, time: StandingClock, sheet: RuleSheet = SHEET) -> Grouped:
    firms = {number: register(bank.api, time, f"firm-{number}") for number in (1, 2, 3)}
    group = replace(grouping.sealed(3), bank_id="boc", product_id="boc-joint", sheet_version=1, created_at=clock.now())
    version = rule_sheet.proposed("grp_1", group.list_sha256, 1, sheet, by=1, now=clock.now())
    group_id = joining.plant(
        replace(group, sheet_sha256=version.sha256, due_at=None), [firm.member_id for firm in firms.values()]
    )
    SheetRow(group_id, 1, body=version).save()
    kept = load(group_id, clock.now())
    assert kept is not None
    open_terms = DrawTerms(is_open=True, sheet_sha256=version.sha256)
    positions.GroupPositionRow(
        group_id, version=1, body=GroupPosition(group_id=group_id, version=1, terms=open_terms)
    ).save()
    made = Grouped(bank, time, firms, group_id)
    for number, firm in firms.items():
        firm.post("/v1/consents", CONSENT | {"bank_ids": ["boc"]})
        guarantee = guarantee_of(kept, version, number)
        line_id = plant_line(
            firm.member_id, 2 * LIMIT, limit_of_firm=10**10, product_id="boc-joint", guarantee=guarantee
        )
        made.lenders[number] = Lender(bank, time, firm.member_id, line_id)
    return made


@pytest.fixture
def grouped(bank: Bank, time: StandingClock) -> Grouped:
    return makes_group(bank, time)
