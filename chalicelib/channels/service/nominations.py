"""What agencies, officers and suppliers do with nominations. One transaction each."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.aggregate.memberships import MEMBERSHIPS, context_of
from chalicelib.channels.aggregate.nominations import NOMINATIONS
from chalicelib.channels.rules import membership_machine
from chalicelib.channels.rules import nomination_machine as rules
from chalicelib.channels.rules.channel import Channel
from chalicelib.channels.rules.membership import membership_id
from chalicelib.channels.rules.nomination import Actor, Details, Document, Nomination, Office, registration_key
from chalicelib.channels.rules.nomination_machine import NominationChange
from chalicelib.channels.rules.policy import Context
from chalicelib.channels.service import reading
from chalicelib.channels.service.channels import policy_in_force
from chalicelib.channels.views import nomination as views
from chalicelib.members import service as members
from chalicelib.shared import documents, ids, readings, uniques
from chalicelib.shared.commit import Joined, StoredResponse, Update
from chalicelib.shared.errors import Conflict, NotFound, RuleViolation
from chalicelib.shared.files import Link
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.uploads import Uploads, announced_id
from chalicelib.shared.uses import Use
from chalicelib.shared.views import view_of
from chalicelib.suppliers.service import jurisdictions

FILES: Final = Uploads("uploads/nominations/", NOMINATIONS, rules.arrived)
_NAME: Final = "nominated#"


class NominatedAlready(Conflict):
    code = "nominated_already"
    title = "That supplier is nominated for the channel already."
    fix = "Go on with the nomination there is; a registration number is one supplier's, however its name is written."


class ChannelTakesNobody(Conflict):
    code = "channel_takes_no_suppliers"
    title = "The channel takes no more suppliers."
    fix = "Choose another channel of GET /v1/channels."


class ProposalOver(RuleViolation):
    code = "proposal_over"
    title = "The proposal would be over before anybody reads it."
    fix = "Give a proposed_until that is still to come, or leave it out."


class RegistrationNumberFixed(RuleViolation):
    code = "registration_number_fixed"
    title = "A nomination is of one supplier, by its registration number."
    fix = "Withdraw the nomination and nominate the other supplier."


class OfAnotherCountry(RuleViolation):
    code = "supplier_of_another_country"
    title = "The channel is for suppliers of its own country."
    fix = "Name a member that is registered in `country`."


class UnknownSupplier(RuleViolation):
    code = "unknown_supplier"
    title = "That is no member of the marketplace."
    fix = "Have the marketplace register it first: POST /v1/members."


class MemberOfChannel(Conflict):
    code = "member_of_channel"
    title = "The supplier is in the channel already."
    fix = "Have the agency renew its membership instead."


def nominate(channel_id: str, body: views.NominateRequest, request: RequestContext) -> StoredResponse:
    return propose(channel_id, details_of(body), body.proposed_until, request)


def propose(channel_id: str, details: Details, until: datetime | None, request: RequestContext) -> StoredResponse:
    """By an agency of the channel, once for each registration number while that is going on."""
    channel = _channel(channel_id, request)
    in_force, policy = policy_in_force(request)
    if until is not None and until <= request.now:
        raise ProposalOver("proposed_until is over.", param="proposed_until")
    context = context_of(policy)
    drafted = rules.drafted(
        ids.new_id("nom", request.now),
        channel.id,
        request.caller.agency_id,
        channel.country,
        details,
        categories=channel.terms.categories,
        until=until,
        context=context,
        policy_hash=in_force.hash,
        now=request.now,
    )
    taken = Joined(changes=(_take(drafted.state, request.now),))
    return NOMINATIONS.create(drafted, context, request, "agency", joined=taken)


def edit(nomination_id: str, body: views.DetailsRequest, request: RequestContext) -> StoredResponse:
    def decide(was: Nomination, context: Context, actor: Actor) -> NominationChange:
        details = details_of(body)
        if registration_key(details.registration_number) != registration_key(was.details.registration_number):
            raise RegistrationNumberFixed("That is another number.", param="registration_number")
        rules.must_be_sold(details.categories, _channel_of(was, request).terms.categories)
        return rules.edit(was, details, request.now)

    return NOMINATIONS.execute(nomination_id, request, "edit", decide)


def submit(nomination_id: str, request: RequestContext) -> StoredResponse:
    def decide(was: Nomination, context: Context, actor: Actor) -> NominationChange:
        _must_be_live(_channel_of(was, request))
        return rules.submit(was, context, request.now)

    return NOMINATIONS.execute(nomination_id, request, "submit", decide)


def check(nomination_id: str, body: views.CheckRequest, request: RequestContext) -> StoredResponse:
    """It is in order; a supplier that is a member is invited. What its country's policy asks for is on file by then."""

    def decide(was: Nomination, context: Context, actor: Actor) -> NominationChange:
        jurisdiction = jurisdictions.in_force(request.now).must_join(was.country)
        member_id = body.member_id or was.details.member_id
        if member_id:
            _must_be_invitable(was, member_id, request.now)
        elif was.status == "checked":
            raise UnknownSupplier("It is checked: name the member to invite.", param="member_id")
        return rules.check(was, context, member_id, frozenset(jurisdiction.documents), request.now)

    return NOMINATIONS.execute(nomination_id, request, "check", decide)


def return_(nomination_id: str, body: views.ReturnRequest, request: RequestContext) -> StoredResponse:
    return NOMINATIONS.execute(
        nomination_id,
        request,
        "return",
        lambda was, context, actor: rules.return_(was, context, body.reason, request.now),
    )


