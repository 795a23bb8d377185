"""Use-cases of partner banks.

`inbox`    taking in what banks send, and finding it again
`outbox`   what entries tell banks to do, carried out; what banks say of it
`desk`     what parties and officers see and do of it
`references`   each reference of a bank is booked once
"""

from chalicelib.banks.service.desk import (
    give_account,
    instruction,
    instructions,
    retry,
    settle_by_hand,
    settle_from_suspense,
)
from chalicelib.banks.service.inbox import (
    INBOX,
    changed,
    entry_of,
    find,
    from_image,
    in_suspense,
    keys,
    listed,
    must_be_partner,
    must_be_payable,
    parked,
    partner,
    policy,
    receive,
    request_of,
    shown,
)
from chalicelib.banks.service.outbox import carry_on, doubt, hear, take_over
from chalicelib.banks.service.references import (
    allocate_reference,
    find_reference,
    reference_first,
    take_reference,
)

__all__ = [
    "INBOX",
    "allocate_reference",
    "carry_on",
    "changed",
    "doubt",
    "entry_of",
    "find",
    "find_reference",
    "from_image",
    "give_account",
    "hear",
    "in_suspense",
    "instruction",
    "instructions",
    "keys",
    "listed",
    "must_be_partner",
    "must_be_payable",
    "parked",
    "partner",
    "policy",
    "receive",
    "reference_first",
    "request_of",
    "retry",
    "settle_by_hand",
    "settle_from_suspense",
    "shown",
    "take_over",
    "take_reference",
]
