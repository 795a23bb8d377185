"""Use-cases of applications: opened and handed in by the firm, screened by an officer, taken back; what banks ask for besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, cast

from msgspec.structs import replace

from chalicelib.credit.aggregate.applications import APPLICATIONS, REVIEWS, application_context
from chalicelib.credit.records import applications as records
from chalicelib.credit.rules import application_handling, products, reasons, review_handling
from chalicelib.credit.rules.application import (
    STATUSES,
    Actor,
    Application,
    ApplicationContext,
    ApplicationIncomplete,
    Reason,
    application_id_of,
)
from chalicelib.credit.rules.application_transitions import ApplicationChange
from chalicelib.credit.rules.consent import Consent, DataClass
from chalicelib.credit.rules.guaranteed import require_fit
from chalicelib.credit.rules.pack import DataPackNotReady
from chalicelib.credit.rules.products import Product
from chalicelib.credit.rules.review import DocumentUnknown, Review, ReviewContext
from chalicelib.credit.rules.review_transitions import ReviewChange
from chalicelib.credit.service import consents, exposure, packs
from chalicelib.credit.views.applications import (
    ApplicationsQuery,
    ApplicationView,
    ApplyRequest,
    ScreenRequest,
    for_bank,
)
from chalicelib.credit.views.packs import DataPackView
from chalicelib.credit.views.reviews import DecisionsView, ReviewView, SupplyRequest
from chalicelib.firms.rules import firm as firms
from chalicelib.firms.rules.firm import Firm
from chalicelib.firms.service.signers import require_signer
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.groups.service import drawing as drawing_service
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.members import service as members
from chalicelib.members.rules import must_be_registered
from chalicelib.shared import ids, pages, timelines
from chalicelib.shared.aggregates import Loaded
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.timelines import TimelineEntry

NEEDED: Final[tuple[DataClass, ...]] = ("profile", "exports")
"""What no bank decides without."""


def open_application(body: ApplyRequest, request: RequestContext) -> StoredResponse:
    """A draft. Nobody else sees it."""
    member_id = request.caller.member_id
    must_be_registered(member_id, members.known([member_id]).get(member_id))
    catalogue = products.offered(business_date(request.now))
    context = application_context(catalogue.hash, request.now)
    chosen = [catalogue.find(product_id, param="product_ids") for product_id in body.product_ids]
    minor = body.amount.minor(param="amount", least=1)
    opened = application_handling.opened(
        ids.new_id("app", request.now),
        member_id,
        chosen,
        amount_minor=minor,
        currency=body.amount.currency,
        months=body.months,
        method=body.method,
        purpose=body.purpose,
        guarantee=_guarantee(member_id, chosen, body.group_id, minor, request.now),
        context=context,
        policy=catalogue.hash,
        now=request.now,
    )
    return APPLICATIONS.create(opened, context, request, "applicant")


def submit(application_id: str, request: RequestContext) -> StoredResponse:
    """By a signer, complete; what is known now goes into the data pack that all banks decide on."""

    def decide(was: Application, context: ApplicationContext, actor: str) -> ApplicationChange:
        signer = require_signer(was.member_id, request, "apply")
        exposure.require_may_apply(was.member_id, context.procedure.reapply_days, request.now)
        consent = _require_complete(was, signer.profile, request.now)
        product_ids = [part.product_id for part in was.parts]
        pack = packs.make(signer.profile, product_ids, consent, business_date(request.now), request)
        chosen = [products.pinned(product_id, was.policy) for product_id in product_ids]
        group_id = was.guarantee.group_id if was.guarantee else None
        guarantee = _guarantee(was.member_id, chosen, group_id, was.amount_minor, request.now)
        return application_handling.submit(was, context, signer.person_id, pack, request.now, guarantee)

    return APPLICATIONS.execute(application_id, request, "submit", decide)


def screen(application_id: str, body: ScreenRequest, request: RequestContext) -> StoredResponse:
    """By a risk officer, for reasons."""
    for reason in body.reasons:
        reasons.require_known(reason.code)
    given = tuple(Reason(code=reason.code, text=reason.note) for reason in body.reasons)
    return APPLICATIONS.execute(
        application_id,
        request,
        "screen",
        lambda was, context, actor: application_handling.screen(
            was, context, body.passed, given, request.caller.sub, request.now
        ),
    )


def withdraw(application_id: str, request: RequestContext) -> StoredResponse:
    """By a signer, until a bank has approved. Each bank's review follows, and the bank is told."""
    return APPLICATIONS.execute(
        application_id,
        request,
        "withdraw",
        lambda was, context, actor: application_handling.withdraw(
            was, require_signer(was.member_id, request, "apply").person_id, request.now
        ),
    )


