"""The endpoints of groups: finding each other, vetting each other, parting."""

from __future__ import annotations

from functools import partial

from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.groups import examples
from chalicelib.groups.rules import sheet_handling
from chalicelib.groups.rules.forming import AlreadySeated
from chalicelib.groups.rules.group import GroupFull, TooManySeats
from chalicelib.groups.rules.products import NotGuaranteed
from chalicelib.groups.rules.proposing import NotAVoter, StillOwes
from chalicelib.groups.rules.relations import RelatedFirms
from chalicelib.groups.rules.rule_sheet import SHEET_ERRORS
from chalicelib.groups.rules.transitions import GroupNotInThisStatus
from chalicelib.groups.rules.vetting import AlreadyAttested, NothingLookedAt, NotToAttest
from chalicelib.groups.service import commands, matching, reading, sheets
from chalicelib.groups.service.membership import InAnotherGroup
from chalicelib.groups.views import requests
from chalicelib.groups.views.groups import GroupView, MatchesView
from chalicelib.groups.views.sheets import NotGroupsCurrency, RuleSheetRequest, SignSheetRequest
from chalicelib.orders.service.commands import UnknownMember
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Guarantee groups", response=GroupView)
RISK = OFFICER.with_duty("risk")
by_member = partial(routes.command, by=MEMBER)
by_officer = partial(routes.command, by=RISK)
_CHANGING = [GroupNotInThisStatus, Stale]
_BINDING = [*_CHANGING, *SIGNER_ERRORS]


@by_member(
    "/v1/guarantee-groups",
    status=201,
    errors=[NotGuaranteed, InAnotherGroup, *SIGNER_ERRORS],
    examples={"under a product for groups": examples.FOUND},
)
def found(body: requests.FoundRequest, request: RequestContext) -> StoredResponse:
    """Found a group of firms that guarantee each other's loans. You have its first seat."""
    return commands.found(body, request)


@routes.read("/v1/guarantee-groups", by=MEMBER | BANK | RISK, errors=[BadCursor])
def groups(query: requests.GroupsQuery, request: RequestContext) -> Page[GroupView]:
    """Your groups and invitations, oldest first; a bank's own; for officers all, or those of a status, a bank or a member."""
    return reading.listed(query, request)


@routes.read("/v1/guarantee-groups/{group_id}", by=MEMBER | BANK | RISK)
def group(group_id: str, request: RequestContext) -> GroupView:
    """One group: its seats, who has attested whom, what is left to do until when. Nobody's finances."""
    return reading.group(group_id, request)


