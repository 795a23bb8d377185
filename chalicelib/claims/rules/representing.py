"""Who speaks for a side of a claim in the member's place: an identity of the platform represents one side and never both. Pure.

Buyer and supplier want opposite things of a claim, and what they sign binds them. An order is different: both want it, and a marketplace
may well hand on what each of them says.
"""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.claims.rules.claim import MOST_REPRESENTATIVES, Claim, Representative
from chalicelib.orders.rules.order import Side
from chalicelib.shared.bounds import NoRoom, must_have_room
from chalicelib.shared.errors import NotAllowed
from chalicelib.shared.texts import say


class RepresentsOtherSide(NotAllowed):
    code = "represents_other_side"
    title = "You speak for the other side of this claim."
    fix = "Let the member use a token of its own, or act for it with another identity."


class TooManyRepresentatives(NoRoom):
    code = "too_many_representatives"
    title = "So many have spoken for this side that nobody else may."
    fix = "Use one of the identities that have acted for the member in this claim, or the member's own token."


def represented(claim: Claim, side: Side, actor: str) -> Claim:
    """The claim with who speaks for that side now. `actor` is empty where the member speaks for itself."""
    if not actor or Representative(side, actor) in claim.representatives:
        return claim
    if any(representative.name == actor for representative in claim.representatives):
        raise RepresentsOtherSide(say("{actor!r:.60} has acted for the other side of {id}.", actor=actor, id=claim.id))
    must_have_room(
        sum(representative.side == side for representative in claim.representatives),
        MOST_REPRESENTATIVES,
        TooManyRepresentatives,
    )
    return replace(claim, representatives=(*claim.representatives, Representative(side, actor)))
