"""`make demo`: see the package's first lines."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

START: Final = "2018-01-01T00:00:00Z"
CREDIT_START: Final = "2026-03-02T02:00:00Z"
CHANNEL_START: Final = "2026-02-10T02:00:00Z"
STARTS: Final = {"protection": START, "channel": CHANNEL_START}
WHERE: Final = {START: "1 January 2018", CREDIT_START: "2 March 2026", CHANNEL_START: "10 February 2026"}
EXAMPLE: Final = Path(__file__).parents[3] / "examples" / "trade-history.csv"
INTERRUPTED: Final = 130


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="make demo", description="What Surety does, printed as it happens.")
    asked.add_argument(
        "programme",
        nargs="?",
        choices=("protection", "credit", "guarantee", "monitoring", "channel"),
        default="protection",
    )
    asked.add_argument("--all", action="store_true", help="claims and deposits, too: some two minutes")
    asked.add_argument("--short", action="store_true", help="of export credit its first day")
    asked.add_argument("--history", type=Path, default=EXAMPLE, help="a trade history to begin with")
    chosen = asked.parse_args(arguments)
    start = STARTS.get(chosen.programme, CREDIT_START)
    print(f"Starting a service of its own with an empty world; it is {WHERE[start]} there.", flush=True)
    # After the first sign of life: these take a second or more to import.
    from infra.local.client import Client, Refused
    from infra.local.demo import books, channel, claims, credit, deposits, guarantee, monitoring, protection
    from infra.local.demo.stage import Stage
    from infra.local.engine import free_port
    from infra.local.runner import Surety

    os.environ["SURETY_SANDBOX_START"] = start
    with (
        tempfile.TemporaryDirectory() as home,
        Surety(free_port(), sandbox=True, home=Path(home), quiet=True) as surety,
    ):
        stage = Stage(Client(surety.url))
        try:
            if chosen.programme == "credit":
                credit.play(stage, Path(home), short=chosen.short)
                books.close(stage, books.CREDIT)
                return 0
            if chosen.programme == "guarantee":
                guarantee.play(stage, Path(home))
                books.close(stage, books.GUARANTEE)
                return 0
            if chosen.programme == "monitoring":
                monitoring.play(stage, Path(home))
                books.close(stage, books.CREDIT)
                return 0
            if chosen.programme == "channel":
                channel.play(stage)
                books.close(stage, books.CHANNEL)
                return 0
            protection.play(stage, chosen.history)
            if chosen.all:
                claims.play(stage)
                deposits.play(stage)
            books.close(stage, books.ALL if chosen.all else books.SHORT, every_account=chosen.all)
        except Refused as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nEnded before its end; nothing of it is left.")
        sys.exit(INTERRUPTED)
