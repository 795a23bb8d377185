"""A support case from the complaint to its end: answered, brought before a supervisor, decided, taken up again."""

from __future__ import annotations

from benchmarks.floors.stage import Stage
from chalicelib.cases.examples import ASSIGN, ESCALATE, OPEN, REOPEN, REPLY, RESOLVE

OFFICER = "officer-1"
ASSIGNED = ASSIGN["owner"]


def play(stage: Stage) -> None:
    stage.time.begin()
    customer = stage.register("cases-customer")
    body = OPEN | {"about": {"kind": "member", "id": customer}}
    case_id = stage.call("/v1/cases", customer, body, command="open a case", expect=201)["id"]
    about = f"/v1/cases/{case_id}"
    stage.time.advance(minutes=1)
    stage.call(f"{about}/assign", OFFICER, ASSIGN, command="assign a case")
    stage.call(f"{about}/reply", ASSIGNED, REPLY, command="reply in a case")
    stage.call(f"{about}/escalate", customer, ESCALATE, command="escalate a case")
    stage.call(f"{about}/resolve", OFFICER, RESOLVE, command="resolve a case")
    stage.call(f"{about}/reopen", customer, REOPEN, command="reopen a case")
    stage.leave()
