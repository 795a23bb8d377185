"""The banks' tables.

`inbox`    what banks tell us
`outbox`   what banks are told to do
"""

from chalicelib.banks.records.inbox import (
    INBOX,
    BankEventRow,
    from_image,
    ids_by_status,
    ids_parked,
    listed,
    load,
    replace,
    store,
)

__all__ = [
    "INBOX",
    "BankEventRow",
    "from_image",
    "ids_by_status",
    "ids_parked",
    "listed",
    "load",
    "replace",
    "store",
]
