from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger.rules import accounts, close
from chalicelib.ledger.rules import chain as ledger_chain
from chalicelib.ledger.rules.accounts import MOST_SHARDS, Turnover
from chalicelib.ledger.rules.chain import UNREADABLE, Findings, Link, Place
from chalicelib.ledger.rules.chart import CHART
from chalicelib.shared import journal
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Entry, Event, Posting
from chalicelib.shared.request import Caller, RequestContext

START = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
OFFICER = Caller(sub="officer-1", role="officer")
CODES = sorted(CHART)


def entry(aggregate_id: str, seq: int, prev: str, *postings: Posting) -> Entry:
    request = RequestContext(caller=OFFICER, now=START, request_id="r", key=f"{aggregate_id}-{seq}", digest="d")
    return journal.entry(
        request,
        Event("order.moved", {"seq": seq}, postings),
        aggregate_id=aggregate_id,
        seq=seq,
        prev=prev,
        response=b"{}",
    )


def chain(aggregate_id: str, length: int, *postings: Posting) -> list[Entry]:
    made: list[Entry] = []
    for seq in range(1, length + 1):
        made.append(entry(aggregate_id, seq, made[-1].entry_hash if made else journal.GENESIS, *postings))
    return made


def witnessed(entries: list[Entry]) -> list[tuple[Place, Link | str | None]]:
    return [
        (Place(entry.aggregate_id, entry.seq, entry.entry_id, entry.entry_hash), Link(entry, entry.entry_hash))
        for entry in entries
    ]


@st.composite
def moves(draw: st.DrawFn) -> tuple[Posting, ...]:
    """Some transfers between accounts of the chart, in several currencies."""
    told: tuple[Posting, ...] = ()
    for _ in range(draw(st.integers(1, 4))):
        debit, credit = draw(st.sampled_from(CODES)), draw(st.sampled_from(CODES))
        minor, currency = draw(st.integers(0, 10**14)), draw(st.sampled_from(["USD", "KRW", "KWD"]))
        told += journal.transfer(minor, currency, debit_to=(debit, "a"), credit_to=(credit, "b"))
    return told


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_a_balance_is_positive_on_the_accounts_normal_side() -> None:
    assert accounts.balance_minor("bank_clearing", Turnover(500, 200)) == 300
    assert accounts.balance_minor("held", Turnover(200, 500)) == 300
    assert accounts.balance_minor("held", Turnover(500, 200)) == -300


def test_every_account_of_the_chart_has_a_side_a_kind_and_an_owner() -> None:
    for account in CHART.values():
        assert account.normal in ("debit", "credit")
        assert account.kind in ("asset", "liability", "memorandum", "mirror", "income", "expense")
        assert account.of
        assert account.holds


def test_an_account_is_named_by_its_code_and_whose_it_is() -> None:
    assert accounts.named("held:ord_1") == ("held", "ord_1")
    assert accounts.named("held") == ("held", "")


@pytest.mark.parametrize("name", ["", "gold", "gold:mem_1", "held:", ":mem_1", "held:" + "x" * 200])
def test_what_the_chart_does_not_have_is_not_there(name: str) -> None:
    with pytest.raises(NotFound):
        accounts.named(name)


def test_a_member_sees_only_what_is_its_own() -> None:
    member = Caller(sub="mem_1", role="member")
    assert accounts.may_see("supplier_balance:mem_1", member)
    assert accounts.may_see("cover_available:mem_1", member)
    assert not accounts.may_see("supplier_balance:mem_2", member)
    assert not accounts.may_see("supplier_balance", member)
    assert not accounts.may_see("held:mem_1", member)
    assert accounts.may_see("held", OFFICER)


def test_what_every_order_touches_is_kept_in_parts_and_a_private_account_is_not() -> None:
    assert accounts.shards("held", "") == accounts.shards("bank_clearing", "citi") == MOST_SHARDS
    assert accounts.shards("supplier_balance", "mem_1") == accounts.shards("unknown", "x") == 1


@given(moves())
def test_balanced_postings_always_sum_to_zero(postings: tuple[Posting, ...]) -> None:
    totals: dict[tuple[str, str], Turnover] = {}
    for posting in postings:
        key = posting.account, posting.currency
        totals[key] = totals.get(key, Turnover()) + Turnover(posting.debit_minor, posting.credit_minor)
    assert all(total.debit_minor == total.credit_minor for total in accounts.sums(totals).values())


