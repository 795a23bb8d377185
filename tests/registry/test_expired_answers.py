"""A first answer is removed when its time is over. Who then repeats the request gets the present state, and nothing happens a second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest

from chalicelib import slices
from chalicelib.channels.examples import SUSPEND
from chalicelib.guarantees.examples import OPEN_POOL
from chalicelib.ledger import jobs
from chalicelib.ledger.service import verifying as ledger_verifying
from chalicelib.recoveries.examples import PLAN
from chalicelib.registry import MACHINES
from chalicelib.shared import journal, observe
from chalicelib.shared.http import Endpoint, Routes
from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.shared.machines import Machine
from chalicelib.shared.periods import business_date
from chalicelib.shared.settings import settings
from chalicelib.shared.stream import Record
from tests.banks.conftest import Outbox
from tests.due import Planter
from tests.ledger.books import project, raw_journal, stream
from tests.machine import machine as embedded
from tests.trade import Trade
from tests.world import Api, Reply, StandingClock, token

OFFICER: Final = token("officer", "officer-1", "admin", "claims", "deposits", "payments", "risk")
COMMANDS: Final = [(routes, endpoint) for routes in slices.every() for endpoint in routes.endpoints if endpoint.keyed]
KEPT_FOR_EVER: Final = {
    "POST /v1/trades",
    "POST /v1/activity",
    "POST /v1/exports",
    "POST /v1/firms/{member_id}/documents",
    "POST /v1/credit-applications/{application_id}/documents",
    "POST /v1/nominations/{nomination_id}/documents",
    "POST /v1/listings/{listing_id}/pictures",
    "POST /v1/firms/{member_id}/disclosures",
    "POST /v1/peer-reports/{report_id}/documents",
    "POST /v1/credit-applications/{application_id}/supply-information",
    "POST /v1/deposit-rulebooks/{book_id}/preview",
    "POST /v1/deposits/{seller_id}/payments",
    "POST /v1/suppliers/{member_id}/payouts",
    "POST /v1/claims/{claim_id}/evidence",
    "POST /v1/bank-events/{event_id}/allocate",
    "POST /v1/bank-events/{event_id}/retry",
    "POST /v1/bank-events/{event_id}/return",
    "POST /v1/bank-events/{event_id}/reverse",
    "POST /v1/webhook-endpoints/{endpoint_id}/replay",
    "POST /v1/ledger/chains/{aggregate_id}/lift",
    "POST /v1/redrives",
    "POST /v1/work/{work_id}/assignment",
    "POST /v1/work/{work_id}/completion",
    "POST /v1/sandbox/clock",
    "POST /v1/sandbox/jobs/{job}",
    "POST /v1/sandbox/banks/{bank_id}/behaviour",
}
"""What no read of their slice gives again; work is read as a list, which what was completed has left."""
EXPLAINED: Final = {"outcome": "bank_corrects", "note": "The bank booked a fee twice."}
BESIDE: Final = frozenset(
    {
        "/v1/orders/{order_id}/claims",
        "/v1/orders/{order_id}/payments",
        "/v1/channels/{channel_id}/nominations",
        "/v1/channels/{channel_id}/orders",
        "/v1/credit-lines/{line_id}/draws",
        "/v1/loans/{loan_id}/rescues",
    }
)
"""What makes a thing of its own, which is read elsewhere."""
ACTS: Final[dict[str, Callable[[pytest.FixtureRequest, str], object]]] = {
    "orders": lambda given, order_id: given.getfixturevalue("trade").act(
        order_id, "cancel", given.getfixturevalue("trade").buyer, {"reason": "changed my mind"}
    ),
    "claims": lambda given, claim_id: given.getfixturevalue("dispute").do(
        claim_id, "edit", "buyer", {"statement": "!"}
    ),
    "recoveries": lambda given, recovery_id: given.getfixturevalue("debt").do(
        recovery_id, "instalments", PLAN, given.getfixturevalue("trade").supplier
    ),
    "bank-instructions": lambda given, _: name_account(given.getfixturevalue("outbox")),
    "bank-events": lambda given, event_id: given.getfixturevalue("api").post(
        f"/v1/bank-events/{event_id}/return", None, OFFICER
    ),
    "risk-pools": lambda given, _: given.getfixturevalue("api").post("/v1/risk-pools", OPEN_POOL, OFFICER),
    "channel-memberships": lambda given, membership_id: given.getfixturevalue("api").post(
        f"/v1/channel-memberships/{membership_id}/suspend", SUSPEND, OFFICER
    ),
    "guarantee-calls": lambda given, call_id: given.getfixturevalue("api").post(
        f"/v1/guarantee-calls/{call_id}/notice", None, OFFICER
    ),
    "reconciliation-items": lambda given, item_id: given.getfixturevalue("api").post(
        f"/v1/reconciliation-items/{item_id}/resolve", EXPLAINED, OFFICER
    ),
}
"""A command on what a planter has made by other ways than commands, or one more."""


class Sent(NamedTuple):
    """A command as it was sent, and what came of it."""

    path: str
    by: str | None
    body: Any
    headers: dict[str, str]
    reply: Reply


def name_account(outbox: Outbox) -> None:
    """A refund that the bank could not make goes to another account."""
    outbox.bank({"does": "refuse", "reason": "account_closed"})
    account = {"account": "DE89370400440532013000", "bank": "COBADEFF"}
    assert outbox.act(outbox.refund(), "account", outbox.party, account).status == 200


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Sent]:
    """Every command that succeeds from now on."""
    commands: list[Sent] = []
    send = Api._send

    def keep(self: Api, method: str, path: str, by: str | None, body: Any, headers: dict[str, str]) -> Reply:
        reply = send(self, method, path, by, body, headers)
        if method == "POST" and "/sandbox/" not in path and reply.status < 300:
            commands.append(Sent(path, by, body, headers, reply))
        return reply

    monkeypatch.setattr(Api, "_send", keep)
    return commands


def entries() -> list[Entry]:
    return [row.entry() for row in JournalRow.scan(consistent_read=True)]


def removable() -> list[Entry]:
    return [entry for entry in entries() if entry.response and entry.may_lose_answer]


def name(of: tuple[Routes, Endpoint]) -> str:
    return f"{of[1].method} {of[1].path}"


def test_the_answers_that_no_read_gives_again_are_these() -> None:
    assert {name(each) for each in COMMANDS if each[0].present(each[1]) is None} == KEPT_FOR_EVER


@pytest.mark.parametrize("of", [each for each in COMMANDS if each[0].present(each[1])], ids=name)
def test_whoever_may_send_a_command_may_read_the_present_state(of: tuple[Routes, Endpoint]) -> None:
    routes, command = of
    read = routes.present(command)
    assert read is not None
    for role in command.by.roles:
        for duty in command.by.duties or ("",):
            assert read.public or read.by.admits(role, (duty,)), (role, duty)
    stem = read.path.partition("/{")[0]
    assert command.path.startswith((read.path, stem)) or command.path in BESIDE


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_a_command_whose_answer_is_removed_gives_the_present_state_and_does_nothing(
    machine: Machine, planter: Planter, api: Api, sent: list[Sent], request: pytest.FixtureRequest
) -> None:
    planted = planter(machine)
    if machine.name in ACTS:
        ACTS[machine.name](request, planted)
    commands, kept = list(sent), [entry for entry in entries() if not entry.may_lose_answer]
    for entry in removable():
        journal.remove_answer(entry)
    before = embedded().snapshot().items()
    replies = [api.post(each.path, each.body, each.by, **each.headers) for each in commands]
    assert embedded().snapshot().items() == before
    expired = 0
    for first, again in zip(commands, replies, strict=True):
        replayed = again.headers.get("Idempotent-Replayed")
        assert again.status == first.reply.status, again.body
        expired += replayed == "expired"
        if replayed == "true":
            assert again.raw == first.reply.raw
            assert any(entry.response == first.reply.raw for entry in kept) or "upload" in again.body
        else:
            assert again["id"] == first.reply["id"]
            assert again["version"] >= first.reply["version"]
            assert again.headers["ETag"] == f'"{again["version"]}"'
    assert expired or machine.name == "bank-events"  # which moves money with each


def test_the_present_state_is_what_a_read_shows_after_all_that_came_since(trade: Trade, sent: list[Sent]) -> None:
    order_id = trade.agree()
    proposed, agreed = sent  # to agree moves money: it reserves cover
    for entry in removable():
        journal.remove_answer(entry)
    assert trade.act(order_id, "cancel", trade.buyer, {"reason": "changed my mind"}).status == 200
    again = trade.api.post(proposed.path, proposed.body, proposed.by, **proposed.headers)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "expired")
    assert again.raw == trade.see(order_id).raw
    again = trade.api.post(agreed.path, agreed.body, agreed.by, **agreed.headers)
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (agreed.reply.raw, "true")
    other = trade.api.post(proposed.path, proposed.body | {"accept_uncovered": True}, proposed.by, **proposed.headers)
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")


def test_who_may_not_see_it_any_more_is_told_nothing_of_the_present_state(trade: Trade, sent: list[Sent]) -> None:
    body = {"url": "https://receiver.example/hooks", "kinds": ["order.*"]}
    reply = trade.api.post("/v1/webhook-endpoints", body, trade.buyer)
    path = f"/v1/webhook-endpoints/{reply['id']}"
    for entry in removable():
        journal.remove_answer(entry)
    again = trade.api.post("/v1/webhook-endpoints", body, trade.buyer, **sent[0].headers)
    assert (again["id"], again["secret"]) == (reply["id"], None)
    assert trade.api.post(f"{path}/delete", None, trade.buyer).status == 200
    gone = trade.api.post("/v1/webhook-endpoints", body, trade.buyer, **sent[0].headers)
    assert (gone.status, gone["detail"]) == (404, trade.api.get(path, trade.buyer)["detail"])


# --- the daily close removes them ----------------------------------------------------------------------------------


def close_after(time: StandingClock, days: int) -> None:
    time.advance(days=days)
    project(stream(raw_journal()))
    assert ledger_verifying.close(business_date(time.at), time.at).ok


def test_the_daily_close_removes_the_answers_whose_time_is_over_and_every_chain_still_holds(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    assert trade.ship(order_id).status == 200
    kept = {entry.entry_id: entry.response for entry in entries()}
    going = {entry.entry_id for entry in removable()}
    assert going
    assert going < set(kept)
    close_after(trade.time, settings().answers_kept_days)
    assert {entry.entry_id: entry.response for entry in entries()} == kept
    close_after(trade.time, 2)
    assert {entry.entry_id: entry.response for entry in entries()} == {
        entry_id: b"" if entry_id in going else answer for entry_id, answer in kept.items()
    }
    project(stream(raw_journal()))
    close_after(trade.time, 1)
    verified = trade.api.get(f"/v1/ledger/verification?aggregate_id={order_id}", OFFICER)
    assert (verified["ok"], verified["complete"]) == (True, True)


def test_an_answer_is_not_removed_from_an_entry_that_does_not_hold(trade: Trade) -> None:
    trade.propose()
    [entry] = [entry for entry in removable() if entry.event.kind == "order.proposed"]
    JournalRow(entry.entry_id).update(actions=[JournalRow.response.set(b'{"id":"another"}')])
    trade.time.advance(days=settings().answers_kept_days + 2)
    project(stream(raw_journal()))
    ledger_verifying.close(business_date(trade.time.at), trade.time.at)
    again = journal.read(entry.entry_id)
    assert again is not None
    assert again.response == b'{"id":"another"}'


@pytest.mark.parametrize("change", ["removed", "too_early", "put_back", "another_digest", "whole"])
def test_the_books_tell_a_removed_answer_from_a_touched_entry(
    trade: Trade, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    trade.propose()
    if change != "too_early":
        trade.time.advance(days=settings().answers_kept_days + 1)
    [entry] = [entry for entry in removable() if entry.event.kind == "order.proposed"]
    journal.remove_answer(entry)
    [image] = [item for item in raw_journal() if item["entry_id"]["S"] == entry.entry_id]
    if change == "put_back":
        image["response"] = {"B": JournalRow.response.serialize(b"{}")}
    elif change == "another_digest":
        image["removed_answer"] = {"S": journal.digest_of(b"{}")}
    elif change == "whole":
        image.clear()
    signals: list[str] = []
    monkeypatch.setattr(observe, "count", lambda signal, value=1: signals.append(signal))
    jobs.BOOKS.consume(Record(key=entry.entry_id, written_at=trade.time.at, image=image, is_new=False))
    assert signals == ([] if change == "removed" else ["JournalTouched"])