def supply_information(application_id: str, body: SupplyRequest, request: RequestContext) -> StoredResponse:
    """By a signer, for the bank that asked."""
    application = APPLICATIONS.read(application_id, request)[0].state
    part = next((part for part in application.parts if part.bank_id == body.bank_id), None)
    if part is None:
        raise NotFound(say("The application is not with {bank_id!r:.60}.", bank_id=body.bank_id), param="bank_id")

    def decide(was: Review, context: ReviewContext, actor: str) -> ReviewChange:
        signer = require_signer(was.member_id, request, "apply")
        consents.require_live(was.member_id, was.bank_id, "profile", request.now)
        _require_documents(signer.profile, context.application, was.bank_id, body.document_ids)
        return review_handling.supply_information(
            was, body.text, tuple(body.document_ids), signer.person_id, request.now
        )

    return REVIEWS.execute(part.review_id, request, "supply-information", decide)


# Looking


def application(application_id: str, request: RequestContext) -> ApplicationView:
    loaded, actor = visible(application_id, request)
    return _shown(cast(ApplicationView, APPLICATIONS.show(loaded, actor, request)), request)


def decisions(application_id: str, request: RequestContext) -> DecisionsView:
    """What each bank does with an application; a bank sees its own part."""
    state = visible(application_id, request)[0].state
    loaded = REVIEWS.load_many([part.review_id for part in state.parts], request.now)
    items: list[ReviewView] = []
    for _, each in sorted(loaded.items()):
        actor = REVIEWS.actor_of(each.state, request.caller)
        if actor is not None:
            items.append(REVIEWS.show(REVIEWS.preview_at(each, request.now), actor, request))
    return DecisionsView(items=items)


def data_pack(application_id: str, request: RequestContext) -> DataPackView:
    """What its banks decide on. Each time a bank reads it is an entry."""
    state = visible(application_id, request)[0].state
    if not state.pack_id:
        raise DataPackNotReady("The application has not been submitted.")
    pack = packs.read(state.pack_id, request)
    if pack is None:
        raise _unseen(application_id)
    return pack


