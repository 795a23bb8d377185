"""`make demo`: see the package's first lines."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.table import Table

from infra.local.client import INTERRUPTED, Client, Refused
from infra.local.demo import claims, deposits, protection
from infra.local.demo.history import history
from infra.local.demo.stage import Stage, say, scene
from infra.local.runner import Surety

START: Final = "2018-01-01T00:00:00Z"


def main(arguments: list[str]) -> int:
    os.environ["SURETY_SANDBOX_START"] = START
    with (
        tempfile.TemporaryDirectory() as home,
        Surety(_free_port(), sandbox=True, home=Path(home), quiet=True) as surety,
    ):
        stage = Stage(Client(surety.url))
        protection.play(stage, history(arguments))
        claims.play(stage)
        deposits.play(stage)
        close_the_books(stage)
    return 0


def close_the_books(stage: Stage) -> None:
    scene("The books")
    table = Table("account", "currency", "debit", "credit", box=None, pad_edge=False)
    for line in stage.books(("supplier_balance", "inspectors_payable", "deposits_held")):
        table.add_row(line["account"], line["currency"], line["debit"]["amount"], line["credit"]["amount"])
    say.print(table)
    balanced = stage.client.get("/v1/ledger/trial-balance", stage.officer)["balanced"]
    verified = stage.client.get("/v1/ledger/verification", stage.officer)
    say.print(
        f"  balanced {balanced}; {verified['entries']} entries verified, first bad entry: {verified['first_bad']}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refused as refused:
        sys.exit(str(refused))
    except KeyboardInterrupt:
        say.print("\nEnded before its end; nothing of it is left.")
        sys.exit(INTERRUPTED)
