"""What conduct declares: its state machines, of incentives, of sanctions and of peer reports."""

from __future__ import annotations

from typing import Final

from chalicelib.conduct.aggregate import incentives, peer_reports, sanctions

INCENTIVES: Final = incentives.INCENTIVES.swept
SANCTIONS: Final = sanctions.SANCTIONS.swept
PEER_REPORTS: Final = peer_reports.PEER_REPORTS.swept
MACHINES: Final = (INCENTIVES, SANCTIONS, PEER_REPORTS)
