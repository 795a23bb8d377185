"""Ten years of something every day leave an item small: what is remembered of each event is a sum, or one of the last few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from chalicelib.channels.rules import channel_machine, membership_machine
from chalicelib.claims.rules.claim import Claim
from chalicelib.daybook.rules.activity import Inquiry, Reply, days_of_thread, tell_thread
from chalicelib.daybook.rules.days import DayRow, amended, merged, page_of
from chalicelib.deposits.rules.account import Receivable
from chalicelib.firms.rules import changing, documents
from chalicelib.firms.rules.timers import MACHINE
from chalicelib.groups.rules import living
from chalicelib.guarantees.rules import pool_handling
from chalicelib.listings.rules import handling as listing_handling
from chalicelib.listings.rules import pictures
from chalicelib.listings.rules import timers as listing_timers
from chalicelib.reconciliation.rules import handling as reconciliation_handling
from chalicelib.reconciliation.rules.item import Difference
from chalicelib.recoveries.rules import receiving as recoveries_receiving
from chalicelib.registry import MACHINES
from chalicelib.shared import journal, packing, policies
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers.rules import penalties, programme
from chalicelib.suppliers.rules.qualification import Terms
from chalicelib.webhooks.rules.delivery import Outcome, attempted, first, replayed
from chalicelib.webhooks.rules.endpoint import Endpoint, Key, rotated
from chalicelib.webhooks.rules.policy import Policy
from tests.channels import members
from tests.claims.playing import Play
from tests.deposits.rules.sellers import seller
from tests.firms.factories import signer
from tests.firms.profiles import CONTEXT as FIRM_CONTEXT
from tests.firms.profiles import announced, registered
from tests.groups.grouping import CONTEXT as GROUP_CONTEXT
from tests.groups.grouping import active
from tests.guarantees import pooling
from tests.listings import offered
from tests.loans.lending import lent_for_ten_years, paid_a_fen
from tests.reconciliation.differing import CONTEXT, dpd, opened
from tests.recoveries.asking import demanded, with_balance

START: Final = datetime(2026, 1, 1, 2, tzinfo=UTC)
DAYS: Final = 3_653
SMALL: Final = 20_000
"""Bytes of an item that has lived for ten years, as it is stored."""


def _every_day() -> Iterator[datetime]:
    return (START + timedelta(days=number) for number in range(DAYS))


def _entries(of: str) -> Iterator[journal.Entry]:
    for number, now in enumerate(_every_day(), 1):
        request = RequestContext(caller=CLOCK, now=now, request_id="r", key=f"{of}:{number}")
        yield journal.entry(request, Event("day"), aggregate_id=of, seq=number, prev=journal.GENESIS)


def claim_that_is_written_to() -> Claim:
    claim = Play().file()
    for entry in _entries(claim.id):
        claim = replace(claim, version=entry.seq + 1, recent=journal.recent(claim.recent, entry))
    return claim


def order_that_is_written_to() -> Any:
    order = Play().order
    for entry in _entries(order.id):
        order = replace(order, version=order.version + 1, recent=journal.recent(order.recent, entry))
    return order


def recovery_that_is_set_off() -> Any:
    """A cent of the supplier's balance, every day."""
    recovery = demanded(account=None)
    for now in _every_day():
        change = recoveries_receiving.set_off(recovery, with_balance(1), now + timedelta(days=365))
        assert change is not None
        recovery = change.state
    assert recovery.received_minor == DAYS
    return recovery


def deposit_that_is_paid_into() -> Any:
    """A payment every day, and an insurer that owes for another policy each month, and pays."""
    deposit = seller(cash=1)
    for number, now in enumerate(_every_day()):
        account = deposit.account
        if number % 30 == 0:
            account = account.with_receivable(Receivable(id=f"sub_{number}", claimed_minor=5, received_minor=5))
        deposit = replace(deposit, account=account, available_minor=deposit.available_minor + 1, updated_at=now)
    return deposit


def supplier_that_is_penalised() -> Any:
    """A point every day, of which each is lifted the day after."""
    terms = policies.versions("qualification")[-1].read_as(Terms).points
    supplier = replace(programme.non_member("mem_1", START), status="active", version=1, enrolled_at=START)
    for number, now in enumerate(_every_day()):
        if supplier.penalties:
            supplier = programme.lifted(supplier, supplier.penalties[-1].id, "mended", terms, now)
        penalty = penalties.penalty(f"pen_{number}", "late", 1, "again", terms, now)
        supplier = programme.penalized(supplier, penalty, terms, now)
    return supplier


def endpoint_whose_secret_rotates() -> Endpoint:
    policy = policies.versions("webhooks")[-1].read_as(Policy)
    endpoint = Endpoint(
        id="whe_1",
        owner="mem_1",
        url="https://receiver.example/",
        kinds=("*",),
        keys=(Key(secret="whsec_" + "A" * 44, made_by="ent_0"),),
        created_at=START,
        updated_at=START,
    )
    for number, now in enumerate(_every_day()):
        endpoint = rotated(endpoint, Key(secret="whsec_" + "B" * 44, made_by=f"ent_{number}"), policy, now)
    return endpoint


