"""Refusals that take a state in which the small world is not: what stands in the tables is put into it, and then asked for over the API.

Each says in a sentence what stood before: `make error-examples` shows them on the pages of the problem codes.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, NamedTuple

import pytest
from msgspec.structs import replace
from pynamodb.exceptions import GetError

from chalicelib.acquiring.aggregate import ACQUIRER_PAYMENTS
from chalicelib.banks.aggregate import INSTRUCTIONS
from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.aggregate.nominations import NOMINATIONS
from chalicelib.claims.aggregate import CLAIMS
from chalicelib.conduct.aggregate.sanctions import SANCTIONS
from chalicelib.credit.aggregate.applications import OFFERS
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.rules import pack
from chalicelib.deposits.monthly.service import MONTHLY
from chalicelib.deposits.rules import published
from chalicelib.exports.service import correcting, recording
from chalicelib.firms.aggregate import FIRMS
from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.rules.group import Group
from chalicelib.guarantees.aggregate.calls import CALLS
from chalicelib.guarantees.aggregate.pools import POOLS
from chalicelib.guarantees.rules import call_handling
from chalicelib.listings.examples import DRAFT, OFFER
from chalicelib.loans.aggregate import LOANS
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules import placing
from chalicelib.quotes.aggregate import QUOTES
from chalicelib.runs import service as runs
from chalicelib.shared import calendars, clock
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.bounds import NoRoom
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.records import SupplierRow
from chalicelib.suppliers.rules.penalties import MOST_PENALTIES
from tests import provoked
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, example_body, must_be_documented, name
from tests.api.seeds import Seeds
from tests.api.test_examples import caller_of
from tests.api.test_full import let_be_full
from tests.credit.lining import plant as plant_line
from tests.groups import grouping
from tests.guarantees.planting import plant_call
from tests.listings.selling import plant as plant_listing
from tests.loans import test_heavier as heavier
from tests.loans.lending import plant_loan
from tests.loans.statuses import GUARANTEE
from tests.shared.test_store_errors import refused as refused_by_store
from tests.world import START

BY_NAME: Final = {name(endpoint): endpoint for endpoint in endpoints()}
Ids = dict[str, str]


class Stage(NamedTuple):
    seeds: Seeds
    patch: pytest.MonkeyPatch

    @property
    def ids(self) -> Ids:
        return self.seeds.ids

    def put(self, aggregate: Aggregate[Any, Any, Any], name: str, **fields: Any) -> None:
        """What stands in the table, with other facts."""
        row = aggregate.repository.row.get(name)
        row.body = replace(row.body, **fields)
        row.save()

    def state(self, aggregate: Aggregate[Any, Any, Any], name: str) -> Any:
        return aggregate.repository.row.get(name).body

    @property
    def claim(self) -> Any:
        return self.state(CLAIMS, self.ids["claim_id"])


class Case(NamedTuple):
    """`before` puts the world into the state, and says what the path names instead of what the small world has."""

    code: str
    route: str
    before: Callable[[Stage], Ids | None]
    body: Callable[[Stage], dict[str, Any]] | dict[str, Any] = {}
    by: str = ""


def as_it_is(stage: Stage) -> None:
    """The small world."""


def with_(aggregate: Aggregate[Any, Any, Any], id_name: str, **fields: Any) -> Callable[[Stage], None]:
    return lambda stage: stage.put(aggregate, stage.ids[id_name], **fields)


def monthly(stage: Stage) -> Ids:
    """The job that decides a month of deposits."""
    return {"job": MONTHLY}


def decided(stage: Stage) -> Ids:
    """A later month was decided."""
    runs.begin(MONTHLY, "2026-01", START.date(), 1)
    return monthly(stage)


def fee_takes_nearly_all(stage: Stage) -> Any:
    terms = stage.state(OFFERS, stage.ids["credit_offer_id"]).terms
    return replace(terms, fee_minor=terms.amount_minor - 1)


def others_were_faster(stage: Stage) -> None:
    """Whenever the order is read, somebody else has written a version that was not read yet."""
    row = ORDERS.repository.row.get(stage.ids["order_id"])
    row.version += 1
    row.save()
    stage.patch.setattr(time, "sleep", lambda _: None)


def store_refuses(stage: Stage) -> None:
    """The store takes a value of the request for none."""

    def refused(name: str) -> None:
        raise GetError("no", refused_by_store("ValidationException"))

    stage.patch.setattr(ORDERS.repository, "load", refused)


def unclaimed(stage: Stage, **fields: Any) -> Ids:
    """A paid order that nothing is claimed of yet."""
    order = {"order_id": stage.claim.order_id}
    stage.put(ORDERS, order["order_id"], claims=(), **fields)
    return order


def files_of(number: int, code: str) -> Callable[[Stage], None]:
    def before(stage: Stage) -> None:
        file = replace(stage.claim.files[0], code=code, status="submitted", submitted_at=clock.now())
        stage.put(CLAIMS, stage.ids["claim_id"], files=tuple(replace(file, id=f"evd_{n}") for n in range(number)))

    return before


def noticed(stage: Stage) -> None:
    """The guarantors have notice of a call, of which nothing is paid."""
    request = RequestContext.of_clock(stage.ids["call_id"], 2, clock.now())
    CALLS.apply(
        stage.ids["call_id"],
        request,
        lambda was, context: call_handling.notice_by_clock(was, context, request.now),
        funded=True,
    )


def objected(stage: Stage) -> None:
    """And one of them has objected."""
    noticed(stage)
    request = RequestContext.of_clock(stage.ids["call_id"], 3, clock.now())
    CALLS.apply(
        stage.ids["call_id"],
        request,
        lambda was, context: call_handling.object_to(was, 2, "obj_1", "Paid.", context, request.now),
        funded=True,
    )


def late(stage: Stage) -> Ids:
    """Of two guarantors who have notice, one has not paid in time."""
    call_id = plant_call(stage.claim.supplier_id, stage.seeds.buyer_id, stage.ids["member_id"])
    noticed(Stage(dataclasses.replace(stage.seeds, ids=stage.ids | {"call_id": call_id}), stage.patch))
    first, *others = stage.state(CALLS, call_id).shares
    now = clock.now()
    stage.put(CALLS, call_id, shares=(replace(first, overdue_at=now, confirm_by=now + timedelta(days=5)), *others))
    return {"call_id": call_id, "seat": "3"}


def group_of(other: Group) -> Callable[[Stage], None]:
    """The group of three as if it were forming, or vetting itself."""

    def before(stage: Stage) -> None:
        was = stage.state(GROUPS, stage.ids["group_id"])
        seats = [replace(seat, member_id=known.member_id) for seat, known in zip(other.seats, was.seats, strict=True)]
        stage.put(
            GROUPS,
            was.id,
            status=other.status,
            seats=tuple(seats),
            attestations=other.attestations,
            due_at=other.due_at,
        )

    return before


def lent(stage: Stage) -> Ids:
    """A loan of the buyer's."""
    return {"loan_id": plant_loan(stage.seeds.buyer_id)}


