"""What changes of slices above add to the facts that monitoring judges by. Pure."""

from __future__ import annotations

from datetime import date

from chalicelib.shared.state_machine import Effect


class NoteVerifiedReport(Effect, frozen=True, kw_only=True):
    """A peer report about a firm was found true on a day. `reporter` is a mark: who has another one is independent."""

    member_id: str
    report_id: str
    reporter: str
    on: date

    @property
    def target(self) -> str:
        return self.report_id
