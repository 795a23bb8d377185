"""Use-cases of rule sheets: proposed, looked at, compared, signed."""

from __future__ import annotations

from datetime import datetime

from chalicelib.firms.service.signers import require_signer
from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.records import sheets as records
from chalicelib.groups.rules import products, sheet_handling
from chalicelib.groups.rules.exposure_preview import exposure_of
from chalicelib.groups.rules.group import Actor, Context, Group, Seat
from chalicelib.groups.rules.rule_sheet import KeptSheet, RuleSheet, SheetBounds, SheetVersion, diff, narrowed
from chalicelib.groups.rules.sheet_handling import NotAMembersSeat
from chalicelib.groups.rules.transitions import GroupChange
from chalicelib.groups.service import relations, sales
from chalicelib.groups.views import sheets as views
from chalicelib.shared import pages, policies
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotAllowed, NotFound
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


def propose(group_id: str, body: views.RuleSheetRequest, request: RequestContext) -> StoredResponse:
    """A member proposes a version, for the members there are, within what its bank lends under while it offers the product."""

    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        by, bounds = own_seat(was, request).number, bounds_at(request.now)
        if product := products.offered(business_date(request.now)).get(was.product_id):
            bounds = narrowed(bounds, product.liability_modes, product.guarantee_months)
        return sheet_handling.propose(was, by, views.sheet_of(body, bounds), bounds, request.now)

    return GROUPS.execute(group_id, request, "draft", decide, status=201)


def sign(group_id: str, number: str, body: views.SignSheetRequest, request: RequestContext) -> StoredResponse:
    """By a signer of the member, who has to know its worst case: see `briefing` and `exposure`."""

    def decide(was: Group, context: Context, actor: Actor) -> GroupChange:
        sheet_handling.require_in_force(was, body.document_sha256, number)
        seat = own_seat(was, request)
        signer = require_signer(seat.member_id, request, "sign")
        sheet = draft_of(was).sheet
        sold = sales.of_member(seat.member_id, bounds_at(request.now).sales_months, request.now)
        worst_minor = exposure_of(sheet, seat.number).worst.minor
        change = sheet_handling.sign(
            was,
            context,
            seat,
            sheet,
            by=signer.person_id,
            worst_minor=worst_minor,
            sales_minor=sold.minor,
            now=request.now,
        )
        return relations.require_sealable(was, change)

    return GROUPS.execute(group_id, request, "sign", decide)


def sheets(group_id: str, query: Paging, request: RequestContext) -> Page[views.RuleSheetView]:
    """All versions of a group that the caller may read, the newest first."""
    group, of = _group(group_id, request), f"rule-sheets:{group_id}"

    def show(kept: KeptSheet) -> views.RuleSheetView | None:
        return views.sheet_view(group, kept) if is_shown(group, kept.version, request) else None

    before: int | None = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places = ((kept.version.number, kept) for kept in records.newest(group_id, before))
    return pages.fill(places, show, query.limit, caller=request.caller, of=of)


def sheet(group_id: str, number: str, request: RequestContext) -> views.RuleSheetView:
    group = _group(group_id, request)
    return views.sheet_view(group, shown(group, number, request))


def compare(group_id: str, number: str, query: views.SheetDiffQuery, request: RequestContext) -> views.SheetDiffView:
    """What a version says otherwise than another, or than the one before."""
    group = _group(group_id, request)
    after = shown(group, number, request).version
    before = shown(group, str(query.base or max(1, after.number - 1)), request).version
    return views.diff_view(group_id, before.number, after.number, diff(before.sheet, after.sheet))


def find(group_id: str, number: str) -> KeptSheet:
    """A version by its number. For slices above, which decide who may see it. NotFound."""
    kept = records.load(group_id, int(number)) if number.isascii() and number.isdigit() and len(number) < 6 else None
    if kept is None:
        raise _no_sheet(number)
    return kept


def shown(group: Group, number: str, request: RequestContext) -> KeptSheet:
    """A version of a group that the caller sees. NotFound for one that it may not read."""
    kept = find(group.id, number)
    if not is_shown(group, kept.version, request):
        raise _no_sheet(number)
    return kept


def is_shown(group: Group, version: SheetVersion, request: RequestContext) -> bool:
    """Whoever has left reads the versions that name its own seat: what it answers for, and nothing that others have agreed since."""
    seat = group.seat_of(request.caller.member_id) if request.caller.member_id else None
    return seat is None or seat.is_standing or any(each.seat == seat.number for each in version.sheet.seats)


def in_force(group: Group) -> SheetVersion | None:
    """The version that all have signed, for slices above."""
    return find(group.id, str(group.sheet_version)).version if group.sheet_version else None


def current(group_id: str, request: RequestContext) -> RuleSheet | None:
    """The sheet in force, else the one that is being signed, for whoever may read it: of officers, those with the duty `risk`. NotFound."""
    if request.caller.is_officer and not request.caller.has_duty(GROUPS.duty):
        raise NotAllowed("The rule sheet of a group is for officers with the duty 'risk'.")
    group = _group(group_id, request)
    number = group.sheet_version or group.draft_version
    return shown(group, str(number), request).version.sheet if number else None


def draft_of(group: Group) -> SheetVersion:
    """The version that is being signed."""
    return find(group.id, str(group.draft_version)).version


def bounds_at(now: datetime) -> SheetBounds:
    return policies.in_force("rule-sheets", business_date(now)).read_as(SheetBounds)


def own_seat(group: Group, request: RequestContext) -> Seat:
    """The seat of the member that calls. NotAMembersSeat for a firm that is to take another's place, and does not yet."""
    seat = group.seat_of(request.caller.member_id)
    if seat is None or seat not in group.members:
        raise NotAMembersSeat("Only who is bound by the seal proposes, answers and signs.")
    return seat


def _no_sheet(number: str) -> NotFound:
    return NotFound(say("The group has no rule sheet {number!r:.20}.", number=number))


def _group(group_id: str, request: RequestContext) -> Group:
    """The group, for whoever is or was a member of it, its bank and officers. NotFound for who is only invited."""
    loaded, actor = GROUPS.read(group_id, request)
    if actor == "invitee":
        raise NotFound("Rule sheets are shown to members.")
    return loaded.state