def consented(stage: Stage) -> None:
    """A loan that the buyer answers for on seat 2, with a heavier schedule to which it has consented."""
    proposed = heavier.consented(heavier.proposal().state, 2).state
    assert proposed.restructuring is not None
    seat, other = GUARANTEE.guarantors
    own = replace(GUARANTEE, guarantors=(replace(seat, member_id=stage.seeds.buyer_id), other))
    waiting = replace(proposed.restructuring, due_at=START + timedelta(days=9))
    stage.put(LOANS, stage.ids["loan_id"], guarantee=own, restructuring=waiting)


def proposed_hash(stage: Stage) -> dict[str, Any]:
    return {"hash": stage.state(LOANS, stage.ids["loan_id"]).restructuring.hash}


def penalised(number: int, **fields: Any) -> Callable[[Stage], None]:
    def before(stage: Stage) -> None:
        row = SupplierRow.get(stage.ids["member_id"])
        [penalty] = row.body.penalties
        row.body = replace(row.body, penalties=tuple(replace(penalty, **fields) for _ in range(number)))
        row.save()

    return before


def of_listings(stage: Stage) -> dict[str, Any]:
    """An order of what the small world sells and of what another supplier does."""
    channel_id = stage.ids["channel_id"]
    other = plant_listing(channel_id, stage.seeds.buyer_id, stage.ids["document_id"])
    lines = [{"listing_id": name, "quantity": 1} for name in (stage.ids["listing_id"], other)]
    return (example_body(BY_NAME[PLACE]) or {}) | {"quote_id": stage.ids["quote_id"], "lines": lines}


