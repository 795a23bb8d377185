"""Who asks in the examples, and about what: tokens and ids of the world that a sandbox begins with, as names that a reader fills in one go. Pure.

OFFICER BUYER SUPPLIER …   a token for each of them
ORDER_ID CLAIM_ID …        an id in a path or a body, by the name that it has there: the first that a list answers with
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from chalicelib.reference.collection import IDENTITIES
from chalicelib.shared.ids import KINDS

PRELUDE: Final = "docs/prelude.sh"
SAMPLES: Final = "docs/samples.json"
NAME: Final = re.compile(r"\$([A-Z][A-Z_]*_ID)\b")
"""Where a name stands for an id, in a path or a body."""
_ID: Final = re.compile(r"([a-z]{3})_[0-9A-Z]{26}")
FIRM: Final = "FIRM"
MEMBERS: Final = {
    "BUYER": "hansa-moebel",
    "SUPPLIER": "lantern-works",
    "SELLER": "bright-lamps",
    FIRM: "haiyue-lamps",
    "EXPORTER": "kr-0",
}
"""Members by what they are in the examples, with the reference under which they are registered: buys, sells under cover, leaves a deposit, borrows
with others, sells in a country channel."""
OTHERS: Final = {role.upper(): identity for role, identity in IDENTITIES.items() if role != "member"}


class Sample(NamedTuple):
    """Who asks, for what, and where in the answer it stands: in a list it is the first."""

    by: str
    path: str
    at: str = "items[0].id"


IDS: Final = {
    **{f"{who}_ID": Sample("OFFICER", f"/v1/members?external_ref={ref}") for who, ref in MEMBERS.items()},
    "ORDER_ID": Sample("SUPPLIER", "/v1/orders?as=supplier&limit=1"),
    "CLAIM_ID": Sample("BUYER", "/v1/claims?limit=1"),
    "CASE_ID": Sample("BUYER", "/v1/cases?limit=1"),
    "RECOVERY_ID": Sample("OFFICER", "/v1/recoveries?limit=1"),
    "GROUP_ID": Sample(FIRM, "/v1/guarantee-groups?limit=1"),
    "CALL_ID": Sample(FIRM, "/v1/guarantee-calls?limit=1"),
    "LOAN_ID": Sample(FIRM, "/v1/loans?limit=1"),
    "LINE_ID": Sample(FIRM, "/v1/credit-lines?limit=1"),
    "APPLICATION_ID": Sample(FIRM, "/v1/credit-applications?limit=1"),
    "CONSENT_ID": Sample(FIRM, "/v1/consents?limit=1"),
    "ALERT_ID": Sample(FIRM, "/v1/alerts?limit=1"),
    "SANCTION_ID": Sample("OFFICER", "/v1/sanctions?limit=1"),
    "REPORT_ID": Sample("OFFICER", "/v1/peer-reports?limit=1"),
    "POOL_ID": Sample("OFFICER", "/v1/risk-pools?limit=1"),
    "TRAINING_ID": Sample("OFFICER", "/v1/trainings?limit=1"),
    "NOMINATION_ID": Sample("EXPORTER", "/v1/nominations?limit=1"),
    "CHANNEL_ID": Sample("EXPORTER", "/v1/nominations/$NOMINATION_ID", "channel_id"),
    "MEMBERSHIP_ID": Sample("EXPORTER", "/v1/channel-memberships?limit=1"),
    "LISTING_ID": Sample("EXPORTER", "/v1/listings?limit=1"),
    "SETTLEMENT_ID": Sample("EXPORTER", "/v1/settlements?limit=1"),
    "ENDPOINT_ID": Sample("OFFICER", "/v1/webhook-endpoints?limit=1"),
    "INSTRUCTION_ID": Sample("OFFICER", "/v1/bank-instructions?limit=1"),
    "ITEM_ID": Sample("OFFICER", "/v1/reconciliation-items?limit=1"),
    "EVENT_ID": Sample("OFFICER", "/v1/bank-events?status=suspense&limit=1"),
    "IMPORT_ID": Sample("OFFICER", "/v1/imports?kind=trade_history&limit=1"),
    "RUN_ID": Sample("OFFICER", "/v1/runs?job=books-close&limit=1"),
    "ENTRY_ID": Sample("OFFICER", "/v1/entries?aggregate=$ORDER_ID&limit=1"),
    "WORK_ID": Sample("OFFICER", "/v1/work?limit=1"),
    "BOOK_ID": Sample("OFFICER", "/v1/deposit-rulebooks", "in_force.id"),
    "PERSON_ID": Sample(FIRM, "/v1/firms/$FIRM_ID", "people[0].id"),
    "ACCOUNT_ID": Sample(FIRM, "/v1/firms/$FIRM_ID", "settlement_accounts[0].id"),
    "FIRM_DOCUMENT_ID": Sample(FIRM, "/v1/firms/$FIRM_ID", "documents[0].id"),
    "AGREEMENT_ID": Sample(FIRM, "/v1/credit-lines/$LINE_ID", "agreement_id"),
    "RISK_ID": Sample("OFFICER", "/v1/deposits/$SELLER_ID", "risks[0].id"),
    "NOMINATION_DOCUMENT_ID": Sample("EXPORTER", "/v1/nominations/$NOMINATION_ID", "documents[0].id"),
    "LISTING_DOCUMENT_ID": Sample("EXPORTER", "/v1/listings/$LISTING_ID", "documents[0].id"),
}
_WHO: Final = {
    "channel-memberships": "EXPORTER",
    "channels": "BUYER",
    "deposits": "SELLER",
    "listings": "EXPORTER",
    "members": FIRM,
    "nominations": "EXPORTER",
    "settlements": "EXPORTER",
    "storefronts": "SUPPLIER",
    "suppliers": "SUPPLIER",
    "s": "SUPPLIER",
} | dict.fromkeys(
    (
        "alerts", "agreements", "consents", "credit-applications", "credit-limit-simulations", "credit-lines", "credit-offers", "exports", "firms",
        "guarantee-calls", "guarantee-groups", "loans", "member-claims", "offer-comparisons", "peer-reports", "pre-offers", "receivables",
        "repayment-simulations", "sanctions", "scores", "trainings",
    ),
    FIRM,
)  # fmt: skip
"""Whose things a collection holds in the examples, where they are not the buyer's."""
SUPPLIERS: Final = frozenset(
    {
        "POST /v1/orders/{order_id}/ship",
        "POST /v1/orders/{order_id}/deliver",
        "POST /v1/orders/{order_id}/accept",
        "POST /v1/orders/{order_id}/accept-short-payment",
        "POST /v1/orders/{order_id}/early-payout",
        "POST /v1/orders/{order_id}/take-back",
        "POST /v1/payments/{payment_id}/refund",
        "POST /v1/claims/{claim_id}/acknowledge-return",
        "POST /v1/recoveries/{recovery_id}/instalments",
    }
)
"""What a supplier does to things that are the buyer's as well."""


