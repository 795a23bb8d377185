"""Who plays in the benchmark: parties, officers, a bank that takes everything, a clock, and those who follow the journal."""

from __future__ import annotations

import itertools
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import boto3

from benchmarks.lambda_events import Application
from benchmarks.meter import Meter
from chalicelib import consumers
from chalicelib.banks.rules import bank_api
from chalicelib.banks.rules.instruction import Attempt, Instruction
from chalicelib.banks.service import transport
from chalicelib.firms import records as firms
from chalicelib.firms.rules.firm import POWERS, Account, Document, Firm, Person
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.members import rules as members
from chalicelib.route_table import ROUTES
from chalicelib.shared import clock, ids, journal, policies
from chalicelib.shared.commit import capture_entries, commit
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.request import CLOCK, Caller, RequestContext
from chalicelib.shared.sealed import Sealed
from chalicelib.shared.settings import settings
from chalicelib.suppliers import records as suppliers
from chalicelib.suppliers.rules.coverage import limit_postings
from chalicelib.suppliers.rules.programme import Supplier
from infra.local import keys, resources
from infra.local.services import OtherServices

LIMIT = 10**12
BEGINS = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
"""A Monday in a year that the calendar of business days knows, early enough for the longest story to end in it."""


class Time:
    """Business time of the benchmark, moved by hand. Every story begins on the same day, so that all of them stay in a known year."""

    def __init__(self) -> None:
        self.at = BEGINS

    def begin(self) -> None:
        self.at = BEGINS

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


class Bank:
    """Takes every instruction, or refuses the next ones for a reason; answers questions with `pending`."""

    def __init__(self) -> None:
        self.refuses: list[str] = []

    def send(self, instruction: Instruction, attempt: Attempt) -> bank_api.SendResult:
        return bank_api.Refused(self.refuses.pop(0)) if self.refuses else bank_api.Accepted()

    def inquire(self, instruction: Instruction, attempt: Attempt) -> bank_api.InquiryResult:
        return bank_api.Pending()


