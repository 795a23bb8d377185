"""A channel with a supplier in it, as they stand in the tables."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.aggregate.memberships import context_of
from chalicelib.channels.aggregate.nominations import NOMINATIONS
from chalicelib.channels.rules import channel_machine, nomination_machine
from chalicelib.channels.rules.channel import Channel
from chalicelib.channels.rules.membership import membership_id
from chalicelib.channels.rules.membership_machine import issued
from chalicelib.channels.rules.nomination import Details, Document, Nomination, Office
from chalicelib.channels.rules.nomination_machine import NominationChange
from chalicelib.channels.rules.policy import Policy
from chalicelib.shared import clock, ids, policies
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext

DETAILS = Details(
    legal_name="한빛의류 주식회사",
    romanised_name="Hanbit Apparel Co., Ltd.",
    registration_number="123-45-67890",
    categories=("clothing",),
    office=Office(mailbox="export@hanbit.example"),
    vouching="Exporting since 2003.",
)


def plant(member_id: str, agency_id: str = "kotra", document_id: str = "") -> dict[str, str]:
    """An open channel of Korea with a supplier in it, whom the agency invites once more."""
    now = clock.now()
    channel = plant_channel(now, agency_id)
    first = plant_nomination(channel, member_id, agency_id, now)
    NOMINATIONS.apply(
        first, RequestContext.of_clock(first, 2, now), lambda was, context: _accepted(was, context.policy, now)
    )
    return {
        "channel_id": channel.id,
        "nomination_id": plant_nomination(channel, member_id, agency_id, now, document_id),
        "membership_id": membership_id(channel.id, member_id),
    }


def plant_channel(now: datetime, agency_id: str = "kotra") -> Channel:
    """An open channel on the terms that are shipped, with another agency."""
    in_force = policies.in_force("channels", business_date(now))
    shipped = in_force.read_as(Policy).shipped("KR")
    terms, name = replace(shipped.terms, agencies=(agency_id,)), ids.new_id("chn", now)
    planned = channel_machine.planned(name, "KR", shipped.name, terms, policy_hash=in_force.hash, now=now)
    CHANNELS.create(planned, (), RequestContext.of_clock(name, 1, now))
    request = RequestContext.of_clock(name, 2, now)
    CHANNELS.apply(name, request, lambda was, context: channel_machine.open_(was, now))
    return planned.state


def plant_nomination(channel: Channel, member_id: str, agency_id: str, now: datetime, document_id: str = "") -> str:
    """One with its registration, which the supplier may accept."""
    name, policy = ids.new_id("nom", now), policies.pinned("channels", channel.policy)
    context = context_of(policy.read_as(Policy))
    drafted = nomination_machine.drafted(
        name,
        channel.id,
        agency_id,
        "KR",
        DETAILS,
        categories=channel.terms.categories,
        until=None,
        context=context,
        policy_hash=policy.hash,
        now=now,
    )
    document = Document(
        id=document_id or ids.new_id("doc", now),
        status="kept",
        kind="business_registration",
        media_type="application/pdf",
        sha256="0" * 64,
        size=1,
        announced_at=now,
        retained_until=business_date(now).replace(year=now.year + 5),
    )
    invited = replace(drafted.state, status="invited", member_id=member_id, documents=(document,))
    NOMINATIONS.create(replace(drafted, state=invited), context, RequestContext.of_clock(name, 1, now))
    return name


def _accepted(was: Nomination, policy: Policy, now: datetime) -> NominationChange:
    membership = issued(
        None,
        was.channel_id,
        was.member_id,
        was.agency_id,
        was.id,
        was.country,
        "Asia/Seoul",
        was.details.legal_name,
        was.details.romanised_name,
        context_of(policy),
        was.policy,
        now,
    )
    return nomination_machine.accept(was, membership, now)
