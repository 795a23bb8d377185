"""Use-cases of recoveries.

`commands`     what suppliers and officers do
`reading`      recoveries, lists, timelines
`subscribers`  what journal entries bring about: advances, debits carried out
"""

from chalicelib.recoveries.service.commands import (
    UnknownBank,
    accept_instalments,
    allocate,
    propose_instalments,
    record_receipt,
    set_off,
    write_off,
)
from chalicelib.recoveries.service.reading import listed, recovery, timeline
from chalicelib.recoveries.service.subscribers import follow, id_of, open_for

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
    "timeline",
    "write_off",
]
