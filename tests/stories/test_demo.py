"""What `make demo` shows is true: the same story on a running service, over HTTP, on a real engine. README prints what it prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.size import IS_FULL

README = Path(__file__).parents[2] / "README.md"
PATIENCE_SECONDS = 600


def demo(*arguments: str) -> str:
    process = subprocess.run(
        [sys.executable, "-m", "infra.local.demo", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    must_be_for_people(process.stdout)
    return process.stdout


def must_be_for_people(told: str) -> None:
    """No instants, no maps, no values of the language, no names of fields."""
    for unfit in (r"\d\dT\d\d:", r"\{", r"\b(True|False|None)\b", r"\w_\w"):
        assert not re.search(unfit, told), (unfit, told)


@pytest.mark.engine
@pytest.mark.slow
def test_one_orders_life_ends_as_readme_shows_it() -> None:
    [shown] = re.findall(r"```text\n(.*?)```", README.read_text(), re.DOTALL)
    assert demo() == shown


@pytest.mark.engine
@pytest.mark.slow
def test_a_day_of_export_credit_ends_repaid_with_books_that_agree() -> None:
    output = demo("credit", "--short")
    assert "boc: rejected: The bank does not lend to this industry." in output
    assert "sealed; a line of 400,000.00 CNY with ccb, 400,000.00 CNY of it available" in output
    assert output.count(": repaid; 0.00 CNY and 0.00 CNY of interest") == 2
    assert "no differences; the hash of the bank's books is" in output
    assert "debits equal credits in every currency; every entry was verified, none is bad" in output


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.skipif(not IS_FULL, reason="the months of export credit are played by make test-all")
def test_export_credit_ends_repaid_with_books_that_agree() -> None:
    output = demo("credit")
    assert "boc: rejected: The bank does not lend to this industry." in output
    assert "sealed; a line of 400,000.00 CNY with ccb, 400,000.00 CNY of it available" in output
    assert "loan of 120,000.00 CNY: in arrears" in output
    assert output.count(": repaid; 0.00 CNY and 0.00 CNY of interest") == 2
    assert "no differences; the hash of the bank's books is" in output
    assert "100,000.00 USD self service: 2,400.00 CNY, reversed in part" in output
    assert "debits equal credits in every currency; every entry was verified, none is bad" in output


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.skipif(not IS_FULL, reason="the whole demo is tried by make test-all")
def test_claims_and_deposits_end_with_balanced_books() -> None:
    output = demo("--all")
    assert output.count("order completed") == 2
    assert "refund 140.00 USD (held 0.00, advanced 140.00, fee 0.00): settled" in output
    assert "refund of 140.00 USD: settled; attempts: failed, settled" in output
    assert "debited, 0.00 USD left" in output
    assert "limit 1,100.00 USD = available 40.00 USD + reserved 1,060.00 USD + advanced 0.00 USD" in output
    assert "refund 120.00 USD (held 75.00, advanced 0.00, fee 45.00): settled" in output
    assert (
        "Prompt Linen: 700 orders would be 500.00 CNY, was 100.00 CNY, not in arrears: 100.00 CNY (ceiling)" in output
    )
    assert "Slow Linen: 10 orders would be 50.00 CNY, was 100.00 CNY, in arrears: 100.00 CNY (floor)" in output
    assert "130 days later: 6 of 6 checks pass" in output
    assert "debits equal credits in every currency; every entry was verified, none is bad" in output


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.skipif(not IS_FULL, reason="joint guarantee is played by make test-all")
def test_joint_guarantee_ends_with_every_share_explained_and_books_that_agree() -> None:
    output = demo("guarantee")
    assert "Haiyue Glass cannot: Firms that are related to each other cannot be in one group." in output
    assert "Yuyao Plugs declines" in output
    assert output.count("5 of 5 answers are right; signed") == 3
    assert "Beilun Pans asks too early: Another seat has to pay punctually first." in output
    assert "Beilun Pans pays Cixi Kettles 21,116.00 CNY: rescue" in output
    assert "Beilun Pans owes Cixi Kettles 3,710.00 CNY of that: a contribution, held until the bank" in output
    assert "Cixi Kettles: due, 20,000.00 to pay now, at most 150,000.00; bears 126,290.00 in the end" in output
    assert "Beilun Pans pays Cixi Kettles 75,000.00 CNY: recourse" in output
    assert "Ningbo Haiyue Lamps pays Cixi Kettles 75,000.00 CNY: debtor recourse" in output
    assert "Cixi Kettles pays Beilun Pans 37,500.00 CNY: contribution" in output
    assert "Ningbo Haiyue Lamps pays Cixi Kettles 37,500.00 CNY: debtor recourse" in output
    assert "Ningbo Haiyue Lamps pays Beilun Pans 37,500.00 CNY: debtor recourse" in output
    assert "the bank has paid on 208,616.00 CNY to Cixi Kettles; nobody owes it anything any more" in output
    assert "the bank has paid on 75,000.00 CNY to Beilun Pans; nobody owes it anything any more" in output
    assert "call exhausted: 150,000.00 CNY from members, 51,676.12 CNY from the pool" in output
    assert "no differences" in output
    assert "debits equal credits in every currency; every entry was verified, none is bad" in output


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.skipif(not IS_FULL, reason="monitoring is played by make test-all")
def test_monitoring_ends_with_everybody_told_who_was_told_before() -> None:
    output = demo("monitoring")
    assert "2026-03-06: Ningbo Haiyue Lamps, login silence is amber: silent days 4" in output
    assert "2026-03-08: Ningbo Haiyue Lamps, login silence is red: silent days 6" in output
    assert output.count("asks for another draw: The firm draws nothing") == 2
    assert "resolved, explained; ccb hears it" in output
    assert "Fenghua Sockets, profile change is red" in output
    assert "Fenghua Sockets, slow decline is amber" in output
    assert "the rule for a drop by half sees nothing yet" in output
    assert "of 1000 points, band" in output
    assert "overturned; ccb, who was told, is told so, with an apology" in output
    assert "lets the group go on: active again" in output
    assert "Fenghua Sockets: 5 points after an officer took the approval's back" in output
    assert re.search(r"Ningbo Haiyue Lamps loses 5 points for (approved|granted): malicious report", output)
    assert "those for the loan are over on 1 March 2028" in output
    assert "debits equal credits in every currency; every entry was verified, none is bad" in output


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.skipif(not IS_FULL, reason="a country channel is played by make test-all")
def test_a_country_channel_ends_with_everybody_paid_and_books_that_agree() -> None:
    output = demo("channel")
    assert "Late Boat Trading: returned" in output
    assert "looked for as 김철수공방: 1 found" in output
    assert "to the agency of another country: 404 not_found" in output
    assert "priced in dollars: listing_breaks_rules, currency_not_allowed" in output
    assert "129,000 KRW: the buyer pays 661.19 CNY, the exporter gets 125,775 KRW" in output
    assert "captured on 10 February, due on 23 February 2026" in output
    assert "agreed on 150.00 CNY; the payment is partly refunded" in output
    assert "lost: 661.19 CNY went back; the exporter owes 661.19 CNY" in output
    assert "badge REVOKED; a new order is refused: " in output, (
        "by its membership, or by its listings that left the catalogue"
    )
    assert "the open order: received, 661.19 CNY covered" in output
    assert "没有订单" in output
    assert "debits equal credits in every currency; every entry was verified, none is bad" in output
