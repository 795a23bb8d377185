"""Credit lines through the API, and what draws and repayments do to a line and to its firm's exposure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.credit.declared import LINES
from chalicelib.credit.examples import CLOSE_LINE, FREEZE
from chalicelib.credit.records import exposures, lines
from chalicelib.credit.rules import line_handling
from chalicelib.credit.rules.effects import disburse, draw, release, repay, reverse
from chalicelib.credit.rules.exposure import ExposureExceeded
from chalicelib.credit.rules.line import LineExceeded, LineNotActive
from chalicelib.credit.rules.line_transitions import LineChange, LineNotInThisStatus
from chalicelib.credit.service import exposure
from chalicelib.firms.rules.signers import SignerNotNamed
from chalicelib.ledger.rules import chart
from chalicelib.shared import clock
from chalicelib.shared.errors import Conflict
from chalicelib.shared.periods import business_date
from tests.credit.lining import DAY, END, ENDS_ON, apply, asked, do, plant
from tests.firms.factories import sign_for
from tests.ledger.books import project_all
from tests.round_trips import calls
from tests.trade import Trade
from tests.world import Api, Reply, StandingClock, token

RISK = token("officer", "officer-1", "risk")
CLAIMS = token("officer", "officer-2", "claims")
BOC, CMB = token("bank", "boc"), token("bank", "cmb")
ADMIN = token("officer", "officer-9", "admin")


def see(api: Api, line_id: str, by: str = RISK) -> Reply:
    return api.get(f"/v1/credit-lines/{line_id}", by)


def act(api: Api, line_id: str, action: str, body: object = None, by: str = RISK, **more: str) -> Reply:
    return api.post(f"/v1/credit-lines/{line_id}/{action}", body, by, **more)


def parts(api: Api, line_id: str) -> tuple[str, ...]:
    line = see(api, line_id)
    return tuple(line[part]["amount"] for part in ("available", "pending", "outstanding"))


def free(member_id: str) -> int:
    return exposure.of(member_id).position.available_minor


def owe_elsewhere(member_id: str, minor: int) -> None:
    """As it is reported today."""
    exposure.report_elsewhere(member_id, minor, business_date(clock.now()), asked(), lambda after: b"")


@pytest.fixture
def line_id(trade: Trade) -> str:
    """An active line of 1,000,000.00 CNY, and as much of the firm's limit."""
    return plant(trade.supplier_id, 100_000_000)


def test_a_line_is_seen_by_its_firm_its_bank_and_officers_and_by_nobody_else(trade: Trade, line_id: str) -> None:
    line = see(trade.api, line_id, trade.supplier)
    assert (line["status"], line["limit"]["amount"], line["available"]["amount"]) == (
        "active",
        "1000000.00",
        "1000000.00",
    )
    assert line["allowed_actions"] == ["close"]
    assert see(trade.api, line_id, BOC).status == see(trade.api, line_id, CLAIMS).status == 200
    unseen = see(trade.api, line_id, trade.buyer)
    assert unseen.status == see(trade.api, line_id, CMB).status == 404
    assert see(trade.api, line_id, CLAIMS)["allowed_actions"] == []


def test_lists_are_a_firms_own_a_banks_own_and_an_officers_by_firm_bank_and_status(trade: Trade, line_id: str) -> None:
    trade.time.advance(minutes=1)
    second = plant(trade.buyer_id, 5_000_000, is_active=False)

    def ids(query: str, by: str) -> list[str]:
        return [item["id"] for item in trade.api.get(f"/v1/credit-lines{query}", by)["items"]]

    assert ids("", trade.supplier) == [line_id]
    assert ids("", trade.buyer) == ids("?status=awaiting_activation", BOC) == [second]
    assert ids("", BOC) == ids("", RISK) == ids("?bank_id=boc", RISK) == [line_id, second]
    assert ids("", CMB) == ids("?bank_id=cmb", RISK) == ids(f"?member_id={trade.supplier_id}", trade.buyer) == []
    assert ids(f"?member_id={trade.supplier_id}", BOC) == [line_id]
    assert ids("?limit=1", BOC) == [line_id]


