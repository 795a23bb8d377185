"""Pre-offers: looked for where a firm consents to it, shown to it, declined by it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

from chalicelib.credit.aggregate.consents import CONSENTS
from chalicelib.credit.aggregate.pre_offers import PRE_OFFERS
from chalicelib.credit.records import pre_offers as records
from chalicelib.credit.rules import need as needs
from chalicelib.credit.rules import pre_offer as rules
from chalicelib.credit.rules import products
from chalicelib.credit.rules.limit import window
from chalicelib.credit.rules.need import Need, Policy
from chalicelib.credit.rules.pre_offer import Context, PreOffer, PreOfferChange
from chalicelib.credit.service import exposure, limits
from chalicelib.credit.views.pre_offers import PreOffersQuery, PreOfferView
from chalicelib.exports.service import reading as exports_reading
from chalicelib.shared import ids, pages, policies
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import month_of
from chalicelib.shared.request import CLOCK, RequestContext

Outcome = Literal["made", "nothing_found", "known", "quiet", "not_consented"]


def look(consent_id: str, as_of: date, now: datetime) -> Outcome:
    """Look for what a firm could use in the month of a date, if it consents to that now. Once or many times: a month has one pre-offer."""
    consent = CONSENTS.present(consent_id, now)
    if consent is None or consent.status != "live" or "exports" not in consent.data_classes:
        return "not_consented"
    period = month_of(as_of)
    pre_offer_id = ids.derived_id("pro", consent.firm_id, period)
    if PRE_OFFERS.load(pre_offer_id, now):
        return "known"
    in_force = policies.in_force("pre-offers", as_of)
    policy = in_force.read_as(Policy)
    if _is_quiet(consent.firm_id, policy, now):
        return "quiet"
    need = _need(consent.firm_id, as_of, policy)
    if need is None:
        return "nothing_found"
    change = rules.opened(
        pre_offer_id, consent.firm_id, consent.id, period, need, policy=policy, policy_hash=in_force.hash, now=now
    )
    try:
        PRE_OFFERS.create(change, (), RequestContext(caller=CLOCK, now=now, request_id=""))
    except WriteConflict:
        return "known"
    return "made"


def decline(pre_offer_id: str, request: RequestContext) -> StoredResponse:
    """The firm is not interested."""
    return PRE_OFFERS.execute(
        pre_offer_id, request, "decline", lambda was, context, actor: rules.decline(was, request.now)
    )


@retry_on_conflict
def end(firm_id: str, consent_id: str, now: datetime) -> None:
    """What was found by a consent that has been withdrawn is shown no more. Once or many times; a firm has one for each month at most."""
    request = RequestContext(caller=CLOCK, now=now, request_id="")

    def withdraw(was: PreOffer, context: Context) -> PreOfferChange | None:
        return rules.withdraw(was, now) if was.status == "shown" and was.consent_id == consent_id else None

    known = PRE_OFFERS.load_many((name for _, name in records.ids(firm_id)), now)
    for name in (name for name, each in known.items() if each.state.status == "shown"):
        PRE_OFFERS.apply(name, request, withdraw)


pre_offer = partial(PRE_OFFERS.shown, PreOfferView)


def listed(query: PreOffersQuery, request: RequestContext) -> Page[PreOfferView]:
    """A firm's pre-offers, newest first."""
    firm_id = request.caller.member_id or query.firm_id or ""
    of = f"pre-offers:{firm_id}:{query.status}"
    before = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    if not firm_id or query.firm_id not in (None, firm_id):
        return Page(items=[])
    places = records.ids(firm_id, before)
    return PRE_OFFERS.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def _is_quiet(firm_id: str, policy: Policy, now: datetime) -> bool:
    """Whether the firm was not interested lately."""
    last = records.last(firm_id)
    return (
        last is not None
        and last.status == "declined"
        and last.ended_at is not None
        and now < last.ended_at + timedelta(days=policy.quiet_days)
    )


def _need(firm_id: str, as_of: date, policy: Policy) -> Need | None:
    offered = products.offered(as_of).products
    terms = {product.limit for product in offered}
    of_months, of_last_year = needs.windows(as_of, policy.months)
    since = min(of_months[0], *(window(as_of, each)[0] for each in terms))
    days = exports_reading.days(firm_id, since, as_of)
    lines = exposure.active_lines(firm_id)
    known = needs.situation(
        [day for day in days if day.on >= of_months[0]],
        exports_reading.days(firm_id, *of_last_year),
        as_of,
        policy.months,
        lines_minor=sum(line.position.limit_minor for line in lines),
        drawn_minor=sum(line.position.used_minor for line in lines),
    )
    limit_of = {each: limits.of_days(days, firm_id, each, as_of).limit_minor for each in terms}
    return needs.find(known, offered, limit_of, exposure.of(firm_id).position.used_minor, policy)
