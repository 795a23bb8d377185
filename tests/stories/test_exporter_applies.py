"""EX, L: an exporter from its declarations to a limit that a bank may read of, through a file, feeds, an application and the nightly run."""

from __future__ import annotations

from typing import Any

from chalicelib.credit import jobs
from tests.credit.applying import Credit, credit
from tests.daybook.importing import imported
from tests.exports.declarations import ROW, feed, results, row
from tests.world import Pump, Reply

__all__ = ["credit"]

REF = "kettles-of-foshan"
OLD: dict[str, Any] = {"exporter_ref": REF, "submitted_on": "2025-08-20", "released_on": "2025-09-03"}
NEW: dict[str, Any] = {"exporter_ref": REF, "declaration_no": "D-2", "order_ref": "order-2", "amount": "150000.00"}


def limit(credit: Credit) -> Reply:
    reply = credit.borrower.get(f"/v1/members/{credit.borrower.member_id}/credit-limit?product=boc-term")
    assert reply.status == 200, reply.body
    return reply


def over_all_banks(credit: Credit) -> str:
    kept: str = limit(credit)["exposure"]["limit"]["amount"]
    return kept


def next_day(credit: Credit, officer: str, pump: Pump) -> dict[str, int]:
    credit.time.advance(days=1)
    run = jobs.begin_limits(credit.time())
    pump(times=2)
    counts: dict[str, int] = credit.api.get(f"/v1/runs/{run.id}", officer)["counts"]
    return counts


def test_a_limit_is_shown_at_once_kept_from_the_application_on_and_worked_out_every_night(
    credit: Credit, officer: str, pump: Pump
) -> None:
    """The second exporter of the file never applies: the run leaves it alone."""
    others = row(declaration_no="D-9", exporter_ref="pans-of-yiwu")
    told = [ROW | OLD, ROW | NEW, ROW | NEW, others]
    content = "\n".join([",".join(ROW), *(",".join(each.values()) for each in told)])
    done = imported(credit.api, officer, pump, content.encode(), kind="exports")
    assert done["counts"] == {"new": 3, "known": 1, "updated": 0, "refused": 0}
    shown = limit(credit)
    assert (shown["limit"]["amount"], shown["exposure"]) == ("270000.00", None)
    assert [(each["on"], each["limit"]["amount"]) for each in shown["leaves"]] == [
        ("2026-03-04", "150000.00"),
        ("2026-07-16", "0.00"),
    ]
    assert [gate["outcome"] for gate in shown["gates"]] == ["decided_by_bank", "decided_by_bank", "failed"]

    application_id = credit.submit("boc", amount={"amount": "100000.00", "currency": "CNY"})
    credit.streams()
    assert over_all_banks(credit) == "270000.00"
    assert limit(credit)["gates"][-1]["outcome"] == "met"
    pack = credit.borrower.get(f"/v1/credit-applications/{application_id}/data-pack")["document"]
    assert [each["limit"]["amount"] for each in pack["limits"]] == ["270000.00"]

    back = NEW | {"status": "returned", "returned_on": "2026-03-01", "returned_amount": "30000.00"}
    assert results(feed(credit.api, officer, ROW | back, ROW | back)) == ["updated", "known"]
    assert (limit(credit)["limit"]["amount"], over_all_banks(credit)) == ("240000.00", "270000.00")
    assert next_day(credit, officer, pump) == {"firms": 1, "set_aside": 0}
    assert over_all_banks(credit) == "240000.00"
    next_day(credit, officer, pump)
    assert over_all_banks(credit) == limit(credit)["limit"]["amount"] == "120000.00", "what was sold in September left"
    assert limit(credit)["reasons"] == []
    pack_now = credit.borrower.get(f"/v1/credit-applications/{application_id}/data-pack")["document"]
    assert pack_now == pack, "a pack stays as it was handed in"
