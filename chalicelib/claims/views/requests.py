"""What clients ask of claims."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.claims.rules.claim import Condition, Kind, OfficerDecision, Status, Visibility
from chalicelib.claims.rules.reasons import PartyName, Reason
from chalicelib.claims.rules.verdict.book import Outcome
from chalicelib.claims.rules.verdict.case import Finding
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import PastMoment
from chalicelib.shared.text import one_line, prose

Text = Annotated[str, prose(3000)]
Note = Annotated[str, prose(500)]
Words = Annotated[str, prose(3000, least=1)]
LineNumber = Annotated[int, Meta(ge=1, le=100)]
Percent = Annotated[int, Meta(ge=0, le=100)]
BasisPoints = Annotated[int, Meta(ge=0, le=10_000)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$(?!\n)")]
Name = Annotated[str, one_line(200)]
OfficerId = Annotated[str, Meta(min_length=1, max_length=100)]


class ClaimRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is claimed of an order. Without `lines` all of them; `amount` is asked back, in the order's currency."""

    reason: Reason
    amount: Money
    lines: Annotated[list[LineNumber], Meta(max_length=100)] = []
    statement: Text = ""


class EditRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    amount: Money | None = None
    statement: Text | None = None


class OfferRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`full` is all that is claimed; `replace` and the supplier's outright `none` have no amount."""

    kind: Kind
    amount: Money | None = None
    note: Note = ""


class ShipmentRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of the claim once the goods may leave."""

    claim: Literal["ends", "goes_on"]


class SettleRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A settlement to sign: agreed when the other side signs the very same kind and amount."""

    kind: Literal["full", "partial", "discount", "return_and_refund", "replace"]
    amount: Money | None = None
    note: Note = ""


class EvidenceRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file to be uploaded: exactly these bytes. `platform` keeps it from the other side."""

    code: Annotated[str, Meta(pattern="^[a-z_]{1,40}$(?!\n)")]
    name: Annotated[str, one_line(100)]
    media_type: Annotated[str, Meta(min_length=3, max_length=100)]
    size: Annotated[int, Meta(ge=0, le=10**12)]
    sha256: Sha256
    visibility: Visibility = "both"


class ReturnRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the goods go back."""

    carrier: Name
    tracking_number: Name


class ReturnedRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    condition: Condition


class InspectionRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A designated inspector, and its fee in the order's currency, which the buyer pays in advance."""

    inspector: Annotated[str, Meta(min_length=1, max_length=60)]
    fee: Money


class ReportRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the inspector found: the share of the goods that fails the contract, and the buyer's share of the fault."""

    conforms: bool
    sha256: Sha256
    defect_bp: BasisPoints = 0
    buyer_fault_bp: BasisPoints = 0

    @property
    def finding(self) -> Finding:
        return Finding(conforms=self.conforms, defect_bp=self.defect_bp, buyer_fault_bp=self.buyer_fault_bp)


class RulingRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision. `reasoning` is needed where it differs from the draft; `cites` names submitted evidence, which then stays for ever."""

    outcome: Outcome
    approved: Money
    supplier_fault_percent: Percent
    reasoning: Text = ""
    cites: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=80)] = []
    forged_by: PartyName | None = None
    proven_shipped_at: PastMoment | None = None
    """When the goods left, as a transport document proves it: between the agreement and now."""

    def ruling(self, approved_minor: int) -> OfficerDecision:
        return OfficerDecision(
            outcome=self.outcome,
            approved_minor=approved_minor,
            supplier_fault_percent=self.supplier_fault_percent,
            reasoning=self.reasoning,
            cites=tuple(dict.fromkeys(self.cites)),
            forged_by=self.forged_by,
            proven_shipped_at=self.proven_shipped_at,
        )


class AppealRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the decision is wrong. New evidence has to be submitted first.

    `concedes` is what a supplier does not contest of the amount that was determined: it is paid while the appeal runs.
    """

    grounds: Words
    concedes: Money | None = None


class AssignRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    officer: OfficerId


class SimulationRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A claim one thinks of. `evidence` lists codes one could hand in."""

    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    reason: Reason
    amount: Money
    lines: Annotated[list[LineNumber], Meta(max_length=100)] = []
    evidence: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=40)] = []


class ClaimsQuery(Waiting, frozen=True, kw_only=True, rename={"as_": "as"}):
    """`as` which side of the claims; `status` only those in that state.

    Officers name a member with `member_id`, or a status, closed ones too; else they see all open ones, the earliest due first.
    """

    as_: Literal["buyer", "supplier"] = "buyer"
    status: Status | None = None
    member_id: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    reviewer: Annotated[str, msgspec.Meta(pattern="^[!-~]{1,100}$")] | None = None
    """For officers: only those that this one has."""
