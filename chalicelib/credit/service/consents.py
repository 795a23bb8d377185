"""Consents: given and withdrawn by a signer, looked at, and asked for wherever something of a firm leaves for a bank.

Whoever hands data to a bank, or lets it be drawn on, asks `require_live` each time, a repetition included: what was allowed a moment ago
may not be any more. Repayments and what else a contract brings never ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.credit.aggregate.consents import CONSENTS
from chalicelib.credit.records import consents as records
from chalicelib.credit.rules import consent as rules
from chalicelib.credit.rules.consent import Consent, ConsentMissing, DataClass, Policy, TooManyConsents
from chalicelib.credit.views.consents import ConsentRequest, ConsentsQuery, ConsentView
from chalicelib.firms.service.signers import require_signer
from chalicelib.shared import ids, pages, policies
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


def give(body: ConsentRequest, request: RequestContext) -> StoredResponse:
    """By a signer of the firm, for the banks named or, for pre-offers, for none."""
    firm_id = request.caller.member_id
    signer = require_signer(firm_id, request, "consent")
    for bank_id in body.bank_ids:
        banks_inbox.must_be_partner(bank_id, request.now, named_in="bank_ids")
    in_force = policies.in_force("consents", business_date(request.now))
    policy = in_force.read_as(Policy)
    change = rules.given(
        ids.new_id("cns", request.now),
        firm_id,
        body.purpose,
        tuple(body.bank_ids),
        tuple(body.data_classes),
        body.until,
        signer=signer.person_id,
        policy=policy,
        policy_hash=in_force.hash,
        now=request.now,
    )
    must_have_room(len(records.live_ids(firm_id)), policy.most_live, TooManyConsents)
    return CONSENTS.create(change, (), request, "firm")


def withdraw(consent_id: str, request: RequestContext) -> StoredResponse:
    """By a signer of the firm. Nothing leaves by it from now on."""
    return CONSENTS.execute(
        consent_id,
        request,
        "withdraw",
        lambda was, context, actor: rules.withdraw(
            was, require_signer(was.firm_id, request, "consent").person_id, request.now
        ),
    )


consent = partial(CONSENTS.shown, ConsentView)


def listed(query: ConsentsQuery, request: RequestContext) -> Page[ConsentView]:
    """A firm's consents, oldest first."""
    firm_id = request.caller.member_id or query.firm_id or ""
    of = f"consents:{firm_id}:{query.status}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    if not firm_id or query.firm_id not in (None, firm_id):
        return Page(items=[])
    places = ((name, name) for name in records.ids(firm_id, after))
    return CONSENTS.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def live(firm_id: str, bank_id: str, data_class: DataClass, now: datetime) -> Consent | None:
    """The consent by which a bank may see data of that class now, if there is one. Two round trips, the second of which is consistent."""
    return next((each for each in every_live(firm_id, now) if each.covers(bank_id, data_class)), None)


def banks_with(firm_id: str, data_class: DataClass, now: datetime) -> list[str]:
    """The banks that may see data of that class now."""
    known = (each for each in every_live(firm_id, now) if data_class in each.data_classes)
    return sorted({bank_id for each in known for bank_id in each.bank_ids})


def covered(firm_id: str, bank_id: str, now: datetime) -> frozenset[DataClass]:
    """The classes of data that a bank may see now."""
    known = [each for each in every_live(firm_id, now) if bank_id in each.bank_ids]
    return frozenset(data_class for each in known for data_class in each.data_classes)


def require_live(firm_id: str, bank_id: str, data_class: DataClass, now: datetime) -> Consent:
    """ConsentMissing, for the firm to read, where no consent lets the bank see data of that class now.

    A bank itself is never told so: whoever serves it asks `covered`, and answers as for what does not exist.
    """
    known = live(firm_id, bank_id, data_class, now)
    if known is None:
        raise ConsentMissing(
            say(
                "No consent lets {bank_id} see data of the class {data_class}.", bank_id=bank_id, data_class=data_class
            ),
            bank_id=bank_id,
            data_class=data_class,
        )
    return known


def every_live(firm_id: str, now: datetime) -> Iterator[Consent]:
    """All consents of a firm by which somebody may see something now."""
    for loaded in CONSENTS.load_many(records.live_ids(firm_id), now).values():
        state = CONSENTS.preview_at(loaded, now).state
        if state.status == "live":
            yield state
