"""A consent as a value: what it covers, for how long, and what it cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from chalicelib.credit.rules import consent as rules
from chalicelib.credit.rules.consent import (
    MACHINE,
    TABLE,
    ConsentNotForBanks,
    ConsentNotInThisStatus,
    ConsentToNothing,
    ConsentTooLong,
    DataClass,
    Purpose,
    Status,
)
from tests.credit.consenting import NOW, POLICY, consent

DAY = timedelta(days=1)


def test_it_covers_the_banks_and_classes_it_names_and_no_others() -> None:
    for bank_id in ("boc", "ccb", "cmb", ""):
        for data_class in get_args(DataClass):
            expected = bank_id in ("boc", "ccb") and data_class in ("profile", "exports")
            assert consent().covers(bank_id, data_class) == expected


def test_it_covers_its_last_day_to_the_end_in_shanghai() -> None:
    assert consent().due_at == datetime(2026, 6, 30, 16, tzinfo=UTC)
    [deadline] = MACHINE.deadlines(consent(), ())
    assert (deadline.due_at, deadline.owner, deadline.default_outcome) == (consent().due_at, "firm", "expired")


@pytest.mark.parametrize("days", [0, POLICY.most_days])
def test_it_ends_today_or_within_a_year(days: int) -> None:
    assert consent(until=date(2026, 3, 2) + days * DAY).status == "live"


@pytest.mark.parametrize("days", [-1, POLICY.most_days + 1])
def test_another_end_is_refused_with_the_days_there_are(days: int) -> None:
    with pytest.raises(ConsentTooLong) as refused:
        consent(until=date(2026, 3, 2) + days * DAY)
    assert refused.value.numbers == {"earliest": "2026-03-02", "latest": "2027-03-03"}


@pytest.mark.parametrize("other", [{"bank_ids": ()}, {"purpose": "pre_offers"}])
def test_applications_are_for_banks_and_pre_offers_for_none(other: dict[str, Any]) -> None:
    with pytest.raises(ConsentNotForBanks):
        consent(**other)
    assert not consent(purpose="pre_offers", bank_ids=()).covers("boc", "exports")


@pytest.mark.parametrize(("purpose", "missing"), rules.TAKES.items())
def test_a_consent_that_nothing_could_be_done_by_is_refused_with_what_it_lacks(
    purpose: Purpose, missing: DataClass
) -> None:
    others = tuple(each for each in get_args(DataClass) if each != missing)
    with pytest.raises(ConsentToNothing) as refused:
        consent(purpose=purpose, bank_ids=(), data_classes=others)
    assert refused.value.numbers == {"missing": missing}
    assert consent(purpose=purpose, bank_ids=(), data_classes=(missing,)).status == "live"


def test_what_is_named_twice_counts_once() -> None:
    assert consent(bank_ids=("ccb", "boc", "ccb"), data_classes=("exports", "profile", "exports")) == consent()


@pytest.mark.parametrize("status", get_args(Status))
def test_only_the_firm_withdraws_and_only_what_is_live(status: Status) -> None:
    states = {
        "live": consent(),
        "withdrawn": rules.withdraw(consent(), "per_1", NOW).state,
        "expired": rules.expire(consent(), (), consent().due_at).state,
    }
    state = states[status]
    assert TABLE.allowed(state, "firm", (), NOW) == (["withdraw"] if status == "live" else [])
    assert TABLE.allowed(state, "officer", (), NOW) == []
    if status != "live":
        assert not state.covers("boc", "exports")
        with pytest.raises(ConsentNotInThisStatus):
            TABLE.require("withdraw", state, "firm", (), NOW)
