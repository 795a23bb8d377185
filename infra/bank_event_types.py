"""Write `docs/bank-events.md`, every type of event between banks and us: `make bank-events`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.bank_events.catalogue import EventType

FILE: Final = Path(__file__).parent.parent / "docs" / "bank-events.md"
HEAD: Final = """# Events between banks and us

Written from what the slices declare by `make bank-events`; the API document has the same with schemas, under `x-bank-events`. Both directions are signed as Standard Webhooks 1.0 says. A bank sends to
`POST /v1/webhooks/banks/{bank_id}` and is answered 202 when the event is kept, 200 when it is known; what became of it is read at `GET /v1/bank-events/{event_id}`, and what was refused is told as `event.refused`. What banks are told is described in `docs/webhooks.md`. In production banks and acquirers send to the domain that asks for their client certificate: what comes by another way is answered 401, however it is signed.

Events in a sequence are numbered by the bank for each aggregate: `seq` 1, 2, 3 … An early one waits, and `replay.requested` asks for what is missing; one that is known is done; one happening (`type`, `bank_ref` and aggregate) counts once for ever. Amounts are whole minor units of `currency`. Every one has
`bank_ref`, `seq`, `occurred_at` and `business_date`; only what it has besides is listed.

`make fake-bank BANK=ccb` beside `make run` is a bank to develop against: it takes what we send, reviews by the rules of `infra/local/fake_bank/rules.json`, works its books out by itself, and shows them at `/books`; `POST /payments` there is a customer who pays, or with a `seat` a guarantor, `POST /defaults`, `/calls` and `/withdrawals` what the bank does about a loan that is not paid, `POST /mischief` how its messages come from then on (`late`, `twice`,
`shuffled`, `contradictory`, `silent`). `make bank-kit URL=…` says of your bank whether it keeps to all this: with messages ordered, shuffled, doubled and late its books must have the hash that is printed.
`make fake-acquirer ACQUIRER=alipay` is an acquirer in the same way: a buyer who begins a payment has paid at once, unless `HOLD=1`; `POST /authorisations`, `/captures`, `/failures`, `/cancellations`, `/chargebacks`, `/decisions`, `/reports` and `/mischief` there say what else it does. Acquirers send to `POST /v1/webhooks/acquirers/{acquirer_id}`, number what they tell of a payment, and write `money` as a decimal string with its currency. What came of a
refund or a payout they were told to make they say by its attempt: `payment.refunded`, `refund.failed`, `settlement.paid`, `settlement.failed`.
An acquirer is tried in the same way by `make acquirer-kit`: payments that are taken, let go, declined and disputed, in the same four orders.

The same of a service in its sandbox (`URL=http://127.0.0.1:8000`): there `bank-kit` plays a firm that borrows, and its bank (`BANK=boc`), `acquirer-kit` an exporter and a buyer who pays by wallet, and the acquirer (`ACQUIRER=alipay`).
"""
ALWAYS: Final = frozenset({"bank_ref", "seq", "occurred_at", "business_date", "schema"})


def page() -> str:
    from chalicelib.bank_events.catalogue import types

    known = types()
    return "\n".join(
        [
            HEAD,
            "## From banks\n",
            "| type | slice | about | fields |",
            "|---|---|---|---|",
            *(_row(each) for each in known if each.direction == "from_bank"),
            "\n## To banks\n",
            "| type | slice | when |",
            "|---|---|---|",
            *(f"| {each.type} | {each.slice} | {each.about} |" for each in known if each.direction == "to_bank"),
            "",
        ]
    )


def _row(each: EventType) -> str:
    about = f"{each.about}, in sequence" if each.in_sequence else each.about or "-"
    return f"| {each.type} | {each.slice} | {about} | {', '.join(_fields(each)) or '-'} |"


def _fields(each: EventType) -> Iterator[str]:
    needed = (each.data or {}).get("required", ())
    for name in (each.data or {}).get("properties", {}):
        if not (each.in_sequence and name in ALWAYS):
            yield name if name in needed else f"{name}?"


def write() -> None:
    FILE.write_text(page())


if __name__ == "__main__":
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    write()
