"""A small world behind the endpoints: two members, one of them enrolled, an order between them, and what hangs on it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.banks.rules.instruction import id_of
from chalicelib.banks.service import outbox as banks_outbox
from chalicelib.claims.service import evidence
from chalicelib.console import service as console
from chalicelib.credit.service import pre_offers
from chalicelib.firms.service import uploads as firms_uploads
from chalicelib.office.records import work
from chalicelib.office.rules.task import REDRIVE, Task
from chalicelib.office.rules.things import THINGS
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules.payments import PaymentReceived
from chalicelib.orders.service import commands as orders_commands
from chalicelib.recoveries.rules.recovery import Advance
from chalicelib.recoveries.service import subscribers as recoveries_subscribers
from chalicelib.shared import clock, ids, journal
from chalicelib.shared import files as bucket
from chalicelib.shared.commit import commit
from chalicelib.shared.files import Arrived
from chalicelib.shared.journal import Event, PaymentOrder
from chalicelib.shared.periods import business_date, month_of
from chalicelib.shared.request import CLOCK, Caller, RequestContext
from tests.acquiring.planting import plant_payment, plant_settlement
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, example_body, name
from tests.channels.planting import plant as plant_channel_member
from tests.conduct.earning import plant as plant_incentive
from tests.conduct.reporting import plant as plant_report
from tests.conduct.sanctioning import plant as plant_sanction
from tests.credit.lining import plant as plant_line
from tests.credit.planting import plant as plant_application
from tests.credit.scoring import plant as plant_score
from tests.credit.seeking import grown
from tests.dispute import file_of
from tests.firms.factories import sign_for
from tests.groups.grouping import active
from tests.groups.signing import plant_with_sheet
from tests.guarantees.planting import plant_call
from tests.guarantees.rescuing import between, plant_claim
from tests.listings.selling import plant as plant_listing
from tests.loans.lending import plant_loan
from tests.monitoring.alerting import plant as plant_alert
from tests.quotes.quoting import plant as plant_quote
from tests.reconciliation.differing import plant_item
from tests.trade import aside, enrol
from tests.trainings.teaching import plant as plant_training
from tests.world import Reply, StandingClock, token

OFFICER: Final = token("officer", "officer-1", "admin")
STRANGER: Final = token("member", "mem_0000000000000000000000000Z")


NO_INVITATION: Final = "inv_0000000000000000000000000Z"
NO_OBJECTION: Final = "obj_0000000000000000000000000Z"
NO_PROPOSAL: Final = "prp_0000000000000000000000000Z"
PHOTO: Final = b"not really a photo"


@dataclass(frozen=True)
class Seeds:
    """The ids of what is there, by the names they have in paths, and the tokens of those concerned."""

    ids: dict[str, str]
    buyer: str
    supplier: str
    buyer_id: str
    person: str
    """A signer of the buyer's, who may do everything."""

    def token_for(self, roles: list[str] | frozenset[str]) -> str:
        """Whoever opens most of the endpoints for these roles: an officer, else the buyer, else whoever has the role."""
        if "officer" in roles or not roles:
            return OFFICER
        return self.buyer if "member" in roles else token(sorted(roles)[0], "somebody")


