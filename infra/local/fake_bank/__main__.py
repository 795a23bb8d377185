"""`make fake-bank BANK=ccb`: a bank beside `make run`, until Ctrl-C (BANK_PORT=, RULES=, MISCHIEF="twice shuffled", SEED=, SURETY_URL=).

Beside the conformance kit, which plays the service: SURETY_URL=http://127.0.0.1:8200 KIT_SECRET=whsec_…, with the kit's KIT_PORT and KIT_SECRET.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from infra.local import beside
from infra.local.fake_bank.server import RULES, FakeBank, rules_of

if __name__ == "__main__":
    sys.exit(
        beside.run(
            FakeBank,
            "bank",
            os.environ.get("BANK") or "ccb",
            port=os.environ.get("BANK_PORT") or "8100",
            shows="what it is owed",
            rules=lambda: rules_of(Path(os.environ.get("RULES") or RULES)),
        )
    )