def withdraw(nomination_id: str, body: views.WhyRequest, request: RequestContext) -> StoredResponse:
    return NOMINATIONS.execute(
        nomination_id, request, "withdraw", lambda was, context, actor: rules.withdraw(was, body.reason, request.now)
    )


def decline(nomination_id: str, body: views.WhyRequest, request: RequestContext) -> StoredResponse:
    return NOMINATIONS.execute(
        nomination_id, request, "decline", lambda was, context, actor: rules.decline(was, body.reason, request.now)
    )


def accept(nomination_id: str, request: RequestContext) -> StoredResponse:
    """The supplier joins; its membership is issued in the same commit, under today's policy."""

    def decide(was: Nomination, context: Context, actor: Actor) -> NominationChange:
        _must_be_live(_channel_of(was, request))
        in_force, policy = policy_in_force(request)
        agency = policy.agency(was.agency_id)
        if agency is None:
            raise NotFound(say("{agency_id} is no agency any more.", agency_id=was.agency_id))
        before = MEMBERSHIPS.catch_up(membership_id(was.channel_id, was.member_id), request.now)
        if before and before.state.is_live:
            raise MemberOfChannel(
                say("{member_id} has {id}.", member_id=was.member_id, id=before.state.id), membership_id=before.state.id
            )
        membership = membership_machine.issued(
            before.state if before else None,
            was.channel_id,
            was.member_id,
            was.agency_id,
            was.id,
            was.country,
            agency.zone,
            was.details.legal_name,
            was.details.romanised_name,
            context_of(policy),
            in_force.hash,
            request.now,
        )
        return rules.accept(was, membership, request.now)

    return NOMINATIONS.execute(nomination_id, request, "accept", decide)


def announce(nomination_id: str, body: views.DocumentRequest, request: RequestContext) -> StoredResponse:
    """Announce a document. The form to upload it with is no part of what the entry keeps: see `with_form`."""
    document_id = announced_id(request)

    def decide(was: Nomination, context: Context, actor: Actor) -> NominationChange:
        retention_days = context.policy.document_retention_days
        document = Document(
            id=document_id,
            kind=body.kind,
            media_type=body.media_type,
            sha256=body.sha256,
            size=body.size,
            announced_at=request.now,
            retained_until=documents.retained_until(business_date(request.now), retention_days),
        )
        return rules.announced(was, document, request.now)

    def respond(nomination: Nomination, context: Context, actor: Actor) -> views.DocumentAnnounced:
        shown = views.view(nomination, context, actor, request.now)
        return views.DocumentAnnounced(nomination=shown, document_id=document_id)

    return NOMINATIONS.execute(nomination_id, request, "documents", decide, status=201, respond=respond)


def with_form(
    response: StoredResponse, nomination_id: str, body: views.DocumentRequest, request: RequestContext
) -> StoredResponse:
    return FILES.with_form(response, nomination_id, body, request)


def link(nomination_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document from, for its agency and officers. Each that an officer is handed is an entry."""
    loaded, actor = NOMINATIONS.read(nomination_id, request)
    document = documents.kept(loaded.state.documents if actor != "supplier" else (), document_id)
    if actor != "agency":
        readings.note_opened(nomination_id, document_id, request)
    return FILES.link(nomination_id, document, document.kind)


def details_of(body: views.DetailsRequest) -> Details:
    return view_of(
        Details,
        body,
        categories=tuple(dict.fromkeys(body.categories)),
        office=Office(mailbox=body.office.mailbox, telephone=body.office.telephone),
    )


def _channel(channel_id: str, request: RequestContext) -> Channel:
    """The channel, for an agency of it: to every other one it is not there."""
    loaded, actor = CHANNELS.read(channel_id, request)
    if actor != "agency":
        raise NotFound(say("There is no channel {channel_id!r:.60}.", channel_id=channel_id))
    _must_be_live(loaded.state)
    return loaded.state


def _channel_of(nomination: Nomination, request: RequestContext) -> Channel:
    channel = reading.load(nomination.channel_id, request.now)
    return cast(Channel, channel)


def _must_be_live(channel: Channel) -> None:
    if channel.status == "closed":
        raise ChannelTakesNobody(say("{id} is closed.", id=channel.id))


def _must_be_invitable(was: Nomination, member_id: str, now: datetime) -> None:
    """The supplier is a member of the channel's country, and not in the channel yet."""
    member = members.known([member_id]).get(member_id)
    if member is None:
        raise UnknownSupplier(say("There is no member {member_id!r:.60}.", member_id=member_id), param="member_id")
    if member.country != was.country:
        raise OfAnotherCountry(
            say("{member_id} is of {country}.", member_id=member_id, country=member.country),
            param="member_id",
            country=was.country,
        )
    before = reading.membership_of(member_id, was.channel_id, now)
    if before and before.is_live:
        raise MemberOfChannel(say("{member_id} has {id}.", member_id=member_id, id=before.id), membership_id=before.id)


def _take(nomination: Nomination, now: datetime) -> Update:
    """For the commit of a nomination: no other of the channel is going on with that registration number."""
    name = f"{_NAME}{nomination.channel_id}#{registration_key(nomination.details.registration_number)}"
    last = uniques.find(name)
    other = NOMINATIONS.load(last.by, now) if last else None
    if other and not NOMINATIONS.preview_at(other, now).state.is_over:
        raise _nominated_already(other.state.id if other.state.agency_id == nomination.agency_id else "")
    return uniques.take(name, Use(by=nomination.id, at=now), lambda taken: _nominated_already(""), after=last)


def _nominated_already(nomination_id: str) -> NominatedAlready:
    return NominatedAlready(
        "The number is nominated for this channel.", param="registration_number", nomination_id=nomination_id or None
    )
