"""Use-cases of recoveries.

`following`  what the journal says: advances, debits carried out
`commands`   what suppliers and officers do
`reading`    recoveries, lists, timelines
`settling`   what falls due, set-offs, and how a step is carried out
`standing`   the supplier's place in the programme
"""

from chalicelib.recoveries.service.commands import (
    UnknownBank,
    accept_instalments,
    allocate,
    propose_instalments,
    record_receipt,
    write_off,
)
from chalicelib.recoveries.service.following import follow, id_of, open_for
from chalicelib.recoveries.service.reading import listed, recovery, timeline
from chalicelib.recoveries.service.settling import set_off, settled

__all__ = [
    "UnknownBank",
    "accept_instalments",
    "allocate",
    "follow",
    "id_of",
    "listed",
    "open_for",
    "propose_instalments",
    "record_receipt",
    "recovery",
    "set_off",
    "settled",
    "timeline",
    "write_off",
]
