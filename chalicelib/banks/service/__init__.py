"""Use-cases of partner banks.

`inbox`    taking in what banks send, and finding it again
`outbox`   what entries tell banks to do, carried out; what banks say of it
`desk`     what parties and officers see and do of it

"""

from chalicelib.banks.service.desk import give_account, instruction, instructions, retry, settle_by_hand
from chalicelib.banks.service.inbox import (
    INBOX,
    changed,
    entry_of,
    find,
    from_image,
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

__all__ = [
    "INBOX",
    "carry_on",
    "changed",
    "doubt",
    "entry_of",
    "find",
    "from_image",
    "give_account",
    "hear",
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
    "request_of",
    "retry",
    "settle_by_hand",
    "shown",
    "take_over",
]
