from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from chalicelib.daybook import records
from chalicelib.daybook.rules.activity import Inquiry, Reply
from chalicelib.daybook.rules.items import Fact
from chalicelib.daybook.service import recorder, recording
from chalicelib.shared import kept
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.settings import settings
from tests.daybook.stories import AT, SUPPLIER, book, tellings_of_trades, trade

EVER = date(2000, 1, 1), date(2100, 1, 1)


def results(facts: list[Fact]) -> list[str]:
    return [outcome.result for outcome in recording.record(facts)]


def test_recording_writes_facts_and_days_once(aws: None) -> None:
    facts: list[Fact] = [
        trade(trade_id=f"t-{number}", ordered_at=AT, paid_at=AT + timedelta(days=number)) for number in range(40)
    ]
    assert results(facts) == ["new"] * 40
    assert results(facts) == ["known"] * 40
    assert recording.rows(SUPPLIER, *EVER) == [row for _, row in sorted(book(facts)[1].items())]


@pytest.mark.parametrize("actions", [10, 50])
def test_transactions_are_as_large_as_the_engine_takes(
    aws: None, monkeypatch: pytest.MonkeyPatch, actions: int
) -> None:
    sizes: list[int] = []
    write = kept.write

    def measured(changed: list[dict[str, Any]]) -> None:
        sizes.append(len(changed))
        write(changed)

    monkeypatch.setattr(kept, "write", measured)
    monkeypatch.setattr(recorder, "settings", lambda: settings()._replace(bulk_actions=actions))
    assert results([trade(trade_id=f"t-{number}") for number in range(100)]) == ["new"] * 100
    assert max(sizes) == actions
    assert sum(row.completed for row in recording.rows(SUPPLIER, *EVER)) == 100


def test_a_batch_may_tell_of_one_trade_several_times(aws: None) -> None:
    paid = trade(status="paid", shipped_at=None, delivered_at=None)
    assert results([paid, trade(), paid]) == ["new", "updated", "known"]
    assert recording.rows(SUPPLIER, *EVER) == [row for _, row in sorted(book([trade()])[1].items())]


def test_rows_are_cut_at_the_day_and_the_end_is_not_in_it(aws: None) -> None:
    recording.record([trade()])
    assert [row.day for row in recording.rows(SUPPLIER, date(2017, 6, 11), date(2017, 7, 5))] == [
        date(2017, 6, 11),
        date(2017, 6, 20),
    ]


def test_a_member_without_trades_has_no_history_even_with_inquiries(aws: None) -> None:
    inquiry = Inquiry(member_id=SUPPLIER, thread_id="a", buyer_ref="b", at=AT)
    recording.record([inquiry, Reply(member_id=SUPPLIER, thread_id="a", at=AT + timedelta(minutes=1))])
    assert not recording.has_history(SUPPLIER)
    assert recording.rows(SUPPLIER, *EVER)[0].inquiries[0][1] == 60
    recording.record([trade()])
    assert recording.has_history(SUPPLIER)


def test_a_lost_race_is_decided_again_and_counts_once(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write = kept.write
    calls = 0

    def outrun(changed: list[dict[str, Any]]) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            write(changed)
            raise WriteConflict("Somebody was faster.")
        write(changed)

    monkeypatch.setattr(kept, "write", outrun)
    assert results([trade(source="file:2"), trade(trade_id="t-2", source="file:3")]) == ["new", "new"]
    assert sum(row.completed for row in recording.rows(SUPPLIER, *EVER)) == 2


@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tellings_of_trades())
def test_what_is_stored_equals_what_is_recomputed(aws: None, facts: list[Fact]) -> None:
    for table in (records.ItemRow, records.PageRow):
        for row in table.scan():
            row.delete()
    for start in range(0, len(facts), 3):
        recording.record(facts[start : start + 3])
    assert recording.rows(SUPPLIER, *EVER) == [row for _, row in sorted(book(facts)[1].items())]