def test_a_freeze_stops_draws_not_repayments_and_ends_by_whoever_set_it(trade: Trade, line_id: str) -> None:
    do(*draw(line_id, trade.supplier_id, 30_000_000))
    do(*disburse(line_id, trade.supplier_id, 30_000_000))
    frozen = act(trade.api, line_id, "freeze", FREEZE)
    assert (frozen["status"], frozen["freezes"][0]["by"], frozen["freezes"][0]["reason"]) == (
        "frozen", "officer", FREEZE["reason"],
    )  # fmt: skip
    with pytest.raises(LineNotActive):
        do(*draw(line_id, trade.supplier_id, 1))
    do(*repay(line_id, trade.supplier_id, 30_000_000, revolves=True))
    assert parts(trade.api, line_id) == ("1000000.00", "0.00", "0.00")
    apply(line_id, lambda was, context: line_handling.freeze(was, "bank", "Late elsewhere.", None, trade.time.at))
    assert act(trade.api, line_id, "release")["status"] == "frozen"
    assert act(trade.api, line_id, "release")["code"] == "credit_line_not_in_this_status"
    assert act(trade.api, line_id, "freeze", FREEZE, trade.supplier).status == 403
    assert act(trade.api, line_id, "freeze", FREEZE, CLAIMS).status == 403


def test_every_command_is_sent_twice_and_counts_once(trade: Trade, line_id: str) -> None:
    for action, body in (("freeze", FREEZE), ("release", None), ("close", CLOSE_LINE)):
        first, second = (act(trade.api, line_id, action, body, key=f"once-{action}") for _ in range(2))
        assert (first.status, first.raw) == (200, second.raw)
    assert see(trade.api, line_id)["version"] == 5


def test_a_command_is_one_read_and_one_transaction(trade: Trade, line_id: str) -> None:
    with calls() as sent:
        assert act(trade.api, line_id, "freeze", FREEZE).status == 200
    assert sent == ["GetItem", "TransactWriteItems"]


def test_a_line_is_closed_when_nothing_of_it_is_drawn_and_its_limit_is_granted_no_more(
    trade: Trade, line_id: str
) -> None:
    do(*draw(line_id, trade.supplier_id, 1))
    refused = act(trade.api, line_id, "close", CLOSE_LINE, trade.supplier)
    assert (refused.status, refused["code"], refused["pending"]["amount"]) == (409, "credit_line_in_use", "0.01")
    do(*release(line_id, trade.supplier_id, 1))
    closed = act(trade.api, line_id, "close", CLOSE_LINE, trade.supplier)
    assert (closed["status"], closed["why"], closed["limit"]["amount"]) == ("closed", "closed_by_borrower", "0.00")
    with pytest.raises(LineNotActive):
        do(*draw(line_id, trade.supplier_id, 1))


def test_the_timeline_names_who_did_what(trade: Trade, line_id: str) -> None:
    act(trade.api, line_id, "freeze", FREEZE)
    project_all()
    entries = trade.api.get(f"/v1/credit-lines/{line_id}/timeline", trade.supplier)["items"]
    assert [entry["kind"] for entry in entries] == ["line.opened", "line.activated", "line.frozen"]
    assert entries[1]["payload"]["limit"] == {"amount": "1000000.00", "currency": "CNY"}
    assert entries[2]["by"] == "officer"


def test_what_falls_due_is_seen_before_it_is_written_and_written_once(trade: Trade, time: StandingClock) -> None:
    line_id = plant(trade.supplier_id, 100, is_active=False)
    time.advance(days=2, hours=16)
    assert see(trade.api, line_id)["deadlines"][0]["default_outcome"] == "chased_then_closed"
    LINES.sweep(time.at)
    LINES.sweep(time.at)
    assert see(trade.api, line_id)["version"] == 2
    time.advance(days=30)
    assert see(trade.api, line_id)["why"] == "not_activated"


# What draws and repayments do


def test_cr_1_a_reversed_repayment_is_outstanding_again_once_on_the_line_and_of_the_exposure(
    trade: Trade, line_id: str
) -> None:
    firm, minor = trade.supplier_id, 30_000_000
    do(*draw(line_id, firm, minor))
    assert (parts(trade.api, line_id), free(firm)) == (("700000.00", "300000.00", "0.00"), 70_000_000)
    do(*disburse(line_id, firm, minor))
    assert (parts(trade.api, line_id), free(firm)) == (("700000.00", "0.00", "300000.00"), 70_000_000)
    do(*repay(line_id, firm, minor, revolves=True))
    assert (parts(trade.api, line_id), free(firm)) == (("1000000.00", "0.00", "0.00"), 100_000_000)
    do(*reverse(line_id, firm, minor, revolves=True))
    assert (parts(trade.api, line_id), free(firm)) == (("700000.00", "0.00", "300000.00"), 70_000_000)


