"""What slices above tell of a firm's loans and of its shares of calls, for its score. Once or many times, in any order."""

from __future__ import annotations

from chalicelib.credit.records import histories as records
from chalicelib.credit.rules import history
from chalicelib.credit.rules.history import Past


def tell(member_id: str, past: Past) -> None:
    """Keep what a loan or a share has come to, unless something newer is known. One read, and a write where that is news."""
    kept = history.after(records.load(member_id, past.subject_id), past)
    if kept is not None:
        records.put(member_id, kept)
