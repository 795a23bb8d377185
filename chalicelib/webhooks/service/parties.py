"""Who may hear of an entry: those who could read it in the thing's own timeline.

A registry by the beginning of the thing's id. A slice whose things have parties adds a line; the entry of a thing without one is
heard by the platform alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from chalicelib.banks.rules.feed import PREFIX as FEED
from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.service import reading as claims_reading
from chalicelib.conduct.rules.sanction import HELD_BACK
from chalicelib.conduct.service.peer_reports import TOLD_TO_SUBJECT
from chalicelib.guarantees.rules.apportioning import side_of
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules.order import Order, Side
from chalicelib.recoveries.service import reading as recoveries_reading
from chalicelib.shared import clock, fx
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.webhooks.rules.endpoint import PLATFORM, bank_owner
from chalicelib.webhooks.rules.endpoint import PREFIX as ENDPOINT
from chalicelib.webhooks.rules.message import BANK, Audience


def audiences(entries: Sequence[Entry]) -> list[Audience]:
    """The members concerned by each entry, each with its side. The platform hears of everything anyhow. One round trip for all orders."""
    known = ORDERS.repository.load_all(entry.aggregate_id for entry in entries if entry.aggregate_id.startswith(ORDER))
    return [
        of_order(entry, known.get(entry.aggregate_id)) if entry.aggregate_id.startswith(ORDER) else _audience(entry)
        for entry in entries
    ]


def _audience(entry: Entry) -> Audience:
    for beginning, parties in PARTIES.items():
        if entry.aggregate_id.startswith(beginning):
            return parties(entry)
    return Audience()


def of_order(entry: Entry, order: Order | None) -> Audience:
    """Buyer and supplier; what was never proposed is its author's alone."""
    if order is None or order.status == "draft":
        return _author(entry)
    if order.proposed_by is None:
        side = order.created_by
        return Audience({order.buyer_id if side == "buyer" else order.supplier_id: side}, order.terms.currency)
    return Audience({order.buyer_id: "buyer", order.supplier_id: "supplier"}, order.terms.currency)


def of_claim(entry: Entry) -> Audience:
    """Buyer and supplier; files of evidence that are not handed in for both are their own party's alone, officers' matters nobody's."""
    claim = CLAIMS.repository.load(entry.aggregate_id)
    if claim is None:
        return Audience()
    sides: dict[str, Side] = {claim.buyer_id: "buyer", claim.supplier_id: "supplier"}
    return Audience({name: side for name, side in sides.items() if claims_reading.is_told(entry, side)}, claim.currency)


def of_member(entry: Entry) -> Audience:
    return Audience({entry.aggregate_id: "member"}, fx.LIMIT_CURRENCY)


def of_supplier(entry: Entry) -> Audience:
    """A supplier's standing in the programme has a chain of its own, named after the member; its amounts are of the limit."""
    return Audience({entry.aggregate_id.partition(":")[2]: "supplier"}, fx.LIMIT_CURRENCY)


def of_subsidy(entry: Entry) -> Audience:
    """The exporter, after whom the chain of its subsidies is named."""
    return Audience({entry.aggregate_id.partition(":")[2]: "exporter"}, entry.event.payload["currency"])


def of_profile(entry: Entry) -> Audience:
    """The firm; what is sealed is told to nobody."""
    return Audience({entry.aggregate_id.partition(":")[2]: "firm"})


def of_instruction(entry: Entry) -> Audience:
    """Whoever gets or gives the money: every entry of an instruction says who that is."""
    payload = entry.event.payload
    return Audience({payload["party"]: "party"} if payload["party"] else {}, payload["currency"])


def of_acquirer_payment(entry: Entry) -> Audience:
    """Buyer and supplier, whom every entry of a card or wallet payment names; what its supplier owes for a dispute is for officers."""
    payload = entry.event.payload
    return Audience({payload["buyer_id"]: "buyer", payload["supplier_id"]: "supplier"}, payload["currency"])


def of_settlement(entry: Entry) -> Audience:
    """The supplier that it settles, which every entry names."""
    payload = entry.event.payload
    return Audience({payload["supplier_id"]: "supplier"}, payload["currency"])