def member_of(method: str, path: str) -> str:
    """Which of the members asks."""
    return "SUPPLIER" if f"{method} {path}" in SUPPLIERS else _WHO.get(_collection(path), "BUYER")


def caller_of(method: str, path: str, roles: list[str]) -> str:
    """Whose token opens an endpoint for most of what there is; nobody's where it is open to all."""
    if not roles:
        return ""
    if "officer" in roles:
        return "OFFICER"
    return member_of(method, path) if "member" in roles else sorted(roles)[0].upper()


def role_of(caller: str) -> str:
    return str(OTHERS[caller]["role"]) if caller in OTHERS else "member"


def name_of(field: str, path: str) -> str:
    """The name that stands for an id in a path's place or a field; nothing where nothing leads to one."""
    collection = _collection(path)
    if field in ("member_id", "firm_id"):
        return f"{_WHO.get(collection, 'BUYER')}_ID"
    of_its_kind = f"{collection.removesuffix('s')}_{field}".upper()
    return next((name for name in (of_its_kind, field.upper()) if name in IDS and field != "id"), "")


def path_of(path: str, values: Mapping[str, str]) -> str:
    """A path with a name in each place that has one, and an example in the others."""
    return re.sub(r"\{(\w+)\}", lambda place: _named(place[1], path) or values[place[1]], path)


def body_of(body: Any, path: str, field: str = "") -> Any:
    """A body with names in the place of ids."""
    if isinstance(body, dict):
        return {key: body_of(value, path, key) for key, value in body.items()}
    if isinstance(body, list):
        return [body_of(value, path, field) for value in body]
    if not isinstance(body, str) or not (match := _ID.fullmatch(body)):
        return body
    kind = f"{KINDS[match[1]].name}_ID".upper() if match[1] in KINDS else ""
    return _named(field, path) or (f"${kind}" if kind in IDS else body)


def prelude(base_url: str) -> str:
    """A script for bash and zsh: every token and id under its name, for curl and for programs that are started beside it."""
    return _SCRIPT.format(base_url=base_url, lines="\n".join(_lines()))


def begin(base_url: str) -> str:
    """How a reader comes by all of them."""
    return f'eval "$(curl -s {base_url}/{PRELUDE})"'


def as_json() -> bytes:
    """The same for the script that sends examples from their pages."""
    who = OTHERS | {name: {"role": "member", "sub": f"${name}_ID"} for name in MEMBERS}
    return json.dumps({"who": who, "ids": {name: sample._asdict() for name, sample in IDS.items()}}).encode()


def _named(field: str, path: str) -> str:
    name = name_of(field, path)
    return name and f"${name}"


def _collection(path: str) -> str:
    return next(part for part in path.split("/") if part not in ("", "v1"))


def _lines() -> Iterator[str]:
    for name, identity in OTHERS.items():
        yield f"export {name}=$(token '{json.dumps(identity)}')"
    for name in MEMBERS:
        yield f"export {name}_ID=$({_first(IDS[f'{name}_ID'])})"
        yield f'export {name}=$(token \'{{"role": "member", "sub": "\'${name}_ID\'"}}\')'
    for name, sample in IDS.items():
        if name.removesuffix("_ID") not in MEMBERS:
            yield f"export {name}=$({_first(sample)})"


def _first(sample: Sample) -> str:
    return f'look_up "${sample.by}" "{sample.path}" .{sample.at}'


_SCRIPT: Final = """\
# What the examples of this documentation begin with: a token for each of those who ask, and ids of what there is in this sandbox.
# For bash and zsh; it takes curl 7.82 and jq.

export SURETY=${{SURETY:-{base_url}}}
token() {{ curl -s "$SURETY/v1/sandbox/tokens" --json "$1" | jq -r .token; }}
look_up() {{ curl -s "$SURETY$2" -H "Authorization: Bearer $1" | jq -r "$3"; }}

{lines}
"""
