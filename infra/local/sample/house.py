"""What the house itself has on its desk: an import with rows that it refused, webhooks nobody takes, rules to come, complaints, an appeal."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any, Final

from infra.local.borrower import Borrower
from infra.local.sample.bank import SampleBank
from infra.local.sample.suppliers import BUYER, LANTERNS
from infra.local.sample.world import World
from infra.local.trades import trade

MARKETPLACE: Final = "https://marketplace.example/surety"
"""Names under `example` lead nowhere: nobody takes what is sent there."""
OPERATIONS: Final = {
    "url": MARKETPLACE,
    "kinds": ["training.*", "deposit.*"],
    "description": "Operations of the marketplace",
}
CLAIMS_DESK: Final = {"url": f"{MARKETPLACE}/claims", "kinds": ["claim.*"], "description": "Claims desk"}
BOOK: Final = "EX-SAMPLE-1"
TERMS: Final = {
    "groups": {
        "G1": {"amounts_minor": [5000, 20000, 50000, 60000, 100000]},
        "G2": {"text": "furniture", "amounts_minor": [10000, 30000, 60000, 100000, 200000]},
    }
}
"""What it changes: for some of the sample's sellers more is asked, for others less."""


def begin(world: World) -> None:
    """Before days go by: somebody wants to be told of deposits and trainings, a file comes in, a penalty is given."""
    _pause(world)
    world.post("/v1/trainings", _training(world))
    _import(world)
    path = f"/v1/suppliers/{world.ids['hue-textiles']}/penalties"
    given = world.post(path, {"reason": "failed_delivery", "note": "Two parcels of the lot never left the warehouse."})
    appeal = f"{path}/{given['points']['penalties'][0]['id']}/appeal"
    world.post(
        appeal, {"text": "The carrier confirms that it lost them: its letter is with you."}, world.of("hue-textiles")
    )


def end(world: World, bank: SampleBank, firms: list[Borrower]) -> None:
    """When days have gone by: rules are announced and tried out, firms report and complain, a bank's books differ from ours."""
    effective = world.later + timedelta(days=10)
    book = {"id": BOOK, "effective_on": effective.isoformat(), "based_on": "EX-2024-01", "terms": TERMS}
    world.post("/v1/deposit-rulebooks", book)
    world.post(f"/v1/deposit-rulebooks/{BOOK}/preview")
    reporter, subject = firms[1], firms[2]
    facts = "Since Sunday lorries have been taking the machines of its second hall away at night."
    world.post(
        "/v1/peer-reports", {"subject_id": subject.id, "category": "asset_removal", "facts": facts}, reporter.token
    )
    _differ(world, bank)
    desk = world.post("/v1/webhook-endpoints", CLAIMS_DESK)["id"]
    world.post(f"/v1/webhook-endpoints/{desk}/ping")
    for job in ("contagion-nightly", "qualification-monthly", "portfolio-monthly"):
        world.post(f"/v1/sandbox/jobs/{job}", {"as_of": world.later.isoformat()})


def _pause(world: World) -> None:
    """Operations pause what they are sent: from now on it is held for them."""
    endpoint_id = world.post("/v1/webhook-endpoints", OPERATIONS)["id"]
    world.post(f"/v1/webhook-endpoints/{endpoint_id}/disable")


def complain(world: World, order_id: str) -> None:
    """About the order that nobody has accepted; the last thing that the sample makes."""
    _ask(
        world,
        LANTERNS,
        "question",
        order_id,
        "When is the balance due?",
        "The buyer asks us; we do not find it either.",
    )
    _ask(
        world,
        BUYER,
        "complaint",
        order_id,
        "Nobody answers",
        "We proposed this order a week ago and have heard nothing.",
    )


def _differ(world: World, bank: SampleBank) -> None:
    """The bank's snapshot has a hundred yuan more principal on one loan than we have."""
    now = world.now()
    for event in bank.core.snapshot(world.later, now):
        loans = event.data["loans"]
        if loans:
            loans[0]["principal"] += 100_00
        bank.say([event])
    world.until(lambda: world.get("/v1/reconciliation-items?limit=1")["items"], "No difference was found")


def _ask(world: World, by: str, kind: str, order_id: str, subject: str, text: str) -> None:
    body = {"kind": kind, "about": {"kind": "order", "id": order_id}, "subject": subject, "text": text}
    world.post("/v1/cases", body, world.of(by))


def _training(world: World) -> dict[str, Any]:
    starts = world.began + timedelta(days=20)
    return {
        "topic": "joint_liability",
        "title": "What it means to stand for each other",
        "where": "Ningbo, 88 Zhongshan East Road, room 3",
        "language": "zh-Hans",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=3)).isoformat(),
        "capacity": 30,
    }


def _import(world: World) -> None:
    """A trade history of six rows, of which one has no amount and one was paid before it was ordered."""
    rows = [
        trade("attic-finds", number, world.began) | {"supplier_country": "CN", "category": "toys"}
        for number in range(6)
    ]
    rows[2]["amount"] = "much"
    rows[4]["currency"] = "XXX"
    opened = world.post("/v1/imports", {"kind": "trade_history"})
    world.upload(opened["upload"], _file(rows))
    path = f"/v1/imports/{opened['id']}"
    world.until(lambda: world.get(path)["status"] == "done", "The import did not end")


def _file(rows: list[dict[str, Any]]) -> bytes:
    content = io.StringIO()
    writer = csv.DictWriter(content, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue().encode()