def of_recovery(entry: Entry) -> Audience:
    """The supplier the platform advanced for."""
    recovery = recoveries_reading.recovery(entry.aggregate_id, _as_platform())
    return Audience({recovery.supplier_id: "supplier"}, recovery.remaining.currency)


def of_receivable(entry: Entry) -> Audience:
    """Supplier and buyer, whom every entry names; what concerns a loan drawn against it is the supplier's alone."""
    payload = entry.event.payload
    sides = {payload["supplier_id"]: "supplier"}
    if "loan_id" not in payload:
        sides[payload["buyer_id"]] = "buyer"
    return Audience(sides, payload["currency"])


def of_listing(entry: Entry) -> Audience:
    """Its supplier, which every entry names; prices are in the currency that the entry says."""
    payload = entry.event.payload
    return Audience({payload["supplier_id"]: "supplier"}, payload.get("currency", ""))


def of_loan(entry: Entry) -> Audience:
    """The firm that borrows, whom every entry of a loan names; and the members of its group, where an entry names them."""
    payload = entry.event.payload
    group = dict.fromkeys(payload.get("guarantor_ids", ()), "guarantor")
    return Audience({**group, payload["member_id"]: "borrower"}, payload["currency"])


def of_member_claim(entry: Entry) -> Audience:
    """Both sides of a claim between members, whom every entry names."""
    payload = entry.event.payload
    return Audience({payload["debtor_id"]: "debtor", payload["creditor_id"]: "creditor"}, payload["currency"])


def of_pool(entry: Entry) -> Audience:
    """The platform alone: the bank that keeps it is told by messages of its feed."""
    return Audience({}, entry.event.payload["currency"])


def of_call(entry: Entry) -> Audience:
    """The debtor and its guarantors, each of whom is told of its own share and of no other's."""
    payload = entry.event.payload
    guarantors = payload["private"]["guarantors"].items()
    sides = {member_id: side_of(int(seat)) for seat, member_id in guarantors}
    return Audience({payload["member_id"]: "debtor", **sides}, payload["currency"])


def of_group(entry: Entry) -> Audience:
    """Its members and whom they invite, whom every entry of a group names; what officers keep for themselves is told to nobody."""
    payload = entry.event.payload
    return Audience({} if "private" in payload else dict.fromkeys(payload["member_ids"], "member"))


def of_alert(entry: Entry) -> Audience:
    """The firm, which every entry of an alert names; of one about a group or a feed the platform alone hears."""
    member_id = entry.event.payload["member_id"]
    return Audience({member_id: "firm"} if member_id else {})


def of_case(entry: Entry) -> Audience:
    """The customer, whom every entry of a case names; what officers keep for themselves has none."""
    customer_id = entry.event.payload["customer_id"]
    return Audience({customer_id: "customer"} if customer_id else {})


def of_firm(entry: Entry) -> Audience:
    """The firm, which every entry about a consent, a data pack or a pre-offer names."""
    return Audience({entry.event.payload["firm_id"]: "firm"})


def of_borrower(entry: Entry) -> Audience:
    """The firm that applied, which every entry about an application, what banks make of it, a line, an exposure or a score names."""
    return Audience({entry.event.payload["member_id"]: "firm"}, entry.event.payload.get("currency", "CNY"))


def of_agreement(entry: Entry) -> Audience:
    """The firm that borrows, and the members of its group, who sign beside it."""
    payload = entry.event.payload
    group = dict.fromkeys(payload.get("guarantor_ids", ()), "guarantor")
    return Audience({**group, payload["member_id"]: "firm"}, payload["currency"])


def of_bank_feed(entry: Entry) -> Audience:
    """The bank whose feed it is."""
    return Audience({bank_owner(entry.event.payload["bank_id"]): BANK})


def of_peer_report(entry: Entry) -> Audience:
    """The firm that is reported, of what it may read; nobody knows here who reports."""
    payload = entry.event.payload
    was_asked = payload.get("from") in ("asked", "to_find") or payload["to"] == "asked"
    return Audience({payload["subject_id"]: "subject"} if was_asked and entry.event.kind in TOLD_TO_SUBJECT else {})


