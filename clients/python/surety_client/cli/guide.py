"""What the command line says of itself: how it is used, what a collection can do, what a call takes."""

from __future__ import annotations

import json
from typing import Final

from surety_client.cli.catalogue import Call, calls

USAGE: Final = """\
surety: the API from a terminal.

  surety work                                   what waits for an officer, the earliest first
  surety search hansa                           find something by id, reference or name
  surety show ord_01J…                          anything that has an id
  surety orders list status=funded              a page of a list; --all for every page
  surety orders accept ord_01J… version=3       a call: the words of its path, then name=value
  surety orders create --body @order.json       a call with a whole body
  surety clock advance 24                       the sandbox's clock
  surety jobs run deposits-monthly 2026-03-06   a job of the sandbox, watched to its end
  surety import history.csv                     a file, watched to its end

  --url URL       where the API is (SURETY_URL; else http://127.0.0.1:8000)
  --as WHO        in a sandbox: officer:me:admin, member:mem_…, bank:boc (SURETY_AS)
  --json          the answer as JSON
  --all           every page of a list
  --body BODY     a body as JSON, or @file
  --key KEY       the Idempotency-Key, where a request must stay the same over several starts
  --help          after a collection: its calls; after a call: what it takes

  A token is read from SURETY_TOKEN, or from ~/.config/surety/config.toml: token = "…", token_command = "…"; it is never printed.
  Ends with 0, 1 where the API refused, 2 where the command cannot be understood, 3 where nobody answers.
"""
WIDEST: Final = 62


def text(words: list[str]) -> str:
    match words:
        case [collection, name, *_] if name in calls().get(collection, {}):
            return _of_call(calls()[collection][name])
        case [collection, *_] if collection in calls():
            return _of_collection(collection)
    return f"{USAGE}\n  Collections: {', '.join(sorted(calls()))}\n"


def _of_collection(collection: str) -> str:
    lines = (f"  surety {call.words:<{WIDEST}} {call.summary}" for call in calls()[collection].values())
    return "\n".join([f"{collection}:", *lines, ""])


def _of_call(call: Call) -> str:
    query = [f"  {parameter['name']}=…   {parameter['description'] or ''}".rstrip() for parameter in call.query]
    body = ["A body such as:", json.dumps(call.body, ensure_ascii=False, indent=2)] if call.body is not None else []
    return "\n".join([f"surety {call.words}", call.summary, f"{call.method} {call.path}", *query, *body, ""])
