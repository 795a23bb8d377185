"""What officers decide about suspended money."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.banks.rules.inbox import Taker, Target
from chalicelib.banks.rules.references import BankRef
from chalicelib.shared.errors import Malformed

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class AllocateRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Exactly one of order, seller, recovery, claim, claim between members and instruction; an insurer's money names the policy beside the seller."""

    order_id: Name | None = None
    """The order the money is for, or of which a bank took it back."""
    seller_id: Name | None = None
    """The seller whose deposit it is for, or of which a bank took it back."""
    insurance_id: Name | None = None
    """Beside `seller_id`: the insurance of the deposit whose insurer paid."""
    recovery_id: Name | None = None
    """The recovery it pays."""
    claim_id: Name | None = None
    """The claim whose inspection it pays."""
    member_claim_id: Name | None = None
    """The claim between members that it pays."""
    instruction_id: Name | None = None
    """The instruction by which a bank moved it."""
    bank_ref: BankRef | None = None
    """Beside `order_id`: the order's payment that was charged back, where the bank called it otherwise."""

    def target(self) -> Target:
        """What it is for; Malformed where that is not one thing."""
        if self.insurance_id is not None and self.seller_id is None:
            raise Malformed("Name the seller whose deposit the insurance stands in for.", param="seller_id")
        kind: Taker = "insurer" if self.insurance_id is not None else "deposit"
        targets: dict[Taker, str | None] = {
            "order": self.order_id,
            kind: self.seller_id,
            "recovery": self.recovery_id,
            "claim": self.claim_id,
            "member_claim": self.member_claim_id,
            "instruction": self.instruction_id,
        }
        named = [
            Target(kind=each, id=name, part=self.insurance_id or "" if each == "insurer" else "")
            for each, name in targets.items()
            if name is not None
        ]
        if len(named) != 1:
            raise Malformed(
                "Name exactly one of an order, a seller, a recovery, a claim, a claim between members and an instruction.",
                param="order_id",
            )
        return named[0]
