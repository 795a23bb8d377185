"""Who signs for a firm, holds it and is paid for it, as a bank reads it while the firm consents to that."""

from __future__ import annotations

from chalicelib.credit.service import consents
from chalicelib.firms.service import disclosing
from chalicelib.firms.views.firm import SealedView
from chalicelib.shared.errors import NotFound
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


def read(firm_id: str, request: RequestContext) -> SealedView:
    """What is sealed in a firm's profile. Without a consent that is live at this moment it is not there: the same as where there is no firm."""
    bank_id = request.caller.sub
    consent = consents.live(firm_id, bank_id, "persons", request.now)
    disclosed = disclosing.to_bank(firm_id, bank_id, consent.id, request) if consent else None
    if disclosed is None:
        raise NotFound(say("There is no firm {firm_id!r:.60}.", firm_id=firm_id))
    return disclosed