def of_sanction(entry: Entry) -> Audience:
    """The firm, from the notice on: what nobody has approved is nothing that it could answer."""
    payload = entry.event.payload
    return Audience({} if payload["to"] in HELD_BACK else {payload["member_id"]: "firm"})


def of_incentive(entry: Entry) -> Audience:
    """The firm that earned it, which every entry names."""
    return Audience({entry.event.payload["member_id"]: "firm"})


def of_channel_supplier(entry: Entry) -> Audience:
    """The supplier of a membership, or of a nomination that it is invited by; its agency reads both itself."""
    member_id = entry.event.payload.get("member_id")  # nobody yet has a nomination that is drafted
    return Audience({member_id: "supplier"} if member_id else {})


def of_training(entry: Entry) -> Audience:
    """Whose place it is; all who have places of one that is cancelled."""
    payload = entry.event.payload
    concerned = [payload["member_id"]] if "member_id" in payload else payload.get("private", {}).get("member_ids", ())
    return Audience(dict.fromkeys(concerned, "member"))


def of_deposit(entry: Entry) -> Audience:
    """The seller: every entry of a deposit says whose it is."""
    payload = entry.event.payload
    return Audience({payload["seller_id"]: "seller"}, payload.get("currency", "CNY"))


def of_endpoint(entry: Entry) -> Audience:
    """The owner, whom the entry itself names: an endpoint that was deleted has left no other trace."""
    owner = entry.event.payload["private"]["owner"]
    return Audience({} if owner == PLATFORM else {owner: "member"})


ORDER: Final = "ord_"
PARTIES: Final[Mapping[str, Callable[[Entry], Audience]]] = {
    "mem_": of_member,
    "supplier:": of_supplier,
    "subsidy:": of_subsidy,
    "firm:": of_profile,
    "ins_": of_instruction,
    "clm_": of_claim,
    "cpy_": of_acquirer_payment,
    "stl_": of_settlement,
    "rcv_": of_recovery,
    "lst_": of_listing,
    "rcb_": of_receivable,
    "grp_": of_group,
    "alr_": of_alert,
    "cas_": of_case,
    "cns_": of_firm,
    "snc_": of_sanction,
    "inc_": of_incentive,
    "chm_": of_channel_supplier,
    "nom_": of_channel_supplier,
    "app_": of_borrower,
    "rvw_": of_borrower,
    "ofr_": of_borrower,
    "agr_": of_agreement,
    "lin_": of_borrower,
    "exposure:": of_borrower,
    "dpk_": of_firm,
    "pro_": of_firm,
    "sco_": of_borrower,
    "lon_": of_loan,
    "gcl_": of_call,
    "rpt_": of_peer_report,
    "trn_": of_training,
    "mcl_": of_member_claim,
    "pol_": of_pool,
    "dep_": of_deposit,
    f"{FEED}_": of_bank_feed,
    f"{ENDPOINT}_": of_endpoint,
}
NO_MACHINE: Final[Mapping[str, str]] = {
    "exposure": "exposure:",
    "member": "mem_",
    "subsidy": "subsidy:",
    "supplier": "supplier:",
    "webhook_endpoint": f"{ENDPOINT}_",
}
"""Kinds of things without a state machine that parties hear of, by the beginning of the names of their chains."""
PLATFORM_ALONE: Final[Mapping[str, str]] = {
    "bev": "what a bank tells: whatever comes of it is an entry of what it is about",
    "bks": "a bank's account of itself, compared with our books by officers",
    "chn": "a channel is public: whoever follows one reads it",
    "exp": "customs declarations come from the platform's feed; what they earn is told by `subsidy:`",
    "imp": "an import is the platform's or an agency's, which read its progress",
    "qot": "a quote lives for minutes, and its buyer has just asked for it",
    "rci": "a difference between books is officers' work",
    "run": "jobs are the platform's",
}
"""Kinds whose entries have no parties, by the prefix of their ids, and why."""


def _author(entry: Entry) -> Audience:
    """A draft can be read by the member who wrote it, and by nobody else."""
    return Audience({entry.by.member_id: "member"} if entry.by.member_id else {})


def _as_platform() -> RequestContext:
    return RequestContext(caller=Caller(sub=PLATFORM, role="officer"), now=clock.now(), request_id="webhooks")