def sow(under_test: ApiUnderTest) -> Seeds:
    buyer = _ask(under_test, "POST /v1/members", {"external_ref": "seed-buyer", "name": "Seed GmbH", "country": "DE"})
    supplier = _ask(
        under_test, "POST /v1/members", {"external_ref": "seed-supplier", "name": "Seed Co", "country": "CN"}
    )
    ids = {"member_id": supplier["id"], "bank_id": "boc", "name": "fx", "account": f"cover_granted:{supplier['id']}"}
    ids |= {"section": "errors", "page": "not_found"}
    ids |= {
        "release": console.release(),
        "file": "main.js",
        "module": "lit.js",
        "operation": "orders_accept",
        "language": "ko",
    }
    _ask(under_test, "POST /v1/suppliers/{member_id}/enrolment", {}, ids=ids)
    penalised = _ask(under_test, "POST /v1/suppliers/{member_id}/penalties", ids=ids)
    ids |= {"buyer_id": buyer["id"], "seller_id": supplier["id"], "period": "2023-03"}
    _ask(under_test, "POST /v1/deposits/{seller_id}", ids=ids)
    buyers = token("member", buyer["id"])
    terms = _example("POST /v1/orders") | {"buyer_id": buyer["id"], "supplier_id": supplier["id"]}
    terms |= {"accept_uncovered": True}
    order = _ask(under_test, "POST /v1/orders", terms, by=buyers)
    event = _ask(under_test, "POST /v1/sandbox/banks/{bank_id}/events", ids=ids)
    person = sign_for(buyer["id"])
    run = _ask(under_test, "POST /v1/sandbox/jobs/{job}", {}, ids={"job": "books-close"})
    endpoint = _ask(under_test, "POST /v1/webhook-endpoints")
    trade_import = _ask(under_test, "POST /v1/imports")
    declarations = [each | {"exporter_ref": "seed-supplier"} for each in _example("POST /v1/exports")["items"]]
    exported = _ask(under_test, "POST /v1/exports", {"items": declarations})
    ids |= {
        "penalty_id": penalised["points"]["penalties"][0]["id"],
        "order_id": order["id"],
        "event_id": event["id"],
        "run_id": run["id"],
        "work_id": _waits(run["id"]),
        "report": "orders",
        "entry_id": _last_entry(order["id"]),
        "endpoint_id": endpoint["id"],
        "book_id": "EX-2024-01",
        "import_id": trade_import["id"],
        "declaration_id": exported["items"][0]["id"],
        "instruction_id": _instruct(buyer["id"], order["id"]),
        "consent_id": _consent(under_test, buyers, person),
        "pre_offer_id": _pre_offer(under_test, buyer["id"], buyers, person),
        "case_id": _complain(under_test, order["id"], buyers),
        **(profiled := _profiled(under_test, supplier["id"])),
        "receivable_id": _present(under_test, buyer["id"], token("member", supplier["id"])),
        **plant_application(buyer["id"], profiled["document_id"]),
        "line_id": plant_line(supplier["id"], 100_000_000),
        "loan_id": plant_loan(supplier["id"]),
        "call_id": plant_call(supplier["id"], buyer["id"]),
        "seat": "2",
        "objection_id": NO_OBJECTION,
        "member_claim_id": plant_claim(between(supplier["id"], buyer["id"])),
        "pool_id": _ask(under_test, "POST /v1/risk-pools")["id"],
        "sanction_id": plant_sanction(plant_loan(supplier["id"]), supplier["id"]),
        "shadow_id": _ask(under_test, "POST /v1/monitoring-shadows")["id"],
        "alert_id": plant_alert(plant_loan(supplier["id"]), "red"),
        "incentive_id": plant_incentive(supplier["id"], "lon_seed"),
        "report_id": plant_report(supplier["id"], buyer["id"], profiled["document_id"]),
        "training_id": plant_training(),
        "score_id": plant_score(supplier["id"], "2026-03"),
        "payment_id": plant_payment(buyer["id"], supplier["id"]),
        "settlement_id": plant_settlement(buyer["id"], supplier["id"]),
        "acquirer_id": "alipay",
        "quote_id": plant_quote(buyer["id"]),
        **(sold_in := plant_channel_member(supplier["id"], "somebody", profiled["document_id"])),
        "listing_id": plant_listing(sold_in["channel_id"], supplier["id"], profiled["document_id"]),
        "item_id": plant_item(),
        **plant_with_sheet(active(3), [buyer["id"], supplier["id"], "mem_0000000000000000000000000Y"]),
        "invitation_id": NO_INVITATION,
        "proposal_id": NO_PROPOSAL,
        "recovery_id": _owe(supplier["id"], order["id"]),
        **_claimed(under_test, buyer["id"], buyers),
        "job": "books-close",
    }
    return Seeds(ids, buyers, token("member", supplier["id"]), buyer["id"], person)


