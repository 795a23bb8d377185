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
    """What went wrong, by code."""
    amount: Money
    """How much is asked back, in the order's currency."""
    lines: Annotated[list[LineNumber], Meta(max_length=100)] = []
    """The lines it is about, from 1. Left out: all of them."""
    statement: Text = ""
    """What happened, in words that the other side and officers read."""


class EditRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    amount: Money | None = None
    """How much is asked back from now on."""
    statement: Text | None = None
    """What happened, as it is told from now on."""


class OfferRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`full` is all that is claimed; `replace` and the supplier's outright `none` have no amount."""

    kind: Kind
    """What is offered."""
    amount: Money | None = None
    """How much, where the kind has an amount."""
    note: Note = ""
    """What there is to add, in words."""


class ShipmentRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of the claim once the goods may leave."""

    claim: Literal["ends", "goes_on"]
    """Whether the claim ends with the consent, or goes on."""


class SettleRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A settlement to sign: agreed when the other side signs the very same kind and amount."""

    kind: Literal["full", "partial", "discount", "return_and_refund", "replace"]
    """What both agree on."""
    amount: Money | None = None
    """How much, where the kind has an amount."""
    note: Note = ""
    """What there is to add, in words."""


class EvidenceRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file to be uploaded: exactly these bytes. `platform` keeps it from the other side."""

    code: Annotated[str, Meta(pattern="^[a-z_]{1,40}$(?!\n)")]
    """What kind of evidence it is, by a code of `required_evidence`."""
    name: Annotated[str, one_line(100)]
    """What the file is called."""
    media_type: Annotated[str, Meta(min_length=3, max_length=100)]
    """The media type of the file, such as `application/pdf`."""
    size: Annotated[int, Meta(ge=0, le=10**12)]
    """How many bytes the file has."""
    sha256: Sha256
    """SHA-256 of the file, 64 hexadecimal digits in lower case."""
    visibility: Visibility = "both"
    """Who sees it: both sides, or the platform only."""


class ReturnRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the goods go back."""

    carrier: Name
    """Who carries the goods back."""
    tracking_number: Name
    """The carrier's number for them."""


class ReturnedRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    condition: Condition
    """In which condition they came back."""


class InspectionRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A designated inspector, and its fee in the order's currency, which the buyer pays in advance."""

    inspector: Annotated[str, Meta(min_length=1, max_length=60)]
    """The designated inspector, by its name in the policy."""
    fee: Money
    """What it costs, in the order's currency."""


class ReportRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the inspector found: the share of the goods that fails the contract, and the buyer's share of the fault."""

    conforms: bool
    """Whether the goods are as agreed."""
    sha256: Sha256
    """SHA-256 of the report, 64 hexadecimal digits."""
    defect_bp: BasisPoints = 0
    """The share of the goods that is not, in hundredths of a percent."""
    buyer_fault_bp: BasisPoints = 0
    """The buyer's share of the fault, in hundredths of a percent."""

    @property
    def finding(self) -> Finding:
        return Finding(conforms=self.conforms, defect_bp=self.defect_bp, buyer_fault_bp=self.buyer_fault_bp)


class RulingRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision. `reasoning` is needed where it differs from the draft; `cites` names submitted evidence, which then stays for ever."""

    outcome: Outcome
    """What is decided."""
    approved: Money
    """How much is refunded."""
    supplier_fault_percent: Percent
    """The supplier's share of the fault, in percent."""
    reasoning: Text = ""
    """Why, in words that both sides read."""
    cites: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=80)] = []
    """Submitted evidence that the decision rests on, by its ids."""
    forged_by: PartyName | None = None
    """The side that handed in something forged."""
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
    """Why the decision is wrong."""
    concedes: Money | None = None
    """What the supplier concedes all the same: it is paid at once."""


class AssignRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    officer: OfficerId
    """The officer who decides, by the `sub` of the token."""


class SimulationRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A claim one thinks of. `evidence` lists codes one could hand in."""

    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The order, by its id."""
    reason: Reason
    """What went wrong, by code."""
    amount: Money
    """How much would be asked back."""
    lines: Annotated[list[LineNumber], Meta(max_length=100)] = []
    """The lines it would be about, from 1. Left out: all of them."""
    evidence: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=40)] = []
    """Codes of the evidence one could hand in."""


class ClaimsQuery(Waiting, frozen=True, kw_only=True, rename={"as_": "as"}):
    """`as` which side of the claims; `status` only those in that state.

    Officers name a member with `member_id`, or a status, closed ones too; else they see all open ones, the earliest due first.
    """

    as_: Literal["buyer", "supplier"] = "buyer"
    """Which side of them the caller is on."""
    status: Status | None = None
    """Only those in this status."""
    member_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """For officers: only those of this member."""
    reviewer: Annotated[str, msgspec.Meta(pattern="^[!-~]{1,100}$")] | None = None
    """For officers: only those that this one has."""
