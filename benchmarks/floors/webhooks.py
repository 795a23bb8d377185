"""Endpoints that are told of entries, and the messages to them."""

from __future__ import annotations

from benchmarks.floors.disputes import Dispute
from benchmarks.floors.stage import Stage
from chalicelib.webhooks import records, transport
from chalicelib.webhooks.rules.delivery import Outcome
from chalicelib.webhooks.service import sending

URL = "https://receiver.example/surety"


def play(stage: Stage) -> None:
    """One claim's buyer is told of its claim."""
    transport.use(lambda url, headers, body: Outcome(code=204))
    dispute = Dispute(stage).late()
    stage.leave()
    path = "/v1/webhook-endpoints"
    body = {"url": URL, "kinds": ["claim.*", "webhook_endpoint.*"], "description": "our trade desk"}
    endpoint = stage.call(path, dispute.buyer, body, command="register an endpoint", expect=201)
    about = f"{path}/{endpoint['id']}"
    for command in ("rotate-secret", "disable", "enable", "ping"):
        stage.call(f"{about}/{command}", dispute.buyer, command=f"endpoint: {command}")
    stage.leave()
    dispute.file("late_shipment")
    [entry] = stage.heard
    stage.measured("stream: a message is kept", lambda: sending.notify([entry], stage.time.at), "webhooks.notify")
    [(_, delivery_id)] = records.placed(endpoint["id"], newest_first=True)
    kept = records.load(delivery_id)
    assert kept is not None
    stage.measured("a message is sent", lambda: sending.attempt(delivery_id, kept[0].version, stage.time.at))
    stage.call(f"{about}/replay", dispute.buyer, {"ids": [delivery_id]}, command="endpoint: replay")
    stage.call(f"{about}/delete", dispute.buyer, command="endpoint: delete")