def _complain(under_test: ApiUnderTest, order_id: str, buyers: str) -> str:
    about = {"kind": "order", "id": order_id}
    return str(_ask(under_test, "POST /v1/cases", _example("POST /v1/cases") | {"about": about}, by=buyers)["id"])


def _profiled(under_test: ApiUnderTest, member_id: str) -> dict[str, str]:
    """The supplier's profile as a firm, with a person, an account and a document that has come."""
    firm, ids = token("member", member_id), {"member_id": member_id}
    _ask(under_test, "POST /v1/firms", by=firm)
    person = _ask(under_test, "POST /v1/firms/{member_id}/people", by=firm, ids=ids)
    account = _ask(under_test, "POST /v1/firms/{member_id}/settlement-accounts", by=firm, ids=ids)
    body = _example("POST /v1/firms/{member_id}/documents") | {"size": len(PHOTO), "media_type": "image/png"}
    body |= {"sha256": hashlib.sha256(PHOTO).hexdigest()}
    announced = _ask(under_test, "POST /v1/firms/{member_id}/documents", body, by=firm, ids=ids)
    disclosure = _ask(under_test, "POST /v1/firms/{member_id}/disclosures", ids=ids)
    key = announced["upload"]["fields"]["key"]
    bucket.put(key, PHOTO, "image/png")
    firms_uploads.FILES.file_arrived(Arrived(key, len(PHOTO), hashlib.md5(PHOTO).hexdigest()))
    return {
        "person_id": person["people"][0]["id"],
        "account_id": account["settlement_accounts"][0]["id"],
        "document_id": announced["document_id"],
        "disclosure_id": disclosure["id"],
    }


def _present(under_test: ApiUnderTest, buyer_id: str, supplier: str) -> str:
    body = _example("POST /v1/receivables") | {"buyer_id": buyer_id}
    return str(_ask(under_test, "POST /v1/receivables", body, by=supplier)["id"])


def _consent(under_test: ApiUnderTest, by: str, person: str) -> str:
    """What the buyer lets banks see."""
    return str(_ask(under_test, "POST /v1/consents", by=by, person=person)["id"])


def _pre_offer(under_test: ApiUnderTest, buyer_id: str, by: str, person: str) -> str:
    """What the buyer, which exports more and more, could use."""
    on = business_date(clock.now())
    grown(buyer_id, on)
    body = {"purpose": "pre_offers", "data_classes": ["exports"], "until": on.isoformat()}
    consent_id = _ask(under_test, "POST /v1/consents", body, by=by, person=person)["id"]
    pre_offers.look(consent_id, on, clock.now())
    return ids.derived_id("pro", buyer_id, month_of(on))


def _claimed(under_test: ApiUnderTest, buyer_id: str, buyers: str) -> dict[str, str]:
    """A claim on a covered and paid order, with an offer of the supplier's and a file of the buyer's."""
    reply = _ask(
        under_test, "POST /v1/members", {"external_ref": "seed-claimed", "name": "Claimed Co", "country": "CN"}
    )
    enrol(reply["id"], 10_000_000, StandingClock(clock.now()))
    supplier, parties = token("member", reply["id"]), {"buyer_id": buyer_id, "supplier_id": reply["id"]}
    example = _example("POST /v1/orders")
    body = example | parties | {"terms": example["terms"] | {"quality": "pre_shipment"}}
    order = _ask(under_test, "POST /v1/orders", body, by=buyers)
    ids = {"order_id": order["id"]}
    _ask(under_test, "POST /v1/orders/{order_id}/accept", {"version": 1}, by=supplier, ids=ids)
    _pay(order["id"])
    request_body = {"reason": "quality_pre_shipment", "amount": {"amount": "500.00", "currency": "USD"}}
    claim = _ask(under_test, "POST /v1/orders/{order_id}/claims", request_body, by=buyers, ids=ids)
    ids = {"claim_id": claim["id"]}
    offered = _ask(under_test, "POST /v1/claims/{claim_id}/offers", by=supplier, ids=ids)
    announced = _ask(under_test, "POST /v1/claims/{claim_id}/evidence", file_of(PHOTO, "photos"), by=buyers, ids=ids)
    _upload(announced["upload"]["fields"]["key"])
    return ids | {"offer_id": offered["offers"][0]["id"], "evidence_id": announced["evidence_id"]}