def of_one_listing(stage: Stage) -> dict[str, Any]:
    told = of_listings(stage)
    return told | {"lines": told["lines"][:1]}


def drafted(**offer: Any) -> Callable[[Stage], dict[str, Any]]:
    return lambda stage: DRAFT | {"channel_id": stage.ids["channel_id"], "offer": OFFER | offer}


def bound(module: Any, name_: str, most: int) -> Callable[[Stage], None]:
    """The bound stands where the request is."""
    return lambda stage: stage.patch.setattr(module, name_, most)


def small_packs(stage: Stage) -> Ids:
    stage.patch.setattr(pack, "MOST_DOCUMENT_BYTES", 10)
    line_id = plant_line(stage.seeds.buyer_id, 100_000_000)
    stage.put(LINES, line_id, renewal_offered_at=clock.now())
    return {"line_id": line_id}


def few_exports_a_day(stage: Stage) -> None:
    stage.patch.setattr(correcting, "DECLARATIONS", dataclasses.replace(recording.DECLARATIONS, most=0))


def known_holidays_end(stage: Stage) -> None:
    """The year's end is near: holidays of the next are not known."""
    china = calendars.calendar("CN")
    stage.patch.setattr(calendars, "calendar", lambda _: dataclasses.replace(china, last_year=2025))


def full(case: Case) -> Case:
    """The same, where a list holds as much as it may."""

    def before(stage: Stage) -> Ids | None:
        error = next(each for each in BY_NAME[case.route].errors if each.code == case.code)
        assert issubclass(error, NoRoom)
        let_be_full(stage.patch, error)
        return case.before(stage)

    return case._replace(before=before)


CLAIM: Final = {"reason": "quality_pre_shipment", "amount": {"amount": "500.00", "currency": "USD"}}
LONG_AGO: Final = START - timedelta(days=400)
FORMING: Final = group_of(grouping.formed(3))
VETTING: Final = grouping.vetting_group(3)
VOUCHED: Final = {"answer": "vouches", "looked_at": ["books"]}
RUN: Final = "POST /v1/sandbox/jobs/{job}"
CANCEL: Final = "POST /v1/orders/{order_id}/cancel"
ASK: Final = "POST /v1/orders/{order_id}/claims"
PLACE: Final = "POST /v1/channels/{channel_id}/orders"
EVIDENCE: Final = "POST /v1/claims/{claim_id}/evidence"
REGISTER: Final = "POST /v1/trainings/{training_id}/register"
INVITE: Final = "POST /v1/guarantee-groups/{group_id}/invitations"
ATTEST: Final = "POST /v1/guarantee-groups/{group_id}/attestations"
OBJECT: Final = "POST /v1/guarantee-calls/{call_id}/shares/{seat}/objections"


def own_person(stage: Stage) -> dict[str, Any]:
    return {"person_id": stage.ids["person_id"]}


def another_member(stage: Stage) -> dict[str, Any]:
    return {"member_id": stage.claim.supplier_id}


def own_member(stage: Stage) -> dict[str, Any]:
    return {"member_id": stage.ids["member_id"]}