def test_what_is_repaid_on_a_line_that_does_not_revolve_is_not_drawn_again_and_frees_the_firms_limit(
    trade: Trade, line_id: str
) -> None:
    firm = trade.supplier_id
    do(*draw(line_id, firm, 100_000_000))
    do(*disburse(line_id, firm, 100_000_000))
    do(*repay(line_id, firm, 40_000_000, revolves=False))
    assert (parts(trade.api, line_id), free(firm)) == (("0.00", "0.00", "600000.00"), 40_000_000)
    assert see(trade.api, line_id)["withheld"]["amount"] == "400000.00"
    with pytest.raises(LineExceeded):
        do(*draw(line_id, firm, 1))
    do(*reverse(line_id, firm, 40_000_000, revolves=False))
    assert (see(trade.api, line_id)["withheld"]["amount"], free(firm)) == ("0.00", 0)


def test_a_draw_needs_the_line_and_the_firms_limit_and_takes_neither_where_one_lacks(
    trade: Trade, line_id: str
) -> None:
    firm = trade.supplier_id
    with pytest.raises(LineExceeded) as raised:
        do(*draw(line_id, firm, 100_000_001))
    assert raised.value.numbers["shortfall"] == {"amount": "0.01", "currency": "CNY"}
    exposure.set_limit(firm, 99_999_999, asked())
    with pytest.raises(ExposureExceeded) as exceeded:
        do(*draw(line_id, firm, 100_000_000))
    assert exceeded.value.numbers["maximum"] == {"amount": "999999.99", "currency": "CNY"}
    assert parts(trade.api, line_id) == ("1000000.00", "0.00", "0.00")
    with pytest.raises(LineNotActive):
        do(*draw("lin_unknown", firm, 1))


def test_two_banks_lines_share_one_limit(trade: Trade, line_id: str) -> None:
    second = plant(trade.supplier_id, 100_000_000)
    do(*draw(line_id, trade.supplier_id, 60_000_000))
    with pytest.raises(ExposureExceeded):
        do(*draw(second, trade.supplier_id, 40_000_001))
    do(*draw(second, trade.supplier_id, 40_000_000))
    assert free(trade.supplier_id) == 0


def test_debts_elsewhere_and_a_fallen_limit_take_of_what_is_free_and_call_nothing_back(
    trade: Trade, line_id: str
) -> None:
    firm = trade.supplier_id
    do(*draw(line_id, firm, 80_000_000))
    do(*disburse(line_id, firm, 80_000_000))
    exposure.set_limit(firm, 70_000_000, asked())
    assert free(firm) == -10_000_000
    owe_elsewhere(firm, 5_000_000)
    owe_elsewhere(firm, 5_000_000)
    assert free(firm) == -15_000_000
    do(*repay(line_id, firm, 20_000_000, revolves=True))
    assert free(firm) == 5_000_000
    owe_elsewhere(firm, 0)
    position = exposure.of(firm).position
    assert (position.available_minor, position.outstanding_minor) == (10_000_000, 60_000_000)


def test_a_limit_that_stays_what_it_is_makes_no_entry_and_one_of_nothing_is_one(trade: Trade) -> None:
    exposure.set_limit(trade.buyer_id, 0, asked())
    exposure.set_limit(trade.buyer_id, 0, asked())
    assert exposure.of(trade.buyer_id).version == 1
    line_id = plant(trade.buyer_id, 100, limit_of_firm=0)
    with pytest.raises(ExposureExceeded):
        do(*draw(line_id, trade.buyer_id, 1))


def test_a_bank_that_changes_the_limit_changes_what_is_available_of_what_is_drawn_meanwhile(
    trade: Trade, line_id: str
) -> None:
    do(*draw(line_id, trade.supplier_id, 30_000_000))
    apply(
        line_id,
        lambda was, context: _drawn_meanwhile(
            line_handling.change(was, context, 50_000_000, ENDS_ON, "Cut.", trade.time.at),
            lambda: do(*draw(line_id, trade.supplier_id, 10_000_000)),
        ),
    )
    assert parts(trade.api, line_id) == ("100000.00", "400000.00", "0.00")


def test_a_draw_between_the_decision_to_close_and_the_closing_keeps_the_line_open(trade: Trade, line_id: str) -> None:
    with pytest.raises(Conflict):
        apply(
            line_id,
            lambda was, context: _drawn_meanwhile(
                line_handling.close(was, "borrower", "Done.", trade.time.at),
                lambda: do(*draw(line_id, trade.supplier_id, 1)),
            ),
        )
    assert see(trade.api, line_id)["status"] == "active"


