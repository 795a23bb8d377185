"""Partner banks and what they tell us: who they are, how a message proves to be theirs, and what an event may become. Pure."""

from chalicelib.banks.rules.desk import NotInThisState
from chalicelib.banks.rules.inbox import (
    LISTED,
    NO_EFFECT,
    OPEN,
    PREFIX,
    BankEvent,
    EventIdReused,
    Movement,
    Status,
    Taker,
    Target,
    applied,
    arrived,
    name_of,
    parked,
    refused,
    settled,
    type_of,
)
from chalicelib.banks.rules.instruction import Account, Attempt, Instruction, Kind, Word, id_of, made
from chalicelib.banks.rules.instruction import Status as InstructionStatus
from chalicelib.banks.rules.outbox import NO_LINE, AnotherInstruction, Said
from chalicelib.banks.rules.partners import CurrencyNotPayable, Instructing, NotAPartner, Partner, Policy
from chalicelib.banks.rules.references import BankRef, ReferenceUsed
from chalicelib.banks.rules.step import Step
from chalicelib.banks.rules.suspense import NotForThat, NotSuspended, ReferenceReused
from chalicelib.shared.webhooks import LIVE_KEYS, TOLERANCE, BadSignature, Signed, keys_of, sign, verify

__all__ = [
    "LISTED",
    "LIVE_KEYS",
    "NO_EFFECT",
    "NO_LINE",
    "OPEN",
    "PREFIX",
    "TOLERANCE",
    "Account",
    "AnotherInstruction",
    "Attempt",
    "BadSignature",
    "BankEvent",
    "BankRef",
    "CurrencyNotPayable",
    "EventIdReused",
    "Instructing",
    "Instruction",
    "InstructionStatus",
    "Kind",
    "Movement",
    "NotAPartner",
    "NotForThat",
    "NotInThisState",
    "NotSuspended",
    "Partner",
    "Policy",
    "ReferenceReused",
    "ReferenceUsed",
    "Said",
    "Signed",
    "Status",
    "Step",
    "Taker",
    "Target",
    "Word",
    "applied",
    "arrived",
    "id_of",
    "keys_of",
    "made",
    "name_of",
    "parked",
    "refused",
    "settled",
    "sign",
    "type_of",
    "verify",
]
