"""Claims: what a buyer may ask for, how it is negotiated, proved, decided, paid and ended. Pure.

`reasons` `eligibility` `evidence` `verdict`   what a claim is judged by
`claim` `step` `moves` `deadlines`             its form, and how it changes
`negotiation` `agreeing`                        between the parties
`officers` `proving` `files` `inspecting` `cases` `deciding` `appealing` `undisputed`   with an officer
`paying` `arriving`                             money back, and what banks say of it
"""

from chalicelib.claims.rules.claim import ENDS, Claim, Ruling, id_of, order_of
from chalicelib.claims.rules.deadlines import deadlines, first_due, next_due
from chalicelib.claims.rules.moves import MOVES, NotInThisState, allowed
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import Reason
from chalicelib.claims.rules.step import Dossier, Step

__all__ = [
    "ENDS",
    "MOVES",
    "Claim",
    "ClaimPolicy",
    "Dossier",
    "NotInThisState",
    "Reason",
    "Ruling",
    "Step",
    "allowed",
    "deadlines",
    "first_due",
    "id_of",
    "next_due",
    "order_of",
]
