"""What there is of a member, part by part: which list shows it, and under which name that asks for the member. Pure.

A part is open to whom its list lets in, so nothing is decided here about who sees what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Section(NamedTuple):
    """The list at `path` of the routes in `module`, with `query`; `member` is its parameter for the member, in the path where it stands there.

    `label` is the field of an item that tells it from others to people, `amount` the one with what it is about.
    """

    name: str
    module: str
    path: str
    member: str
    query: Mapping[str, str] = {}
    label: str = ""
    amount: str = ""


SECTIONS: Final = (
    Section("orders_bought", "orders.routes", "/v1/orders", "member_id", {"as": "buyer"}),
    Section("orders_sold", "orders.routes", "/v1/orders", "member_id", {"as": "supplier"}),
    Section("claims_made", "claims.routes", "/v1/claims", "member_id", {"as": "buyer"}, "reason", "requested"),
    Section("claims_received", "claims.routes", "/v1/claims", "member_id", {"as": "supplier"}, "reason", "requested"),
    Section("cases", "cases.routes", "/v1/cases", "customer_id", {}, "subject"),
    Section("recoveries", "recoveries.routes", "/v1/recoveries", "supplier_id", {}, "", "remaining"),
    Section("settlements", "acquiring.routes", "/v1/settlements", "supplier_id", {}, "", "money"),
    Section("listings", "listings.routes", "/v1/listings", "supplier_id"),
    Section("memberships", "channels.routes.memberships", "/v1/channel-memberships", "member_id", {}, "romanised_name"),
    Section("applications", "credit.routes.applications", "/v1/credit-applications", "member_id", {}, "", "amount"),
    Section("credit_lines", "credit.routes.lines", "/v1/credit-lines", "member_id", {}, "bank_id"),
    Section("loans", "loans.routes", "/v1/loans", "member_id", {}, "bank_id", "amount"),
    Section("groups", "groups.routes.groups", "/v1/guarantee-groups", "member_id", {}, "name"),
    Section("guarantee_calls", "guarantees.routes.calls", "/v1/guarantee-calls", "member_id", {}, "call_ref"),
    Section(
        "claims_on_members", "guarantees.routes.member_claims", "/v1/member-claims", "member_id", {}, "", "remaining"
    ),
    Section(
        "debts_to_members",
        "guarantees.routes.member_claims",
        "/v1/member-claims",
        "member_id",
        {"as": "debtor"},
        "",
        "remaining",
    ),
    Section("receivables", "receivables.routes", "/v1/receivables", "member_id", {}, "reference", "value"),
    Section("alerts", "monitoring.routes.alerts", "/v1/alerts", "member_id", {}, "rule"),
    Section("sanctions", "conduct.routes.sanctions", "/v1/sanctions", "member_id", {}, "measure"),
    Section("reports", "conduct.routes.peer_reports", "/v1/peer-reports", "subject_id", {}, "category"),
    Section("incentives", "conduct.routes.integrity", "/v1/members/{member_id}/incentives", "member_id", {}, "kind"),
    Section("scores", "credit.routes.scores", "/v1/scores", "member_id"),
)
