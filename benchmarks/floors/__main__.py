"""F1: round trips and write units of every state-changing door, beside the floor each must keep.

    make bench-floors                                  # 100 random whole orders, 100 random claims
    make bench-floors ARGS="--orders 20 --claims 20"

Both run on DynamoDB Local; `benchmarks/meter.py` says how calls and units are counted. The floor of a command is what must
change: its record and its journal entry (2 units each in a transaction), the order and the supplier where they change too, and the
entries of indexes that appear, move or go (1 for an entry written, 1 for an entry removed).
"""

from __future__ import annotations

import argparse
import os
import random

import botocore.session

from benchmarks.floors import claims, money, notices, orders
from benchmarks.floors.stage import Stage, services
from benchmarks.floors.table import FLOORS, Floor
from benchmarks.meter import Cost, Meter
from chalicelib.shared.settings import settings
from infra.local import resources
from infra.local.engine import DynamoDBLocal, NoEngine


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=100)
    asked.add_argument("--claims", type=int, default=100)
    asked.add_argument("--seed", type=int, default=2026)
    chosen = asked.parse_args()
    with DynamoDBLocal.found() as running, services():
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = running.url
        client = botocore.session.get_session().create_client("dynamodb")
        resources.create_tables(client, settings().stage)
        meter = Meter(client)
        with Stage.opened(meter, random.Random(chosen.seed)) as stage:
            orders.play(stage, chosen.orders)
            claims.play(stage, chosen.claims)
            money.play(stage, chosen.claims)
            notices.play(stage)
    return report(meter)


def report(meter: Meter) -> int:
    """Print every command beside its floor, with the worst request where it is above; 1 where a floor is missed."""
    missed = 0
    print(f"{'command':44} {'requests':>8} {'reads':>6} {'writes':>7} {'units':>6} {'within':>7}   floor (reads, writes, units)")
    for command, floor in FLOORS.items():
        cost = meter.costs[command]
        within = sum(_is_within(one, floor) for one in meter.spent[command])
        kept = 0 < cost.requests == within
        missed += not kept
        share = f"{100 * within // cost.requests} %" if cost.requests else "none"
        print(
            f"{command:44} {cost.requests:8} {cost.reads:6} {cost.writes:7} {cost.units:6} {share:>7}   "
            f"{floor.reads}, {floor.writes}, {floor.units}: {floor.why}{'' if kept else '   MISSED'}"
        )
        if not kept and cost.requests:
            print(f"{'':44} the worst: {max(meter.spent[command], key=lambda one: one.units).told}")
    unknown = sorted(set(meter.costs) - set(FLOORS))
    print(f"every floor kept: {'no' if missed or unknown else 'yes'}; the worst request of each command is shown", *unknown)
    return int(missed > 0 or bool(unknown))


def _is_within(cost: Cost, floor: Floor) -> bool:
    return cost.reads <= floor.reads and cost.writes <= floor.writes and cost.units <= floor.units


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except NoEngine as missing:
        raise SystemExit(f"No figures: {missing}") from missing
