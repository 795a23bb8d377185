"""What officers do with channels. One read and one transaction each."""

from __future__ import annotations

from datetime import datetime

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.rules import channel
from chalicelib.channels.rules import channel_machine as rules
from chalicelib.channels.rules.policy import Policy
from chalicelib.channels.views.channel import LISTS, AmendRequest, PlanRequest, ReasonRequest, TermsView
from chalicelib.members.rules import must_be_country
from chalicelib.shared import ids, money, policies
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.periods import business_date
from chalicelib.shared.policies import Policy as Version
from chalicelib.shared.request import RequestContext
from chalicelib.shared.views import view_of


def plan(body: PlanRequest, request: RequestContext) -> StoredResponse:
    """A channel that nobody orders in yet, on the terms that are shipped for its country or on others."""
    in_force, policy = policy_in_force(request)
    must_be_country(body.country, param="country")
    terms = terms_of(body.terms, request.now) if body.terms else policy.shipped(body.country).terms
    name = body.name or policy.shipped(body.country).name
    policy.must_sponsor(terms.agencies, body.country)
    channel_id = ids.new_id("chn", request.now)
    planned = rules.planned(channel_id, body.country, name, terms, policy_hash=in_force.hash, now=request.now)
    return CHANNELS.create(planned, (), request, "officer")


def open_(channel_id: str, request: RequestContext) -> StoredResponse:
    return CHANNELS.execute(channel_id, request, "open", lambda was, context, actor: rules.open_(was, request.now))


def pause(channel_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    return CHANNELS.execute(
        channel_id, request, "pause", lambda was, context, actor: rules.pause(was, body.reason, request.now)
    )


def close(channel_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    return CHANNELS.execute(
        channel_id, request, "close", lambda was, context, actor: rules.close(was, body.reason, request.now)
    )


def amend(channel_id: str, body: AmendRequest, request: RequestContext) -> StoredResponse:
    """Other terms from now on."""

    def decide(was: channel.Channel, context: channel.Context, actor: str) -> rules.ChannelChange:
        terms = terms_of(body.terms, request.now)
        policy_in_force(request)[1].must_sponsor(terms.agencies, was.country)
        return rules.amend(was, body.name or was.name, terms, request.now)

    return CHANNELS.execute(channel_id, request, "amend", decide)


def policy_in_force(request: RequestContext) -> tuple[Version, Policy]:
    in_force = policies.in_force("channels", business_date(request.now))
    return in_force, in_force.read_as(Policy)


def terms_of(sent: TermsView, now: datetime) -> channel.Terms:
    """Terms as values. UnknownCountry, UnknownCurrency, CurrencyNotPayable, BandUnfit and TermsContradict name what is wrong with them."""
    for country in sent.buyer_markets:
        must_be_country(country, param="terms.buyer_markets")
    for currency in sent.price_currencies:
        money.digits_of(currency, param="terms.price_currencies")
    least, most, paid = sent.band.least, sent.band.most, sent.targets.paid_a_day
    for name, currency in (
        ("settlement_currency", sent.settlement_currency),
        ("band.least.currency", least.currency),
        ("band.most.currency", most.currency),
        ("targets.paid_a_day.currency", paid.currency),
    ):
        banks_inbox.must_be_payable(currency, now, param=f"terms.{name}")
    if len({each.currency for each in (least, most, paid)}) > 1:
        raise channel.BandUnfit("The band and what is paid a day are in one currency.", param="terms.band")
    band = channel.Band(
        currency=least.currency,
        least_minor=least.minor(param="terms.band.least"),
        most_minor=most.minor(param="terms.band.most"),
    )
    targets = channel.Targets(
        suppliers=sent.targets.suppliers,
        listings=sent.targets.listings,
        paid_a_day_minor=paid.minor(param="terms.targets.paid_a_day"),
    )
    badge = {each.language: channel.BadgeText(text=each.text) for each in sent.badge}
    if len(badge) < len(sent.badge):
        raise channel.TermsContradict("A language has two texts.", param="terms.badge")
    lists = {name: tuple(getattr(sent, name)) for name in LISTS}
    terms = view_of(channel.Terms, sent, band=band, targets=targets, badge=badge, **lists)
    channel.must_fit(terms)
    return terms
