"""The endpoints of what firms owe elsewhere."""

from __future__ import annotations

from chalicelib.credit.examples import DEBTS
from chalicelib.credit.rules.consent import ConsentMissing
from chalicelib.credit.rules.exposure import DebtsNotInYuan, DebtsOutdated
from chalicelib.credit.service import debts as service
from chalicelib.credit.views.debts import DebtsRequest, DebtsView
from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import MEMBER, OFFICER, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Credit")
EITHER = MEMBER | OFFICER.with_duty("risk")


@routes.read("/v1/members/{member_id}/debts", by=EITHER)
def debts(member_id: str, request: RequestContext) -> DebtsView:
    """What a firm owes elsewhere, as it was reported with its consent, and what its limit over all banks leaves."""
    return service.show(member_id, request)


@routes.command(
    "/v1/members/{member_id}/debts",
    response=DebtsView,
    by=EITHER,
    errors=[*SIGNER_ERRORS, ConsentMissing, DebtsNotInYuan, DebtsOutdated],
    examples={"as a credit report says": DEBTS},
)
def report_debts(member_id: str, body: DebtsRequest, request: RequestContext) -> StoredResponse:
    """Report what a firm owes elsewhere, as a signer of it or an officer, while a consent to `debts` is live. It counts until that ends."""
    return service.report(member_id, body, request)