@routes.read("/v1/guarantee-groups/{group_id}/timeline", by=MEMBER | BANK | RISK)
def timeline(group_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a group, oldest first."""
    return reading.timeline(group_id, query, request)


@routes.read("/v1/guarantee-groups/{group_id}/matches", by=MEMBER)
def matches(group_id: str, request: RequestContext) -> MatchesView:
    """Whom you might invite, or propose in a place: firms that look for a group, alike in industry, region or size, or known from trade with you."""
    return matching.matches(group_id, request)


@by_member(
    "/v1/guarantee-groups/{group_id}/invitations",
    status=201,
    errors=[*_CHANGING, UnknownMember, AlreadySeated, GroupFull, TooManySeats],
    examples={"a firm you know": examples.INVITE},
)
def invite(group_id: str, body: requests.InviteRequest, request: RequestContext) -> StoredResponse:
    """Invite a firm, as the founder, while the list is open."""
    return commands.invite(group_id, body, request)


@by_member(
    "/v1/guarantee-groups/{group_id}/invitations/{invitation_id}/accept",
    errors=[*_BINDING, InAnotherGroup, RelatedFirms],
)
def accept(group_id: str, invitation_id: str, request: RequestContext) -> StoredResponse:
    """Stand with the others. Your firm stands in no other group, and is related to nobody in this one."""
    return commands.accept(group_id, invitation_id, request)


@by_member("/v1/guarantee-groups/{group_id}/invitations/{invitation_id}/decline", errors=_CHANGING)
def decline(group_id: str, invitation_id: str, request: RequestContext) -> StoredResponse:
    """Decline an invitation: it ends, and nothing else does."""
    return commands.decline(group_id, invitation_id, request)


@by_member("/v1/guarantee-groups/{group_id}/freeze-list", errors=[*_CHANGING, RelatedFirms])
def freeze(group_id: str, request: RequestContext) -> StoredResponse:
    """Close the list, as the founder, with three to ten who have accepted. Now everybody attests everybody."""
    return commands.freeze(group_id, request)


@by_member(
    "/v1/guarantee-groups/{group_id}/attestations",
    errors=[*_BINDING, NothingLookedAt, NotToAttest, AlreadyAttested, NotAVoter, RelatedFirms],
    examples={"stand for another": examples.VOUCH, "refuse, and leave": examples.REFUSE},
)
def attest(group_id: str, body: requests.AttestRequest, request: RequestContext) -> StoredResponse:
    """Say that you stand for another member and what you have looked at, or refuse: then your own place ends, and nobody else's."""
    return commands.attest(group_id, body, request)


@by_member(
    "/v1/guarantee-groups/{group_id}/rule-sheets",
    status=201,
    errors=[*_CHANGING, sheet_handling.NotAMembersSeat, sheet_handling.TooManySheets, *SHEET_ERRORS, NotGroupsCurrency],
    examples={"three members": examples.RULE_SHEET},
)
def propose_sheet(group_id: str, body: RuleSheetRequest, request: RequestContext) -> StoredResponse:
    """Propose a version of the rule sheet, as a member. It takes the place of the one that was being signed, and all sign anew; loans stay under theirs."""
    return sheets.propose(group_id, body, request)


@by_member(
    "/v1/guarantee-groups/{group_id}/rule-sheets/{version}/sign",
    errors=[
        *_BINDING,
        sheet_handling.NotAMembersSeat,
        sheet_handling.NoSheetToSign,
        sheet_handling.SheetNotInForce,
        sheet_handling.AlreadySigned,
        sheet_handling.BriefingNotPassed,
        sheet_handling.ExposureTooHigh,
        RelatedFirms,
    ],
    examples={"the document in force": examples.SIGN_SHEET},
)
def sign_sheet(group_id: str, version: str, body: SignSheetRequest, request: RequestContext) -> StoredResponse:
    """Sign the rule sheet for your firm, after the briefing. The last signature, or attestation, seals the group."""
    return sheets.sign(group_id, version, body, request)


@by_member("/v1/guarantee-groups/{group_id}/leave", errors=[*_BINDING, StillOwes])
def leave(group_id: str, request: RequestContext) -> StoredResponse:
    """Leave: at once before the seal; after it once your loans are at zero and all others and the bank agree. You go on to guarantee what you guarantee."""
    return commands.leave(group_id, request)


@by_member(
    "/v1/guarantee-groups/{group_id}/replacements",
    status=201,
    errors=[*_BINDING, UnknownMember, AlreadySeated, TooManySeats, StillOwes],
    examples={"one for another": examples.REPLACE},
)
def replace_member(group_id: str, body: requests.ReplaceRequest, request: RequestContext) -> StoredResponse:
    """Propose that another firm takes a place. It accepts, all attest it and it attests all, and the bank agrees."""
    return commands.replace_member(group_id, body, request)


@by_member("/v1/guarantee-groups/{group_id}/wind-down", errors=_BINDING)
def wind_down(group_id: str, request: RequestContext) -> StoredResponse:
    """Propose that there be no new draws for ever. It is so when more than half of the members consent."""
    return commands.wind_down(group_id, request)


@by_member(
    "/v1/guarantee-groups/{group_id}/proposals/{proposal_id}/consent",
    errors=[*_BINDING, NotAVoter, NothingLookedAt],
    examples={"to a replacement": examples.CONSENT, "to anything else": examples.AGREE},
)
def consent(
    group_id: str, proposal_id: str, body: requests.ConsentToChangeRequest, request: RequestContext
) -> StoredResponse:
    """Agree that a member leaves, that another takes its place, or that the group is wound down."""
    return commands.consent(group_id, proposal_id, body, request)


@by_member("/v1/guarantee-groups/{group_id}/proposals/{proposal_id}/object", errors=_BINDING)
def object_to(group_id: str, proposal_id: str, request: RequestContext) -> StoredResponse:
    """Say no to a change of who stands together, or take your own proposal back: everything stays as it is."""
    return commands.object_to(group_id, proposal_id, request)


@by_officer("/v1/guarantee-groups/{group_id}/suspend", errors=_CHANGING, examples={"after a flood": examples.SUSPEND})
def suspend(group_id: str, body: requests.GroupReasonRequest, request: RequestContext) -> StoredResponse:
    """Let nobody of a group draw, for a reason that its members and its bank read."""
    return commands.suspend(group_id, body, request)


@by_officer("/v1/guarantee-groups/{group_id}/resume", errors=_CHANGING, examples={"orders go on": examples.RESUME})
def resume(group_id: str, body: requests.GroupReasonRequest, request: RequestContext) -> StoredResponse:
    """Let members draw again: what stood against it is over."""
    return commands.resume(group_id, body, request)
