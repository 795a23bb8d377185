"""What an event means, by its exact name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.shared.texts import Text, say, term

MORE: Final[Mapping[str, Text]] = {
    "acquirer_payment.let_go": say("What is not captured is let go."),
    "alert.handed_over": say("An amber alert is red from now on; a red one is a supervisor's."),
    "alert.referred": say("No officer acknowledged or resolved it in time: it is a supervisor's."),
    "alert.silenced": say("Nobody is reminded of it for some time."),
    "claim.shipment_agreed": say("The buyer lets goods leave that it claims on before shipment."),
    "deposit.hold_lifted": say("A hold has ended: its money is available again."),
    "deposit.insurance_on": say("Insurance is registered, and stands in from its own beginning."),
    "deposit.reopened": say("The shop is open again, in a new membership period."),
    "deposit.risk_closed": say("The case of a violation is closed: its amount ends some days later."),
    "deposit.risk_ended": say("The amount of a violation is required no more."),
    "deposit.risk_opened": say("A violation: its amount is required at once."),
    "deposit.special_entered": say("The shop has entered a market or taken up a service."),
    "deposit.special_left": say("The shop has left a market or given up a service."),
    "exposure.limit_set": say("The firm's limit was worked out anew."),
    "firm.registers_noted": say("An officer has looked into public registers."),
    "group.sheet_proposed": say("There is another version to sign, and all members sign anew."),
    "instruction.given_account": say("Another account is named, and tries begin anew."),
    "order.carried": say("The carrier says how far a parcel came."),
    "order.goods_back": say("Goods that were shipped are back, and on hand again."),
    "order.paid_out_early": say("The supplier has money before completion."),
    "order.placed": say("An order of a channel: agreed at once, with stock and cover reserved."),
    "order.terms_asked": say("One side asks the other for other terms; nothing of the contract changes yet."),
    "subsidy.account_named": say("The firm has named where it is paid: all that waits is paid there."),
}
"""Where the words for the kind of thing and for what happened do not say it all."""


def meaning(name: str) -> Text:
    """`claim.filed` is "claim: filed", with more where there is more to say."""
    kind, _, event = name.partition(".")
    words = say("{kind}: {event}", kind=term("kind", kind), event=term("event", event.replace(".", "_")))
    return say("{told}. {more}", told=words, more=MORE[name]) if name in MORE else words
