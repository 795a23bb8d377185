"""The supplier programme's rules, by subject: cover, qualification, figures, the programme itself. Pure."""

from chalicelib.suppliers.rules.coverage import (
    ACTIVE,
    APPLIED,
    DISQUALIFIED,
    NOT_ENROLLED,
    STATUSES,
    SUSPENDED,
    USD,
    CapacityExceeded,
    Standing,
    SupplierNotActive,
    limit_postings,
    refuse_reservation,
    release_postings,
    reserve_postings,
)

__all__ = [
    "ACTIVE",
    "APPLIED",
    "DISQUALIFIED",
    "NOT_ENROLLED",
    "STATUSES",
    "SUSPENDED",
    "USD",
    "CapacityExceeded",
    "Standing",
    "SupplierNotActive",
    "limit_postings",
    "refuse_reservation",
    "release_postings",
    "reserve_postings",
]
