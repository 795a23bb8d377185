"""What a firm owes elsewhere: reported by a signer of it or by an officer, and counted while a consent of the firm to that is live."""

from __future__ import annotations

from chalicelib.credit.rules.consent import ConsentMissing
from chalicelib.credit.rules.exposure import DebtsNotInYuan, Exposure
from chalicelib.credit.rules.position import CNY
from chalicelib.credit.service import consents, exposure
from chalicelib.credit.views.debts import DebtsRequest, DebtsView, view
from chalicelib.firms.service.signers import require_signer
from chalicelib.members import service as members
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.encoding import encode
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


def report(member_id: str, body: DebtsRequest, request: RequestContext) -> StoredResponse:
    """All of it, as of a day, in the place of what was reported before. NotFound for other members, ConsentMissing, DebtsOutdated."""
    members.find(member_id, request.caller)
    if not request.caller.is_officer:
        require_signer(member_id, request, "apply")
    if body.outstanding.currency != CNY:
        raise DebtsNotInYuan(
            say("{currency} was named.", currency=body.outstanding.currency), param="outstanding.currency"
        )
    minor = body.outstanding.minor(param="outstanding.amount")
    if not _is_consented(member_id, request):
        raise ConsentMissing("No consent lets debts elsewhere be counted.", data_class="debts")
    return exposure.report_elsewhere(member_id, minor, body.as_of, request, lambda after: encode(view(after)))


def show(member_id: str, request: RequestContext) -> DebtsView:
    members.find(member_id, request.caller)
    return view(exposure.of(member_id))


def forget_unless_consented(known: Exposure, request: RequestContext) -> None:
    """What was reported counts no longer once no consent to it is live. Once or many times."""
    if known.elsewhere_as_of and not _is_consented(known.member_id, request):
        exposure.forget_elsewhere(known.member_id, request)


def _is_consented(member_id: str, request: RequestContext) -> bool:
    return any("debts" in each.data_classes for each in consents.every_live(member_id, request.now))
