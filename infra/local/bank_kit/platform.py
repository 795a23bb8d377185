"""Us, as far as a bank can tell: takes its events in their sequences, and sends it messages in any order we like.

It has no rules of its own about credit: what it keeps is what the bank has told, each happening once and in its turn. The bank's books
have to be what follows from that.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from infra.local.client import until
from infra.local.fake_bank.books import Loan, Payment
from infra.local.fake_bank.counter import hash_of
from infra.local.fake_bank.server import LOOPBACK, is_signed, signature

NOW: Final = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
"""When everything happens here: a bank's books follow from its own decisions, not from the day on which it is tried."""
FIRMS: Final = 3
GUARANTORS: Final = 2
PATIENCE_SECONDS: Final = 60.0
FEED: Final = "bnk_KIT"
Json = dict[str, Any]
Act = Callable[[str, Json], object]
"""Have somebody do something at the bank's counter: a path, and what the bank is told there."""
ORDERS: Final = ("ordered", "shuffled", "doubled", "late")


class NotAsAgreed(Exception):
    """The bank did something that the protocol does not allow, or did not do something in time."""


class Platform:
    """What one bank is tried by. `url` is where the bank sends its events; `secret` signs both ways; `run` is part of every name it gives."""

    def __init__(self, secret: str, *, port: int = 0, run: str = "", seed: int = 7) -> None:
        self.secret, self.run = secret, run
        self._lottery = random.Random(seed)
        self._seq = 0
        self._events: dict[str, dict[int, Json]] = defaultdict(dict)
        self._bodies: dict[str, bytes] = {}
        self._arrived = threading.Condition()
        self.wrong: list[str] = []
        self.bank = ""
        self._server = ThreadingHTTPServer((LOOPBACK, port), self._handler())
        self.url = f"http://{LOOPBACK}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Platform:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    # What it tells the bank

    def wait_for_the_bank(self) -> None:
        """Until it takes a ping: a bank that needs us to start is told of us by then."""

        def there() -> bool:
            try:
                self._post(
                    f"kit_ping{self.run}", json.dumps({"type": "ping", "timestamp": wire(), "data": {}}).encode()
                )
            except urllib.error.URLError:
                return False
            return True

        until(there, f"{self.bank or 'The bank'} took no signed ping")

    def tell(self, order: str, messages: Sequence[tuple[str, Json]]) -> None:
        """Send some messages that depend on nothing in each other, in that order."""
        numbered = [self._message(kind, data) for kind, data in messages]
        match order:
            case "shuffled":
                self._lottery.shuffle(numbered)
            case "doubled":
                numbered = [each for message in numbered for each in (message, message)]
            case "late":
                numbered = [*numbered[1:], numbered[0]]
        for name, body in numbered:
            self._post(name, body)

    def _message(self, kind: str, data: Json) -> tuple[str, bytes]:
        self._seq += 1
        head = {
            "schema": 1,
            "feed_id": f"{FEED}{self.run}",
            "seq": self._seq,
            "occurred_at": wire(),
            "business_date": "2026-03-02",
        }
        body = json.dumps({"type": kind, "timestamp": wire(), "data": head | data}).encode()
        return f"kit_{self.run}{self._seq}", body

    def _post(self, name: str, body: bytes) -> None:
        headers = {"Content-Type": "application/json", **signature(self.secret, name, body)}
        with urllib.request.urlopen(urllib.request.Request(self.bank, body, headers), timeout=30) as answer:
            if not 200 <= answer.status < 300:
                raise NotAsAgreed(f"the bank answered {answer.status} to a signed message")

    def forge(self) -> bool:
        """Whether the bank refuses a message that is signed by somebody else."""
        body = json.dumps({"type": "ping", "timestamp": wire(), "data": {}}).encode()
        headers = {"Content-Type": "application/json", **signature(new_secret(), "kit_forged", body)}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.bank, body, headers), timeout=30):
                return False
        except urllib.error.HTTPError as refused:
            return bool(refused.code == 401)

    # What the bank tells

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """As our own endpoint answers: 401 unsigned, 409 another body under a known name, 200 known, 202 kept."""
        if not is_signed(self.secret, headers, body):
            self.wrong.append("an event was not signed as agreed")
            return 401
        name = headers["webhook-id"]
        with self._arrived:
            if name in self._bodies:
                if self._bodies[name] != body:
                    self.wrong.append(f"{name} came again with another body")
                    return 409
                return 200
            self._bodies[name] = body
            message = json.loads(body)
            self._keep(message["type"], message["data"])
            self._arrived.notify_all()
        return 202

    def _keep(self, kind: str, data: Json) -> None:
        missing = [field for field in ("bank_ref", "seq", "occurred_at", "business_date") if field not in data]
        if missing:
            self.wrong.append(f"{kind} has no {', '.join(missing)}")
            return
        known = self._events[_sequence_of(kind, data)]
        other = known.get(data["seq"])
        if other is not None and other["data"] != data:
            self.wrong.append(
                f"number {data['seq']} of {_sequence_of(kind, data)} is two events: {other['type']} and {kind}"
            )
        known.setdefault(data["seq"], {"type": kind, "data": data})

    def events(self, kind: str, about: str = "") -> list[Json]:
        """Those of a kind, by the aggregates they are about, whose ids have `about` in them."""
        return [
            event["data"]
            for name, known in sorted(self._events.items())
            if about in name
            for event in known.values()
            if event["type"] == kind
        ]

    def until(self, there: Callable[[], bool], awaited: str) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        with self._arrived:
            while not there():
                if not self._arrived.wait(max(0.0, ends - time.monotonic())):
                    raise NotAsAgreed(f"{awaited} did not come in time")

    def must_be_whole(self) -> None:
        """Every sequence begins with 1 and has no gap."""
        for name, known in self._events.items():
            if sorted(known) != list(range(1, len(known) + 1)):
                self.wrong.append(f"the sequence of {name} has gaps: {sorted(known)}")

    def mirror(self, as_of: date, about: str = "") -> Json:
        """What the bank is owed, by what it has told, each sequence in its order."""
        loans: dict[str, Loan] = {}
        for name, known in sorted(self._events.items()):
            for number in sorted(known) if about in name else ():
                self._apply(loans, known[number]["type"], known[number]["data"])
        return {name: loan.book(as_of) for name, loan in loans.items()}

    def _apply(self, loans: dict[str, Loan], kind: str, data: Json) -> None:
        match kind:
            case "draw.disbursed":
                drawn = date.fromisoformat(data["value_date"])
                loans[data["loan_id"]] = Loan(data["loan_id"], data["amount"], data["rate_bp"], drawn, data["schedule"])
            case "repayment.received":
                on = date.fromisoformat(data["business_date"])
                parts = {name: data["split"].get(name, 0) for name in ("penalty", "interest", "principal")}
                loans[data["loan_id"]].payments.append(
                    Payment(data["bank_ref"], on, data["amount"], parts, data["payer"].get("seat", 0))
                )
            case "repayment.reversed":
                for payment in loans[data["loan_id"]].payments:
                    if payment.ref == data["original_bank_ref"]:
                        payment.give_back(data["amount"])
            case "interest.charged" | "penalty.charged":
                days = date.fromisoformat(data["from"]), date.fromisoformat(data["to"])
                borne = loans[data["loan_id"]].borne(*days)[kind.partition(".")[0]]
                if borne != data["amount"]:
                    self.wrong.append(f"{kind} of {data['loan_id']} is {data['amount']}, and was to be {borne}")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, {"now": wire()} if self.path == "/v1/health" else {"items": [], "next_cursor": None})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                if self.path.startswith(("/v1/webhooks/banks/", "/v1/webhooks/acquirers/")):
                    self._answer(platform.take(headers, body), {})
                elif self.path == "/v1/webhook-endpoints":
                    platform.bank = json.loads(body)["url"]
                    self._answer(201, {"id": "whe_KIT", "secret": platform.secret})
                elif self.path == "/v1/sandbox/tokens":
                    self._answer(201, {"token": "kit"})
                else:
                    self._answer(409, {"code": "messages_gone", "detail": "The kit sends nothing again.", "fix": ""})

            def _answer(self, status: int, answer: Json) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                """What matters is said at the end."""

        return Handler


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def play(platform: Platform, order: str, act: Act) -> str:
    """A year of three firms in a minute: applications, offers, agreements, lines, draws, and payments at the bank's counter; then two of
    them default, guarantors are called and pay, a pool pays for the third, and a group changes.

    Returns what the ids of all that have in common.
    """
    about = f"KIT{platform.run}_{order}"
    firms = [f"{about}_{number}" for number in range(FIRMS)]

    def events_of(kind: str, count: int = FIRMS) -> list[Json]:
        """The bank's event of that kind about each firm."""
        platform.until(lambda: len(platform.events(kind, about)) == count, f"{count} of {kind}")
        return platform.events(kind, about)

    platform.tell(
        order, [("application.submitted", _application(firm, 10_000_000 * n)) for n, firm in enumerate(firms, 1)]
    )
    offered = list(zip(firms, events_of("offer.created"), strict=True))
    platform.tell(order, [("offer.accepted", _acceptance(firm, offer)) for firm, offer in offered])
    events_of("agreement.countersigned")
    platform.tell(order, [("agreement.signed", _agreement(firm, offer)) for firm, offer in offered])
    events_of("line.activated")
    platform.tell(order, [("draw.requested", _draw(firm, offer)) for firm, offer in offered])
    loans = [disbursed["loan_id"] for disbursed in events_of("draw.disbursed")]
    for number, loan_id in enumerate(loans, 1):
        act("/payments", {"loan_id": loan_id, "amount": 1_000_00 * number})
    events_of("repayment.received")
    *defaulted, pooled = loans
    for loan_id in defaulted:
        act("/defaults", {"loan_id": loan_id})
        act("/calls", {"loan_id": loan_id})
    events_of("default.declared", len(defaulted))
    called = events_of("call.requested", len(defaulted))
    pool = {"pool_id": f"pol_{about}", "call_id": f"gcl_{about}", "loan_id": pooled, "currency": "CNY"}
    change = {"group_id": f"grp_{about}", "product_id": "kit-joint", "proposal_id": f"prp_{about}", "kind": "leave"}
    platform.tell(
        order,
        [
            *(("call.noticed", _notice(call)) for call in called),
            ("pool.draw_requested", pool | {"amount_minor": 2_000_00, "due_at": wire()}),
            ("group.change_requested", change | {"leaves": 2, "joins": None, "due_at": wire()}),
        ],
    )
    events_of("call.confirmed", len(called))
    events_of("pool.draw_confirmed", 1)
    events_of("group.change_approved", 1)
    events_of("repayment.received", FIRMS + GUARANTORS * len(called) + 1)
    return about


