"""Who acts for a firm: what slices above ask before a firm is bound to anything."""

from __future__ import annotations

from chalicelib.firms.rules import signers
from chalicelib.firms.rules.firm import Power
from chalicelib.firms.rules.signers import Signer
from chalicelib.firms.service.reading import profile
from chalicelib.shared.errors import NotFound
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


def require_signer(firm_id: str, request: RequestContext, power: Power) -> Signer:
    """The person whom the request names in Surety-Acting-Person, if it is a verified signer of the firm with that power.

    NotAllowed by name else: see `firms/rules/signers.py`, whose SIGNER_ERRORS an endpoint declares. NotFound for whoever is not the firm.
    """
    if not request.caller.is_member(firm_id):
        raise NotFound(say("There is no firm {firm_id!r:.60}.", firm_id=firm_id))
    return signers.signer(profile(firm_id), request.caller.person, power, request.now)