def _drawn_meanwhile(change: LineChange, meanwhile: Callable[[], None]) -> LineChange:
    meanwhile()
    return change


def test_what_is_not_there_cannot_be_released_disbursed_or_repaid(trade: Trade, line_id: str) -> None:
    for effects in (release, disburse):
        with pytest.raises(AssertionError):
            do(*effects(line_id, trade.supplier_id, 1))
    with pytest.raises(AssertionError):
        do(*repay(line_id, trade.supplier_id, 1, revolves=True))


def test_the_books_say_what_the_columns_say(trade: Trade, line_id: str) -> None:
    firm = trade.supplier_id
    do(*draw(line_id, firm, 30_000_000))
    do(*disburse(line_id, firm, 30_000_000))
    do(*repay(line_id, firm, 10_000_000, revolves=True))
    owe_elsewhere(firm, 5_000_000)
    project_all()

    def balance(account: str) -> str:
        return str(trade.api.get(f"/v1/ledger/accounts/{account}?currency=CNY", ADMIN)["closing"]["amount"])

    position = exposure.of(firm).position
    assert (position.available_minor, position.outstanding_minor) == (75_000_000, 20_000_000)
    for code, amount in {
        chart.EXPOSURE_GRANTED: "1000000.00",
        chart.EXPOSURE_AVAILABLE: "750000.00",
        chart.EXPOSURE_PENDING: "0.00",
        chart.EXPOSURE_OUTSTANDING: "200000.00",
        chart.EXPOSURE_ELSEWHERE: "50000.00",
    }.items():
        assert balance(f"{code}:{firm}") == amount, code
    for code, amount in {
        chart.LINE_GRANTED: "1000000.00",
        chart.LINE_AVAILABLE: "800000.00",
        chart.LINE_OUTSTANDING: "200000.00",
    }.items():
        assert balance(f"{code}:{line_id}") == amount, code
    assert trade.api.get("/v1/ledger/trial-balance", ADMIN)["balanced"]


def test_the_columns_stand_for_themselves(trade: Trade, line_id: str) -> None:
    """What the guards ask is kept beside its parts: together they are the limit."""
    do(*draw(line_id, trade.supplier_id, 7))
    for row in (lines.LineRow.find(line_id), exposures.ExposureRow.find(trade.supplier_id)):
        assert row is not None
        assert (row.available_minor, row.used_minor) == (row.position.available_minor, row.position.used_minor) == (
            99_999_993, 7,
        )  # fmt: skip


def test_a_line_is_renewed_on_a_data_pack_made_anew_which_its_bank_reads_while_it_may(
    trade: Trade, line_id: str
) -> None:
    api, firm_id = trade.api, trade.supplier_id
    person = {"Surety_Acting_Person": sign_for(firm_id)}
    assert (act(api, line_id, "renew", by=trade.supplier, **person)["code"]) == LineNotInThisStatus.code
    trade.time.at = END - 30 * DAY
    assert act(api, line_id, "renew", by=trade.supplier)["code"] == SignerNotNamed.code
    assert act(api, line_id, "renew", by=trade.supplier, **person)["code"] == "consent_missing"
    asked_for = {
        "purpose": "credit",
        "bank_ids": ["boc"],
        "data_classes": ["profile", "exports"],
        "until": "2027-12-31",
    }
    given = api.post("/v1/consents", asked_for, trade.supplier, **person)
    assert given.status == 201, given.body
    assert api.get(f"/v1/credit-lines/{line_id}/data-pack", BOC).status == 404
    renewed = act(api, line_id, "renew", by=trade.supplier, key="renew", **person)
    assert renewed["renewal_requested_at"], renewed.body
    assert act(api, line_id, "renew", by=trade.supplier, key="renew", **person).raw == renewed.raw
    assert act(api, line_id, "renew", by=trade.supplier, **person)["code"] == LineNotInThisStatus.code
    pack = api.get(f"/v1/credit-lines/{line_id}/data-pack", BOC)
    assert pack.status == 200, pack.body
    assert pack["sha256"] == api.get(f"/v1/credit-lines/{line_id}/data-pack", trade.supplier)["sha256"]
    api.post(f"/v1/consents/{given['id']}/withdraw", None, trade.supplier, **person)
    assert api.get(f"/v1/credit-lines/{line_id}/data-pack", BOC).status == 404