def delivery_that_is_tried() -> Any:
    """In vain, and sent again by hand whenever it was given up."""
    policy = policies.versions("webhooks")[-1].read_as(Policy)
    delivery = first(endpoint_whose_secret_rotates(), next(_entries("ord_1")), policy, START)
    for number, now in enumerate(_every_day()):
        if delivery.due_at is None:
            delivery = replayed(delivery, f"ent_{number}", now)
        delivery = attempted(delivery, Outcome(code=500), policy, now)
    return delivery


def thread_that_is_told_of() -> Any:
    """An inquiry turns out to have been a second earlier, day after day."""
    thread = None
    for number, now in enumerate(_every_day()):
        inquiry = Inquiry(
            member_id="mem_1",
            thread_id="T-1",
            buyer_ref="B-1",
            at=START - timedelta(seconds=number),
            source=f"ent_{number}:1 {now.date()}",
        )
        thread, outcome = tell_thread(thread, inquiry)
        assert outcome.result in ("new", "updated")
    return thread


def firm_that_changes_its_signer() -> Any:
    """Another signer every day, and a document that never comes."""
    firm = registered()
    for number, now in enumerate(_every_day()):
        for change in MACHINE.overdue(firm, FIRM_CONTEXT, now):
            firm = change.state
        firm = changing.person_removed(firm, FIRM_CONTEXT, firm.people[0].id, now).state
        firm = changing.person_added(firm, FIRM_CONTEXT, signer(f"per_{number}", "sign"), now).state
        firm = announced(firm, number, now)
        firm = documents.removed(firm, FIRM_CONTEXT, f"doc_{number}", now).state
    return firm


def loan_that_is_paid_every_day() -> Any:
    """A fen of a loan that is never repaid, every day, another schedule each year, and interest as the bank says each month."""
    loan = lent_for_ten_years()
    for number, now in enumerate(_every_day(), 1):
        loan = paid_a_fen(loan, number, now)
    assert loan.outstanding_minor == 100_000_00 - DAYS
    return loan


def item_that_differs_every_day() -> Any:
    """Another figure each day, another contradiction each week, and explained each month."""
    item = opened()
    for number, now in enumerate(_every_day()):
        findings = [dpd(number), *([Difference(of=f"event {number}", detail="d" * 200)] if number % 7 == 0 else [])]
        change = reconciliation_handling.compared(item, CONTEXT, findings, now.date(), now, of_all=False)
        item = change.state if change else item
        if number % 30 == 0 and item.status != "resolved":
            item = reconciliation_handling.resolve(item, "timing", "n" * 1_000, "officer-1", now).state
    return item


def pool_that_is_drawn_on() -> Any:
    """Filled every day, and drawn on by a call that the bank answers every other day."""
    pool = pooling.filled(10**12)
    for number, now in enumerate(_every_day()):
        pool = pooling.asked(100_00, pool, f"gcl_{number}")
        if number % 2:
            event = pooling.paid_out(50_00, f"gcl_{number}")
            pool = pool_handling.confirm_draw(pool, pooling.CONTEXT, event, "boc", now).state
        for change in pool_handling.MACHINE.overdue(pool, pooling.CONTEXT, pooling.NOW + 60 * pooling.DAY):
            pool = change.state
    return pool


def group_that_is_suspended_and_called_daily() -> Any:
    """Every day an officer suspends and resumes it, and the bank calls and is paid."""
    group = active()
    for number, now in enumerate(_every_day()):
        group = living.resume(living.suspend(group, "officer", "A doubt.", now).state, "None.", now).state
        called = living.call(group, f"gcl_{number}", now)
        settled = called and living.settle(called.state, GROUP_CONTEXT, f"gcl_{number}", now)
        assert settled
        group = settled.state
    assert group.status == "active"
    return group


def listing_that_is_reworded_daily() -> Any:
    """Other words every day, which an officer approves; another picture each month, of which none comes; renewed when it ends."""
    listing = offered.published()
    for number, now in enumerate(_every_day()):
        for change in listing_timers.MACHINE.overdue(listing, offered.CONTEXT, now):
            listing = change.state
        if listing.status == "expired":
            listing = listing_handling.renew(listing, offered.CONTEXT, now, now).state
        wording = offered.offer(number=listing.next_number, texts={"zh-Hans": f"{number}" * 100})
        edited = listing_handling.edit(listing, offered.CONTEXT, wording, now + timedelta(days=2), now).state
        listing = listing_handling.publish(edited, offered.CONTEXT, now).state
        if number % 30 == 0:
            picture = replace(offered.PICTURE, id=f"doc_{number}", sha256=f"{number}", announced_at=now)
            listing = pictures.announced(listing, picture, now).state
    assert listing.status == "published"
    return listing