def hash_and_mirror(platform: Platform, as_of: date, about: str = "") -> tuple[str, Json]:
    mirror = platform.mirror(as_of, about)
    return hash_of(mirror), mirror


def _application(firm: str, minor: int) -> Json:
    return {
        "bank_id": "kit",
        "review_id": f"rvw_{firm}",
        "application_id": f"app_{firm}",
        "product_id": "kit-term",
        "pack_id": f"dpk_{firm}",
        "amount_minor": minor,
        "currency": "CNY",
        "months": 6,
        "method": "equal_principal",
    }


def _acceptance(firm: str, offer: Json) -> Json:
    return {
        "review_id": offer["review_id"],
        "offer_ref": offer["offer_ref"],
        "credit_offer_id": f"ofr_{firm}",
        "agreement_id": f"agr_{firm}",
        "document_sha256": hashlib.sha256(firm.encode()).hexdigest(),
    }


def _agreement(firm: str, offer: Json) -> Json:
    return {
        "agreement_id": f"agr_{firm}",
        "document_sha256": hashlib.sha256(firm.encode()).hexdigest(),
        "line_id": f"lin_{firm}",
        "amount_minor": offer["terms"]["amount"],
    }


def _draw(firm: str, offer: Json) -> Json:
    return {
        "loan_id": f"lon_{firm}",
        "line_id": f"lin_{firm}",
        "product_id": "kit-term",
        "currency": "CNY",
        "amount_minor": offer["terms"]["amount"] // 2,
        "months": 6,
        "method": "equal_principal",
        "receivables": [],
    }


def _notice(call: Json) -> Json:
    """Two guarantors are told of half each; what cannot be halved is the first one's."""
    certified = sum(call[part] for part in ("principal", "interest", "penalty"))
    halves = (certified - certified // GUARANTORS, certified // GUARANTORS)
    return {
        "call_id": f"gcl_{call['loan_id'].removeprefix('lon_')}",
        "call_ref": call["call_id"],
        "loan_id": call["loan_id"],
        "currency": call["currency"],
        "net_minor": certified,
        "shortfall_minor": 0,
        "notices": [{"seat": seat, "amount_minor": minor, "due_at": wire()} for seat, minor in enumerate(halves, 2)],
    }


def _sequence_of(kind: str, data: Json) -> str:
    """The aggregate in whose sequence an event is."""
    if kind == "balance.snapshot":
        return "snapshots"
    names = ("payment_id", "loan_id", "draw_id", "line_id", "agreement_id", "review_id", "pool_id", "group_id")
    return next((str(data[name]) for name in names if name in data), kind)


def wire() -> str:
    return NOW.isoformat().replace("+00:00", "Z")