def timeline(application_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Journal entries of the application, and of its reviews where they changed it, oldest first. A bank reads its reviews."""
    state = APPLICATIONS.kept(application_id, request)[0].state
    if not _may_see(state.member_id, request):
        raise _unseen(application_id)

    def tell(entry: Entry) -> TimelineEntry | None:
        bank_id = entry.event.payload.get("bank_id")
        if request.caller.role == "bank" and bank_id not in (None, request.caller.sub):
            return None
        return timelines.entry(entry, APPLICATIONS.actor_of(state, entry.by), state.currency)

    return ledger_timelines.timeline(state, query, request, tell)


def listed(query: ApplicationsQuery, request: RequestContext) -> Page[ApplicationView]:
    """A firm's own, a bank's own; for officers those of a firm, of a status, or all that were handed in. Oldest first."""
    caller = request.caller
    member_id = caller.member_id or query.member_id
    of = f"applications:{member_id}:{query.status}"
    after = tuple(pages.decode_cursor(query.cursor, caller, of)) if query.cursor else None
    page = APPLICATIONS.page(
        _places(query.status, member_id, request, after),
        query,
        request,
        of,
        keep=lambda state: (
            query.status in (None, state.status)
            and query.member_id in (None, state.member_id)
            and _may_see(state.member_id, request)
        ),
    )
    return replace(page, items=[_shown(item, request) for item in page.items])


def _places(
    status: str | None, member_id: str | None, request: RequestContext, after: tuple[str, str] | None
) -> Iterator[tuple[tuple[str, str], str]]:
    if request.caller.role == "bank":
        begun = after[1] if after else None
        names = records.review_ids_of_bank(request.caller.sub, begun)
        return ((("", name), application_id_of(name)) for name in names)
    if member_id:
        return pages.in_groups([member_id], after, records.ids_of_member)
    statuses: Sequence[str] = [status] if status else [each for each in STATUSES if each != "draft"]
    return pages.in_groups(statuses, after, records.ids_in_status)


def visible(
    application_id: str, request: RequestContext, data_class: DataClass | None = None
) -> tuple[Loaded[Application, ApplicationContext], Actor]:
    """The application for one who may see it: a bank while a consent is live, to data of that class where one is named."""
    loaded, actor = APPLICATIONS.read(application_id, request)
    if not _may_see(loaded.state.member_id, request, data_class):
        raise _unseen(application_id)
    return loaded, actor


def _may_see(member_id: str, request: RequestContext, data_class: DataClass | None = None) -> bool:
    if request.caller.role != "bank":
        return True
    covered = consents.covered(member_id, request.caller.sub, request.now)
    return data_class in covered if data_class else bool(covered)


def _unseen(application_id: str) -> NotFound:
    return NotFound(say("There is no application {application_id!r:.60}.", application_id=application_id))


def _shown(view: ApplicationView, request: RequestContext) -> ApplicationView:
    return for_bank(view, request.caller.sub) if request.caller.role == "bank" else view


# Before it is handed in


def _require_complete(was: Application, profile: Firm, now: datetime) -> Consent:
    """The consent that the data pack is made by. ApplicationIncomplete with everything that is missing."""
    consent, lacking = _consent(was, now)
    missing = [*(f"profile.{what}" for what in firms.missing(profile, business_date(now))), *lacking]
    if missing or consent is None:
        raise ApplicationIncomplete(say("{missing} are missing.", missing=", ".join(missing)), missing=missing)
    return consent


def _consent(was: Application, now: datetime) -> tuple[Consent | None, list[str]]:
    """The live consent that covers most of what the banks need, and what it does not cover."""
    live = consents.every_live(was.member_id, now)
    lacking = [
        (_lacking(was, consent), consent) for consent in live if not set(consent.bank_ids).isdisjoint(was.bank_ids)
    ]
    missing, best = min(lacking, key=lambda each: (len(each[0]), each[0]), default=(_lacking(was, None), None))
    return best, missing


def _guarantee(
    member_id: str, chosen: Sequence[Product], group_id: str | None, amount_minor: int, now: datetime
) -> Guarantee | None:
    """Who stands for the firm, under the group's rule sheet of now. What does not fit is refused by name."""
    drawing = drawing_service.seat_of(group_id, member_id, now) if group_id else None
    return require_fit(chosen, drawing, amount_minor)


def _lacking(was: Application, consent: Consent | None) -> list[str]:
    return [
        f"consent.{bank_id}.{data_class}"
        for bank_id in was.bank_ids
        for data_class in NEEDED
        if consent is None or not consent.covers(bank_id, data_class)
    ]


def _require_documents(profile: Firm, application: Application, bank_id: str, document_ids: Sequence[str]) -> None:
    """DocumentUnknown for what that bank could not read."""
    of_firm = {document.id for document in profile.documents if document.status == "kept"}
    handed_in = {document.id for document in application.documents if document.is_for(bank_id)}
    if unknown := sorted(set(document_ids) - of_firm - handed_in):
        raise DocumentUnknown(
            say("{unknown!r:.60} has not come, or is not for {bank_id}.", unknown=unknown[0], bank_id=bank_id),
            param="document_ids",
        )