def channel_that_is_amended_daily() -> Any:
    """Other terms every day, paused and opened again."""
    channel = members.channel()
    for number, now in enumerate(_every_day()):
        terms = replace(channel.terms, spread_bp=number % 100)
        channel = channel_machine.amend(channel, channel.name, terms, now).state
        channel = channel_machine.open_(channel_machine.pause(channel, "A night.", now).state, now).state
    return channel


def membership_that_is_stopped_daily() -> Any:
    """Suspended and reinstated every day, revoked and given back on appeal each week, renewed each year."""
    membership = members.issued(START)
    for number, now in enumerate(_every_day()):
        if membership_machine.renewable_from(membership, members.CONTEXT) <= now:
            membership = membership_machine.renew(membership, members.CONTEXT, now).state
        suspended = membership_machine.suspend(membership, "agency", "kotra", "quality", "t" * 1_000, now).state
        membership = membership_machine.reinstate(suspended, "t" * 1_000, now).state
        if number % 7 == 0:
            by = ("officer", "officer-1", "law", "t" * 1_000)
            membership = membership_machine.revoke(membership, members.CONTEXT, *by, now).state  # type: ignore[arg-type]
            membership = membership_machine.appeal(membership, members.CONTEXT, "t" * 1_000, now).state
            membership = membership_machine.decide_appeal(membership, "officer-2", "overturned", "t", now).state
    assert membership.renewals == 10
    return membership


LIVES: Final[list[Callable[[], Any]]] = [
    group_that_is_suspended_and_called_daily,
    claim_that_is_written_to,
    order_that_is_written_to,
    recovery_that_is_set_off,
    deposit_that_is_paid_into,
    supplier_that_is_penalised,
    endpoint_whose_secret_rotates,
    delivery_that_is_tried,
    thread_that_is_told_of,
    firm_that_changes_its_signer,
    loan_that_is_paid_every_day,
    item_that_differs_every_day,
    pool_that_is_drawn_on,
    listing_that_is_reworded_daily,
    channel_that_is_amended_daily,
    membership_that_is_stopped_daily,
]


@pytest.mark.parametrize("live", LIVES, ids=lambda live: live.__name__)
def test_ten_years_of_daily_events_leave_an_item_small(live: Callable[[], Any]) -> None:
    assert len(packing.pack(live())) < SMALL


def test_a_busy_month_of_the_day_book_is_many_small_pages() -> None:
    """Two thousand inquiries a day, each answered: the page of a month holds sums, a date's inquiries have a page of their own."""
    book: dict[str, dict[date, DayRow]] = {}
    for day in range(31):
        for number in range(2_000):
            at = datetime(2026, 3, 1, 1, tzinfo=UTC) + timedelta(days=day, seconds=17 * number)
            thread, _ = tell_thread(None, Inquiry(member_id="m", thread_id="t", buyer_ref="b", at=at))
            thread, _ = tell_thread(thread, Reply(member_id="m", thread_id="t", at=at + timedelta(seconds=7 * number)))
            assert thread is not None
            for part in days_of_thread(thread):
                page = book.setdefault(page_of(part), {})
                page[part.day] = replace(
                    page.get(part.day) or DayRow(day=part.day),
                    inquiries=(*(page[part.day].inquiries if part.day in page else ()), *part.inquiries),
                )
        sums = DayRow(
            day=date(2026, 3, 1) + timedelta(days=day), orders={"lanterns": (900, 90_000, 640_000)}, completed=900
        )
        book[page_of(sums)] = amended(book.get(page_of(sums), {}), (), (sums,))
    assert len(book) == 32
    assert max(len(packing.pack(tuple(page.values()))) for page in book.values()) < 3 * SMALL
    rows = merged(row for name in sorted(book) for row in book[name].values())
    assert [row.day.day for row in rows] == list(range(1, 32))
    assert {(len(row.inquiries), row.completed) for row in rows} == {(2_000, 900)}


def test_every_machine_is_small_after_ten_years_or_ends_before() -> None:
    """Whoever adds a machine says here how it lives, or that it cannot live so long."""
    lives = {
        "appeals",
        "channel-memberships",
        "channels",
        "claims",
        "deposits",
        "firms",
        "groups",
        "listings",
        "loans",
        "risk-pools",
        "orders",
        "reconciliation-items",
        "recoveries",
        "webhooks",
    }
    ends = {
        "agreements",
        "alerts",
        "applications",
        "bank-events",
        "bank-instructions",
        "cases",
        "consents",
        "credit-lines",
        "guarantee-calls",
        "member-claims",
        "incentives",
        "nominations",
        "offers",
        "peer-reports",
        "pre-offers",
        "acquirer-payments",
        "quotes",
        "receivables",
        "reviews",
        "runs",
        "sanctions",
        "trainings",
        "scores",
        "settlements",
    }
    assert {machine.name for machine in MACHINES} == lives | ends