CASES: Final = (
    Case("cut_off_ahead", RUN, monthly, {"as_of": "2026-03-02"}),
    Case("first_trades_missing", RUN, monthly, {"as_of": "2026-02-06"}),
    Case("later_month_decided", RUN, decided, {"as_of": "2025-12-06"}),
    Case(
        "no_effective_rate",
        "POST /v1/offer-comparisons",
        lambda stage: stage.put(OFFERS, stage.ids["credit_offer_id"], terms=fee_takes_nearly_all(stage)),
        lambda stage: {"offer_ids": [stage.ids["credit_offer_id"]]},
    ),
    Case("race_lost", CANCEL, others_were_faster),
    Case("not_storable", "GET /v1/orders/{order_id}", store_refuses),
    Case("unknown_line", ASK, unclaimed, {**CLAIM, "lines": [99]}),
    full(Case("too_many_claims", ASK, unclaimed, CLAIM)),
    Case("too_many_files", EVIDENCE, files_of(20, "expert_statement")),
    Case("too_many_of_that_kind", EVIDENCE, files_of(10, "photos")),
    Case(
        "offer_not_open",
        "POST /v1/claims/{claim_id}/offers/{offer_id}/accept",
        lambda stage: stage.put(
            CLAIMS,
            stage.ids["claim_id"],
            offers=(replace(stage.claim.offers[0], status="declined"), replace(stage.claim.offers[0], id="off_2")),
        ),
    ),
    full(Case("too_many_recused", "POST /v1/claims/{claim_id}/recuse", with_(CLAIMS, "claim_id", status="review"))),
    Case("listing_channel_closed", "POST /v1/listings", with_(CHANNELS, "channel_id", status="closed"), drafted()),
    Case(
        "one_currency",
        "POST /v1/listings",
        as_it_is,
        drafted(steps=[*OFFER["steps"], {"quantity": 20, "price": {"amount": "60.00", "currency": "CNY"}}]),
    ),
    Case("listing_not_in_this_status", "POST /v1/listings/{listing_id}/submit", as_it_is),
    Case(
        "nomination_not_in_this_status",
        "POST /v1/nominations/{nomination_id}/accept",
        with_(NOMINATIONS, "nomination_id", status="declined"),
    ),
    Case("quote_expired", PLACE, with_(QUOTES, "quote_id", valid_until=LONG_AGO, status="expired"), of_one_listing),
    Case("one_supplier", PLACE, as_it_is, of_listings),
    Case("too_many_listings", PLACE, bound(placing, "MOST_LISTINGS", 1), of_listings),
    full(
        Case(
            "too_many_payment_attempts",
            "POST /v1/orders/{order_id}/payments",
            lambda stage: {"order_id": stage.state(ACQUIRER_PAYMENTS, stage.ids["payment_id"]).order_id},
        )
    ),
    full(
        Case(
            "too_many_attempts",
            "POST /v1/bank-instructions/{instruction_id}/retry",
            with_(INSTRUCTIONS, "instruction_id", status="manual"),
        )
    ),
    full(Case("too_many_explanations", "POST /v1/alerts/{alert_id}/explain", as_it_is, by="supplier")),
    full(Case("too_many_of_a_firm", REGISTER, as_it_is, own_person, by="supplier")),
    full(Case("training_full", REGISTER, as_it_is, own_person, by="supplier")),
    Case("too_many_penalties", "POST /v1/suppliers/{member_id}/penalties", penalised(MOST_PENALTIES)),
    Case(
        "penalty_expired",
        "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/appeal",
        penalised(1, expires_at=LONG_AGO),
    ),
    full(
        Case(
            "too_many_readers",
            "POST /v1/members/{member_id}/flag-inquiries",
            with_(SANCTIONS, "sanction_id", status="in_force", measure="bank_flag"),
        )
    ),
    Case("pool_not_in_this_status", "POST /v1/risk-pools/{pool_id}/close", with_(POOLS, "pool_id", status="closed")),
    full(Case("too_many_objections", OBJECT, noticed, by="buyer")),
    Case("too_late_to_object", OBJECT, objected, by="buyer"),
    Case("objection_not_found", "POST /v1/guarantee-calls/{call_id}/objections/{objection_id}/decide", objected),
    Case("share_not_overdue", "POST /v1/guarantee-calls/{call_id}/shares/{seat}/fail", late),
    full(Case("group_full", INVITE, FORMING, another_member, by="buyer")),
    full(Case("too_many_seats", INVITE, FORMING, another_member, by="buyer")),
    Case("already_in_group", INVITE, FORMING, own_member, by="buyer"),
    Case("not_to_attest", ATTEST, group_of(VETTING), VOUCHED | {"seat": 9}, "buyer"),
    Case("already_attested", ATTEST, group_of(grouping.attested(VETTING, 1)), VOUCHED | {"seat": 2}, "buyer"),
    Case("no_restructuring_proposed", "POST /v1/loans/{loan_id}/restructurings/sign", lent, by="buyer"),
    Case("no_consent_asked", "POST /v1/loans/{loan_id}/restructurings/consent", consented, proposed_hash, "buyer"),
    Case(
        "signer_not_verified",
        "POST /v1/consents",
        lambda stage: stage.put(FIRMS, stage.seeds.buyer_id, status="registered"),
    ),
    Case(
        "data_pack_too_large",
        "POST /v1/credit-lines/{line_id}/renew",
        small_packs,
        by="buyer",
    ),
    Case("rulebook_too_large", "POST /v1/deposit-rulebooks", bound(published, "MOST_TERMS_BYTES", 10)),
    Case("day_is_full", "POST /v1/exports/{declaration_id}/correct", few_exports_a_day),
    Case("beyond_the_calendar", "POST /v1/recoveries/{recovery_id}/instalments", known_holidays_end),
)