def test_promises_do_not_make_up_for_money() -> None:
    even = {("held", "USD"): Turnover(5, 5), ("cover_granted", "USD"): Turnover(7, 7)}
    mixed = {("held", "USD"): Turnover(5, 0), ("cover_granted", "USD"): Turnover(0, 5)}
    assert accounts.balances(even)
    assert not accounts.balances(mixed)


@given(moves())
def test_every_posting_is_booked_once_in_groups_that_fit_one_transaction(postings: tuple[Posting, ...]) -> None:
    groups = accounts.legs(postings)
    assert [place for group in groups for place in group] == list(range(len(postings)))
    for group in groups:
        items = {
            (posting.account, posting.owner_id, posting.currency) for posting in (postings[place] for place in group)
        }
        codes = {(posting.account, posting.currency) for posting in (postings[place] for place in group)}
        mark, late = 1, 1
        assert mark + len(items) + len(codes) + late <= 10


def test_groups_balance_where_they_can() -> None:
    release = journal.transfer(5, "USD", debit_to=("held", "o"), credit_to=("supplier_balance", "s"))
    cover = journal.transfer(7, "USD", debit_to=("cover_available", "s"), credit_to=("cover_reserved", "s"))
    assert accounts.legs(release + cover) == [[0, 1, 2, 3]]
    parted = (*release[:1], journal.credit("supplier_balance", "s", "USD", 4), journal.credit("held", "o", "USD", 1))
    assert accounts.legs(parted + cover) == [[0, 1, 2], [3, 4]]
    assert accounts.legs(()) == []


# --- chains -----------------------------------------------------------------------------------------------------------


@given(moves(), st.integers(1, 6))
def test_a_chain_as_it_was_written_holds(postings: tuple[Posting, ...], length: int) -> None:
    assert ledger_chain.first_bad(witnessed(chain("ord_1", length, *postings))) is None


_PAID = journal.transfer(100, "USD", debit_to=("bank_clearing", "citi"), credit_to=("held", "ord_1"))
_CHANGES = [
    {"prev": "x"},
    {"at": datetime(2026, 3, 2, 2, 16, tzinfo=UTC)},
    {"by": Caller(sub="officer-2", role="officer")},
    {"request_id": "q"},
    {"digest": "e"},
    {"status": 201},
    {"response": b"{ }"},
    {"recorded_at": START},
    {"event": Event("order.moved", {"seq": "2"}, _PAID)},
    {"event": Event("order.paid", {"seq": 2}, _PAID)},
    {"event": Event("order.moved", {"seq": 2}, _PAID, policy="p")},
    {"event": Event("order.moved", {"seq": 2}, _PAID[:1])},
]


@pytest.mark.parametrize("change", _CHANGES)
def test_an_entry_that_was_changed_is_named(change: dict[str, object]) -> None:
    places = witnessed(chain("ord_1", 4, *_PAID))
    place, found = places[1]
    assert isinstance(found, Link)
    changed = msgspec.structs.replace(found.entry, **change)
    places[1] = place, Link(changed, found.entry_hash)
    bad = ledger_chain.first_bad(places)
    assert bad is not None
    assert (bad.seq, bad.entry_id, bad.why) == (
        2,
        place.entry_id,
        "its contents do not give the head it was sealed with",
    )


@pytest.mark.parametrize("change", _CHANGES)
@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_changed_entry_that_was_sealed_anew_is_named_too(change: dict[str, object], seq: int) -> None:
    places = witnessed(chain("ord_1", 4, *_PAID))
    place, found = places[seq - 1]
    assert isinstance(found, Link)
    changed = msgspec.structs.replace(found.entry, **change)
    places[seq - 1] = place, Link(changed, changed.entry_hash)
    bad = ledger_chain.first_bad(places)
    assert bad is not None
    assert (bad.seq, bad.entry_id) == (seq, place.entry_id)


@given(st.integers(1, 8), st.data())
def test_a_missing_entry_is_found_wherever_it_is_missing(length: int, data: st.DataObject) -> None:
    places = witnessed(chain("ord_1", length))
    gone = data.draw(st.integers(0, length - 1))
    places[gone] = places[gone][0], None
    bad = ledger_chain.first_bad(places)
    assert bad is not None
    assert (bad.seq, bad.why) == (gone + 1, "it is not in the journal any more")


