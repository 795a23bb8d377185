"""F1: round trips and write units of every state-changing endpoint, beside the floor each must keep.

    make bench-floors                                  # 100 random whole orders, 100 random claims
    make bench-floors ARGS="--orders 20 --claims 20"
    make bench-floors ARGS=--note                      # and which endpoint and consumer each row is of: `rows.txt`

Both run on DynamoDB Local; `benchmarks/meter.py` says how calls and units are counted. The floor of a command is what must
change: its record and its journal entry (2 units each in a transaction), the order and the supplier where they change too, and the
entries of indexes that appear, move or go (1 for an entry written, 1 for an entry removed).
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import boto3

from benchmarks.floors import (
    alerts,
    applications,
    calling,
    cases,
    channels,
    claims,
    consumers,
    credit,
    deposits,
    exports,
    firms,
    grouped,
    groups,
    inbox,
    lending,
    listings,
    money,
    orders,
    peer_reports,
    reconciliation,
    rest,
    sanctions,
    sealing,
    servicing,
    settling,
    trainings,
    webhooks,
    whole,
    work,
)
from benchmarks.floors.stage import Stage, services
from benchmarks.floors.table import FLOORS, STORIES, WHOLE, Floor
from benchmarks.floors.wallet import ByWallet
from benchmarks.floors.whole import Spent
from benchmarks.meter import Cost, Meter
from chalicelib.shared.settings import settings
from infra.local import resources
from infra.local.engine import DynamoDBLocal, NoEngine

ROWS: Final = Path(__file__).with_name("rows.txt")
"""By endpoint or consumer of a stream, the commands that it is measured as: noted by a run, and held against what there is by the suite."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument("--claims", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--note", action="store_true", help=f"write {ROWS.name} anew")
    chosen = parser.parse_args()
    with DynamoDBLocal.found() as running, services():
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = running.url
        client = boto3.Session().client("dynamodb")
        resources.create_tables(client, settings().stage)
        meter = Meter(client)
        with Stage.opened(meter, random.Random(chosen.seed)) as stage:
            orders.play(stage, chosen.orders)
            claims.play(stage, chosen.claims)
            money.play(stage, chosen.claims)
            webhooks.play(stage)
            inbox.play(stage)
            deposits.play(stage)
            rest.play(stage)
            cases.play(stage)
            credit.play(stage)
            applications.play(stage)
            firms.play(stage)
            groups.play(stage)
            reconciliation.play(stage)  # while nothing is owed to the bank that its books would lack
            lending.play(stage)
            servicing.play(stage)
            sealing.play(stage)
            grouped.play(stage)
            calling.play(stage)
            settling.play(stage)
            sanctions.play(stage)
            peer_reports.play(stage)
            trainings.play(stage)
            alerts.play(stage)
            exports.play(stage)
            channels.play(stage)
            listings.play(stage)
            work.play(stage)
            consumers.play(stage)
            together = whole.measure(stage) | whole.measure(stage, ByWallet(stage), " by wallet")
    rows = sorted(f"{origin}\t{command}" for command, origins in stage.origins.items() for origin in origins)
    if chosen.note:
        ROWS.write_text("\n".join(rows) + "\n")
    return report(meter, set(ROWS.read_text().splitlines()) ^ set(rows), together)


def report(meter: Meter, not_noted: set[str], whole_orders: Mapping[str, Spent]) -> int:
    """Print every command beside its floor, and the worst request where it is above; 1 where that was not known.

    `failed` are write units of writes whose condition failed, `read` are read units.
    """
    unkept, above = 0, 0
    print(
        f"{'command':55} {'requests':>8} {'reads':>6} {'writes':>7} {'units':>6} {'failed':>7} {'read':>6} {'within':>7}   floor (reads, writes, units)"
    )
    for command, floor in FLOORS.items():
        cost, spent = meter.costs[command], meter.spent[command]
        within = sum(_is_within(one, floor) for one in spent)
        known = bool(spent) and all(_is_within(one, floor, *floor.above) for one in spent)
        unkept, above = unkept + (not known), above + (known and within < len(spent))
        share = f"{100 * within // len(spent)} %" if spent else "none"
        print(
            f"{command:55} {cost.requests:8} {cost.reads:6} {cost.writes:7} {cost.units:6} {cost.failed:7} {cost.read_units:6g} {share:>7}   "
            f"{floor.reads}, {floor.writes}, {floor.units}: {floor.why}{'' if known else '   MISSED'}"
        )
        if within < len(spent):
            worst = max(spent, key=lambda one: (one.units, one.reads))
            print(f"{'':55} above: {floor.because or 'unknown why'} (the worst: {worst.in_words})")
    for story, commands in STORIES.items():
        units = [meter.costs[command].units for command in commands]
        print(f"{story}: {' + '.join(map(str, units))} = {sum(units)} units")
    dear = False
    for name, order in whole_orders.items():
        most, is_dear = WHOLE[name], sum(order.units.values()) > WHOLE[name]
        dear = dear or is_dear
        print(f"{name}, with everything it causes, at most {most} units{'   MISSED' if is_dear else ''}:")
        for what, figures, unit in (
            ("write units", order.units, ""),
            ("reads", order.reads, ""),
            ("CPU", order.milliseconds, " ms"),
        ):
            parts = ", ".join(f"{part} {figure:.1f}" for part, figure in figures.items())
            print(f"    {what:12} {sum(figures.values()):6.1f}{unit}: {parts}")
    strangers = sorted(set(meter.spent) - set(FLOORS))
    print(
        f"{len(FLOORS)} commands, {len(FLOORS) - unkept - above} within their floors in every request, {above} above as is said there, {unkept} missed"
    )
    print(*(f"without a floor: {stranger}" for stranger in strangers), sep="\n")
    print(*(f"noted in {ROWS.name}, or measured, and not both: {row}" for row in sorted(not_noted)), sep="\n")
    return int(unkept > 0 or dear or bool(strangers) or bool(not_noted))


def _is_within(cost: Cost, floor: Floor, reads: int = 0, units: int = 0) -> bool:
    return cost.reads <= floor.reads + reads and cost.writes <= floor.writes and cost.units <= floor.units + units


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except NoEngine as missing:
        raise SystemExit(f"No figures: {missing}") from missing
