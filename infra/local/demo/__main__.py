"""`make demo`: see the package's first lines."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infra.local.demo.stage import Stage

STARTS: Final = {
    "protection": ("2018-01-01T00:00:00Z", "1 January 2018"),
    "credit": ("2026-03-02T02:00:00Z", "2 March 2026"),
    "guarantee": ("2026-03-02T02:00:00Z", "2 March 2026"),
    "monitoring": ("2026-03-02T02:00:00Z", "2 March 2026"),
    "channel": ("2026-02-10T02:00:00Z", "10 February 2026"),
}
"""By programme, when its story begins: for the clock, and for people."""
EXAMPLE: Final = Path(__file__).parents[3] / "examples" / "trade-history.csv"
INTERRUPTED: Final = 130


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make demo", description="What Surety does, printed as it happens.")
    parser.add_argument("programme", nargs="?", choices=tuple(STARTS), default="protection")
    parser.add_argument("--all", action="store_true", help="claims and deposits, too: some two minutes")
    parser.add_argument("--short", action="store_true", help="of export credit its first day")
    parser.add_argument("--history", type=Path, default=EXAMPLE, help="a trade history to begin with")
    chosen = parser.parse_args(arguments)
    start, in_words = STARTS[chosen.programme]
    print(f"Starting a service of its own with an empty world; it is {in_words} there.", flush=True)
    # After the first sign of life: these take a second or more to import.
    from infra.local.client import Client, Refused
    from infra.local.demo.stage import Stage
    from infra.local.engine import free_port
    from infra.local.runner import Surety

    os.environ["SURETY_SANDBOX_START"] = start
    with (
        tempfile.TemporaryDirectory() as home,
        Surety(free_port(), sandbox=True, home=Path(home), quiet=True) as surety,
    ):
        try:
            play(Stage(Client(surety.url)), Path(home), chosen)
        except Refused as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def play(stage: Stage, home: Path, chosen: argparse.Namespace) -> None:
    """The programme's story, and its books at the end."""
    from infra.local.demo import books, channel, claims, credit, deposits, guarantee, monitoring, protection

    match chosen.programme:
        case "credit":
            credit.play(stage, home, short=chosen.short)
            books.close(stage, books.CREDIT)
        case "guarantee":
            guarantee.play(stage, home)
            books.close(stage, books.GUARANTEE)
        case "monitoring":
            monitoring.play(stage, home)
            books.close(stage, books.CREDIT)
        case "channel":
            channel.play(stage)
            books.close(stage, books.CHANNEL, every_account=True)
        case _:
            protection.play(stage, chosen.history)
            if chosen.all:
                claims.play(stage)
                deposits.play(stage)
            books.close(stage, books.ALL if chosen.all else books.SHORT, every_account=chosen.all)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nEnded before its end; nothing of it is left.")
        sys.exit(INTERRUPTED)
