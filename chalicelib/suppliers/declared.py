"""What suppliers declare: the state machine of their penalties' appeals."""

from __future__ import annotations

from typing import Final

from chalicelib.shared.machines import Machine
from chalicelib.suppliers.records import SupplierRow
from chalicelib.suppliers.service import changing

APPEALS: Final = Machine(name="appeals", row=SupplierRow, settle=changing.settled, due_at=changing.due_at)
MACHINES: Final = (APPEALS,)