GIVEN: Final = {
    "already_attested": "The member has attested that other member before.",
    "already_in_group": "The firm that is invited has a seat in the group.",
    "beyond_the_calendar": "The instalments fall into a year whose holidays are not published yet.",
    "cut_off_ahead": "The month is not cut off yet.",
    "data_pack_too_large": "What banks would read of the firm is larger than a data pack may be.",
    "day_is_full": "On that date as many declarations of the exporter are kept as may be.",
    "first_trades_missing": "The day before the cut-off has not been assessed.",
    "later_month_decided": "January 2026 was decided before; December 2025 was not.",
    "listing_channel_closed": "The channel has been closed.",
    "listing_not_in_this_status": "The listing is on sale already.",
    "no_consent_asked": "The guarantor has consented to the heavier schedule before.",
    "no_effective_rate": "The bank's fee takes the loan but for a hundredth of a yuan.",
    "no_restructuring_proposed": "Nobody has proposed another schedule for the loan.",
    "nomination_not_in_this_status": "The supplier has declined the nomination before.",
    "not_storable": "The store takes a value of the request for none that it keeps.",
    "not_to_attest": "The seat that is attested is nobody's.",
    "objection_not_found": "A guarantor has objected, by another id.",
    "offer_not_open": "The offer was declined; another one of the same side is open.",
    "one_currency": "Two steps of the price are in won, the third in yuan.",
    "one_supplier": "The two listings are of two suppliers.",
    "penalty_expired": "The penalty's points have expired.",
    "pool_not_in_this_status": "The pool was closed before.",
    "quote_expired": "The quote's time is over.",
    "race_lost": "Whenever the order is read, somebody else changes it before the cancellation is written.",
    "rulebook_too_large": "The terms have more bytes than are kept of a version.",
    "share_not_overdue": "Of two guarantors the other one is late.",
    "signer_not_verified": "No officer has verified the firm's profile yet.",
    "too_late_to_object": "The guarantor has objected before, and nobody has decided yet.",
    "too_many_files": "The party has handed in as many files in this round as may be.",
    "too_many_listings": "The order is of more listings than may be.",
    "too_many_of_that_kind": "The party has handed in as many photos in this round as may be.",
    "too_many_penalties": "All penalties that the supplier may have at a time count.",
    "unknown_line": "The order has no such line.",
}
"""What stands before a request, in a sentence; of the others, that a list is full."""


@pytest.mark.parametrize("case", CASES, ids=[each.code for each in CASES])
def test_it_is_refused_by_name(
    under_test: ApiUnderTest, seeds: Seeds, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    provoked.given(GIVEN.get(case.code, "The list holds as much as it may."))
    endpoint, stage = BY_NAME[case.route], Stage(seeds, monkeypatch)
    ids = seeds.ids | (case.before(stage) or {})
    by = {"buyer": seeds.buyer, "supplier": seeds.supplier}.get(case.by) or caller_of(endpoint, seeds)
    headers = {"surety-acting-person": seeds.person} if by == seeds.buyer else {}
    body = case.body(stage) if callable(case.body) else case.body
    raw = json.dumps(body).encode() if body else None
    reply = under_test.send(ApiRequest(endpoint, by=by, ids=ids, body=raw, headers=headers))
    assert reply.body.get("code") == case.code, reply.body
    must_be_documented(endpoint, reply)