@dataclass
class Stage:
    meter: Meter
    chance: Random
    heard: list[Entry]
    application: Application = field(default_factory=Application)
    time: Time = field(default_factory=Time)
    bank: Bank = field(default_factory=Bank)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    origins: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By command, the endpoints and the consumers of streams that it is a command of."""
    left: dict[str, Entry] = field(default_factory=dict)
    """The last entry of each kind that no story has followed."""

    @classmethod
    @contextmanager
    def opened(cls, meter: Meter, chance: Random) -> Iterator[Stage]:
        with capture_entries() as heard:
            stage = cls(meter, chance, heard)
            clock.use(stage.time)
            transport.use(stage.bank)
            yield stage

    def call(
        self,
        path: str,
        by: str,
        body: Any = None,
        *,
        command: str = "",
        expect: int = 200,
        key: str | None = None,
        person: str = "",
    ) -> Any:
        """One request of a member, by a person of it where that is named, of an officer or agency by its name; measured where it is a `command`."""
        role = {"role": "officer", "duties": "admin"} if by.startswith("officer") else ROLES.get(by, {})
        method = "GET" if body is GET else "POST"
        arguments = {"sub": by, "body": None if body is GET else body, "key": key, "person": person, **role}
        resource, ids = _resource(path)
        if command:
            self.origins[command].add(resource)
        with self.meter.of(command) if command else nullcontext():
            return self.application.call(method, resource, expect=expect, **arguments, **ids)

    def see(self, path: str, by: str) -> Any:
        return self.call(path, by, GET)

    def measured(self, command: str, work: Callable[[], Any], of: str = "") -> Any:
        """Work that no request asks for; `of` is the consumer of a stream that does it."""
        if of:
            self.origins[command].add(of)
        with self.meter.of(command):
            return work()

    def followed(self, command: str, name: str, follow: Callable[[], Any]) -> None:
        """Something as a consumer takes it: measured where it is a `command` and something is written."""
        with self.meter.where_written(command) if command else nullcontext():
            follow()
        if self.meter.spent.get(command):
            self.origins[command].add(name)

    def request(self, sub: str, role: str) -> RequestContext:
        """A new request of somebody who does not come through the endpoints: a bank, the clock."""
        number = next(self.numbers)
        return RequestContext(
            caller=Caller(sub, role), now=self.time.at, request_id="bench", key=f"key-{number}", digest="-"
        )

    def register(self, ref: str, country: str = "CN") -> str:
        body = {"external_ref": ref, "name": "Ningbo Oak Furniture Co., Ltd.", "country": country}
        self.call("/v1/members", "officer-1", body, command="register a member", expect=201)
        return members.id_of(ref)

    def supplier(self, ref: str) -> str:
        """A member in the programme, as a qualification would have made it."""
        member_id, now = self.register(ref), self.time.at
        supplier = Supplier(
            id=member_id, version=1, status="active", created_at=now, updated_at=now, enrolled_at=now, limit_minor=LIMIT
        )
        event = Event("supplier.enrolled", {}, limit_postings(member_id, was_minor=0, now_minor=LIMIT))
        request = RequestContext(caller=CLOCK, now=now, request_id="bench", key=f"enrol-{member_id}")
        entry = journal.entry(request, event, aggregate_id=f"supplier:{member_id}", seq=1, prev=journal.GENESIS)
        commit(entry, suppliers.create(supplier, entry))
        return member_id

    def signer(self, member_id: str) -> str:
        """A profile with all that a lender needs and one signer, who may do everything, as an officer would have verified it."""
        person_id, now = ids.derived_id("per", member_id), self.time.at
        signer = Person(
            id=person_id,
            personal=(),
            powers=POWERS,
            added_at=now,
            verified_at=now,
            is_legal_representative=True,
            is_controller=True,
        )
        number = Sealed(sealed_for="", field="number", ciphertext="")
        account = Account(id="acc_1", bank_name="Bank of China", currency="CNY", number=number, added_at=now)
        licence = Document(
            id="doc_1",
            kind="business_licence",
            media_type="application/pdf",
            sha256="0" * 64,
            size=1,
            status="kept",
            announced_at=now,
            retained_until=date(2036, 1, 5),
        )
        firm = Firm(
            id=member_id,
            status="verified",
            version=1,
            created_at=now,
            updated_at=now,
            policy=policies.versions("firms")[-1].hash,
            name="Ningbo Oak Furniture Co., Ltd.",
            registration_no=member_id[-18:],
            industry="2110",
            region="CN-ZJ",
            size="small",
            currency="CNY",
            paid_in_capital_minor=100_000_000,
            founded_year=2011,
            people=(signer,),
            settlement_accounts=(account,),
            documents=(licence,),
        )
        firms.REPOSITORY.put(firm, None).row.save()
        return person_id

    def follow(self) -> None:
        """What was written since is followed, and what comes of that too, until nothing does. What has a floor is measured."""

        while self.heard:
            entry = self.heard.pop(0)
            ledger_jobs.book(entry)
            for name, follower in consumers.SUBSCRIBERS.items():
                command = FOLLOWED.get((name, entry.event.kind), "")
                if len(entry.event.payment_orders) > 1:
                    command = command and f"{command} ({len(entry.event.payment_orders)})"
                if command == SENDING and self.bank.refuses:
                    command = f"{command} and refused"
                self.followed(command, name, partial(follower, entry))

    def hand(self, name: str) -> None:
        """What was written since is handed to one consumer."""
        for entry in list(self.heard):
            self.followed(f"stream: {name}", name, partial(consumers.SUBSCRIBERS[name], entry))

    def leave(self) -> None:
        """What was written since is not followed, or not yet: see `consumers`."""
        self.left |= {entry.event.kind: entry for entry in self.heard}
        self.heard.clear()


SENDING = "stream: an instruction is sent"
FOLLOWED: dict[tuple[str, str], str] = {
    ("banks.instruct", "claim.payable"): "stream: claim payable, banks are instructed",
    ("banks.instruct", "payout.requested"): "stream: payout, the bank is instructed",
    ("banks.instruct", "recovery.demanded"): "stream: debit, the bank is instructed",
    ("banks.instruct", "instruction.created"): SENDING,
    ("claims.follow", "instruction.settled"): "stream: refund settled, the claim is paid",
    ("claims.follow", "instruction.failed"): "stream: refund failed, the claim says so",
    ("claims.follow", "claim.supplier_silent"): "stream: points for silence",
    ("recoveries.follow", "claim.payable"): "stream: an advance, its recovery opens and demands",
    ("recoveries.follow", "instruction.settled"): "stream: debit settled, the recovery ends",
    ("credit.follow", "application.submitted"): "stream: an application, its firm has a limit",
    ("credit.follow", "application.sent"): "stream: an application is sent, two banks are asked",
    ("guarantees.follow", "loan.call_requested"): "stream: a call is opened",
}
"""What consumers do of an entry: (consumer, kind of entry), and the command it is measured as."""

GET: Any = object()
ROLES = {"kotra": {"role": "agency"}}
"""Who is neither a member nor an officer."""


@contextmanager
def services() -> Iterator[None]:
    """Queues, files and parameters, which some commands use beside the tables."""
    running = OtherServices()
    os.environ["AWS_ENDPOINT_URL"] = running.url
    try:
        with tempfile.TemporaryDirectory() as home:
            session = boto3.Session()
            resources.create_queues(session.client("sqs"), settings().stage)
            resources.create_bucket(session.client("s3"), settings().stage)
            keys.put(session.client("ssm"), settings().stage, keys.kept(Path(home) / "keys.json"))
        yield
    finally:
        running.stop()


def _resource(path: str) -> tuple[str, dict[str, str]]:
    """`/v1/claims/clm_…/edit` as API Gateway tells it: the resource with its names, and what they stand for."""
    for resource, form in _FORMS:
        if match := form.fullmatch(path):
            return resource, match.groupdict()
    raise SystemExit(f"no route has the path {path}")


_FORMS = [
    (resource, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", resource)))
    for resource in sorted({route[1] for route in ROUTES}, key=lambda resource: resource.count("{"))
]
"""Those with the fewest names first: `/v1/orders/cover-quote` is no order."""