def test_a_missing_place_is_told_of_the_entry_after_it() -> None:
    places = witnessed(chain("ord_1", 3))
    del places[1]
    bad = ledger_chain.first_bad(places)
    assert bad is not None
    assert (bad.seq, bad.why) == (3, "number 2, the entry before it, is not there")


def test_an_entry_in_anothers_place_is_named() -> None:
    mine, other = witnessed(chain("ord_1", 2)), witnessed(chain("ord_2", 2))
    bad = ledger_chain.first_bad([mine[0], (mine[1][0], other[1][1])])
    assert bad is not None
    assert bad.why == "it says it is number 2 of 'ord_2'"


def test_postings_must_balance_and_be_of_the_chart() -> None:
    lone = msgspec.structs.replace(entry("ord_1", 1, ""), event=Event("x", {}, (journal.debit("held", "o", "USD", 5),)))
    strange = entry("ord_1", 1, "", *journal.transfer(5, "USD", debit_to=("gold", "o"), credit_to=("held", "o")))
    assert "out of balance by {'USD': 5}" in (ledger_chain.wrong_in(Link(lone, lone.entry_hash)) or "")
    assert "'gold', which is not in the chart" in (ledger_chain.wrong_in(Link(strange, strange.entry_hash)) or "")


def test_one_bad_entry_is_told_once_and_the_walk_goes_on() -> None:
    findings = Findings()
    places = witnessed(chain("ord_1", 4)) + witnessed(chain("ord_2", 2))
    places[1] = places[1][0], UNREADABLE
    for place, found in places:
        findings.follow(place, found)
    assert (findings.entries, findings.chains, findings.bad) == (6, 2, 1)
    assert findings.first_bad is not None
    assert (findings.first_bad.seq, findings.first_bad.why) == (2, "it cannot be read")


@given(st.integers(0, 5))
def test_a_walk_taken_up_again_finds_the_same(stop: int) -> None:
    places = witnessed(chain("ord_1", 3)) + witnessed(chain("ord_2", 3))
    places[4] = places[4][0], None
    whole, first = Findings(), Findings()
    for place, found in places:
        whole.follow(place, found)
    for place, found in places[:stop]:
        first.follow(place, found)
    again = msgspec.json.decode(msgspec.json.encode(first), type=Findings)
    for place, found in places[stop:]:
        again.follow(place, found)
    assert again == whole


def test_sums_are_of_what_took_effect_until_the_day_and_fold_by_currency() -> None:
    written = entry("ord_1", 1, "", *_PAID)
    early, late = Findings(until=date(2026, 3, 1)), Findings(until=date(2026, 3, 2))
    place = Place("ord_1", 1, written.entry_id, written.entry_hash)
    early.add_up(Link(written, written.entry_hash), place)
    late.add_up(Link(written, written.entry_hash), place)
    assert early.sums == {}
    assert late.sums == {"bank_clearing#USD": Turnover(100, 0), "held#USD": Turnover(0, 100)}
    late.fold()
    assert late.by_currency() == {"USD": Turnover(100, 100)}


def test_an_entry_the_books_do_not_have_is_counted_and_one_in_anothers_place_is_bad() -> None:
    written = entry("ord_1", 1, "")
    findings = Findings()
    findings.add_up(Link(written, written.entry_hash), None)
    assert (findings.unbooked, findings.bad) == (1, 0)
    findings.add_up(Link(written, written.entry_hash), Place("ord_1", 1, "ent_other", "h"))
    assert findings.first_bad is not None
    assert findings.first_bad.why == "ent_other has its place in the chain"


def test_a_close_names_every_account_that_differs_and_no_other() -> None:
    part = Findings(sums={"held#USD": Turnover(0, 100), "bank_clearing#USD": Turnover(100, 0)})
    books = {("held", "USD"): Turnover(0, 90), ("bank_clearing", "USD"): Turnover(100, 0)}
    closing = close.closing(date(2026, 3, 1), START, [part, Findings(entries=2, unbooked=1)], books)
    assert [(d.code, d.journal, d.books) for d in closing.differences] == [("held", Turnover(0, 100), Turnover(0, 90))]
    assert (closing.findings.entries, closing.findings.unbooked) == (2, 1)