def _upload(key: str) -> None:
    bucket.put(key, PHOTO, "image/png")
    evidence.file_arrived(Arrived(key, len(PHOTO), hashlib.md5(PHOTO).hexdigest()))


def _waits(run_id: str) -> str:
    """A run that somebody has to look at."""
    work.keep(run_id, run_id, 1, THINGS["run"], Task(status="failed", deadline=REDRIVE), clock.now())
    return run_id


def _last_entry(order_id: str) -> str:
    order = ORDERS.repository.load(order_id)
    assert order is not None
    return order.recent[-1]


def _pay(order_id: str) -> None:
    fact = PaymentReceived(
        bank_id="boc",
        bank_ref="R-1",
        seq=1,
        account="TA-USD-01",
        value_date=clock.now().date(),
        amount_minor=500_000,
        currency="USD",
    )
    request = RequestContext(
        caller=Caller(sub="bank:boc", role="bank"), now=clock.now(), request_id="seed", key=f"pay {order_id}"
    )
    orders_commands.apply_bank_fact(order_id, fact, request, aside=aside(fact))


def _instruct(member_id: str, order_id: str) -> str:
    """A refund that a bank is told to make."""
    payment_order = PaymentOrder(
        kind="refund",
        bank_id="boc",
        aggregate_id=order_id,
        currency="USD",
        amount_minor=1,
        party=member_id,
        bank_ref="R-1",
    )
    request = RequestContext(caller=CLOCK, now=clock.now(), request_id="seed", key="seed")
    aggregate_id = ids.derived_id("clm", order_id)
    entry = journal.entry(
        request,
        Event("seed.told", payment_orders=(payment_order,)),
        aggregate_id=aggregate_id,
        seq=1,
        prev=journal.GENESIS,
    )
    commit(entry)
    banks_outbox.enqueue(entry)
    return id_of(entry.entry_id, 0)


def _owe(supplier_id: str, order_id: str) -> str:
    """What the platform advanced for the supplier, beyond its cover."""
    claim_id, now = ids.derived_id("clm", "seed", order_id), clock.now()
    advance = Advance(
        claim_id=claim_id,
        order_id=order_id,
        supplier_id=supplier_id,
        amount_minor=150_000,
        currency="USD",
        usd_minor=0,
    )
    recoveries_subscribers.open_for(advance, now, now)
    return recoveries_subscribers.id_of(claim_id)


def _ask(
    under_test: ApiUnderTest,
    endpoint_name: str,
    body: dict[str, Any] | None = None,
    *,
    by: str = OFFICER,
    ids: Any = None,
    person: str = "",
) -> Reply:
    endpoint = next(endpoint for endpoint in endpoints() if name(endpoint) == endpoint_name)
    reply = under_test.send(
        ApiRequest(
            endpoint,
            by=by,
            ids=ids,
            body=None if body is None else json.dumps(body).encode(),
            headers={"surety-acting-person": person} if person else None,
        )
    )
    assert reply.status < 300, (endpoint_name, reply.status, reply.body)
    return reply


def _example(endpoint_name: str) -> dict[str, Any]:
    return example_body(next(endpoint for endpoint in endpoints() if name(endpoint) == endpoint_name)) or {}
