"""A member draws in its group; another consents to a heavier schedule of that loan."""

from __future__ import annotations

from benchmarks.floors import lending
from benchmarks.floors.inbox import bank_says
from benchmarks.floors.servicing import PRINCIPAL, ROWS, head
from benchmarks.floors.stage import Stage
from chalicelib.credit.examples import CONSENT
from chalicelib.groups.aggregate import GROUPS, POLICY, context_of
from chalicelib.groups.records.positions import GroupPositionRow
from chalicelib.groups.records.sheets import SheetRow
from chalicelib.groups.rules import rule_sheet
from chalicelib.groups.rules.group import Group, Seat, list_sha256
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.groups.rules.position import GroupPosition, draw_terms
from chalicelib.groups.rules.rule_sheet import RuleSheet, SeatTerms
from chalicelib.groups.rules.sheet_handling import guarantee_of
from chalicelib.loans.examples import DRAW
from chalicelib.shared import ids, policies
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import Change

SHEET = RuleSheet(
    mode="joint_capped",
    weight_basis="limit",
    seats=tuple(SeatTerms(seat=seat, limit_minor=PRINCIPAL, cap_minor=2 * PRINCIPAL) for seat in (1, 2, 3)),
    draw_order=(1, 2, 3),
    punctual_payments=1,
    repayment_days=(5,),
    guarantee_months=6,
    due_business_days=10,
    grace_business_days=5,
    warn_bp=2_000,
    stop_bp=5_000,
)


def play(stage: Stage) -> None:
    stage.time.begin()
    firms = [stage.register(f"grouped-{number}") for number in (1, 2, 3)]
    about = f"/v1/loans/{lent(stage, firms)}"
    later = {"schedule": [ROWS[0] | {"due_date": "2026-09-02"}], "reason": "After the season."}
    hash_ = {"hash": stage.call(f"{about}/restructurings", firms[0], later)["restructuring"]["hash"]}
    consenting = stage.signer(firms[1])
    command = "consent to another schedule"
    stage.call(f"{about}/restructurings/consent", firms[1], hash_, command=command, person=consenting)
    stage.leave()


def lent(stage: Stage, firms: list[str]) -> str:
    """What the first of them draws and its bank disburses, as a loan for which the others stand."""
    debtor, signer = firms[0], stage.signer(firms[0])
    stage.call("/v1/consents", debtor, CONSENT | {"bank_ids": ["boc"]}, expect=201, person=signer)
    line_id = lending.line(stage, debtor, "boc-joint", _guaranteed(stage, firms))
    stage.time.advance(minutes=1)
    drawn = stage.call(
        f"/v1/credit-lines/{line_id}/draws", debtor, DRAW, command="draw in a group", expect=201, person=signer
    )
    disbursed = {"amount": PRINCIPAL, "value_date": "2026-03-02", "rate_bp": 1080, "schedule": ROWS}
    event = bank_says(stage, "draw.disbursed", head(drawn["id"], 1) | disbursed, "bank: a draw in a group is disbursed")
    assert stage.see(f"/v1/bank-events/{event}", "officer-1")["status"] == "applied"
    return str(drawn["id"])


def _guaranteed(stage: Stage, firms: list[str]) -> Guarantee:
    """Who stands for the first of them: a group as its last signature leaves it, with its sheet and its position."""
    now = stage.time.at
    policy = policies.in_force(POLICY, now.date()).hash
    seats = tuple(
        Seat(number=number, member_id=firm, status="sealed_in", invited_at=now) for number, firm in enumerate(firms, 1)
    )
    group_id = ids.new_id("grp", now)
    list_ = list_sha256(group_id, seats)
    version = rule_sheet.proposed(group_id, list_, 1, SHEET, by=1, now=now)
    group = Group(
        id=group_id,
        bank_id="boc",
        product_id="boc-joint",
        name="Measured",
        status="sealed",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy,
        seats=seats,
        list_sha256=list_,
        sheet_list_sha256=list_,
        sheets=1,
        sheet_version=1,
        sheet_sha256=version.sha256,
        sealed_at=now,
    )
    payload = {"to": group.status, "bank_id": group.bank_id, "product_id": group.product_id, "member_ids": firms}
    first = Change(state=group, event=Event("group.founded", payload, policy=policy), at=now)
    GROUPS.create(first, context_of(policy), stage.request("clock", "clock"))
    SheetRow(group_id, 1, body=version).save()
    position = GroupPosition(group_id=group_id, version=1, terms=draw_terms(group))
    GroupPositionRow(group_id, version=1, body=position).save()
    return guarantee_of(group, version, 1)
