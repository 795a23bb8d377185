"""Firms, their customs declarations and their loans, all invented, always the same for a seed, one line after the other.

    python -m benchmarks.firms firms                          1,000 firms, one JSON document a line
    python -m benchmarks.firms declarations FIRMS=10000       what customs tells of their exports, as the CSV that imports take
    python -m benchmarks.firms loans SEED=7                   their loans, and what their banks tell of them

A firm follows from the seed and its number alone, so any part of the stream can be made again by itself, and no more than one firm is in
memory. Nothing of ours is imported. What is drawn from where (sizes, punctuality, returns) is a guess, made to meet every kind of case.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any, Final, NamedTuple

FIRMS: Final = 1_000
SEED: Final = 20_260_101
BANKS: Final = ("boc", "cmb", "ccb", "pab", "psbc", "bos", "cib")
METHODS: Final = ("bullet", "monthly_interest", "equal_principal", "annuity")
DAY_COUNTS: Final = ("act_360", "act_360", "act_365f", "30_360")
HOLIDAYS: Final = ("unchanged", "following", "preceding")
INDUSTRIES: Final = ("garments", "hardware", "toys", "electronics", "furniture", "ceramics")
REGIONS: Final = {"Zhejiang": "33", "Guangdong": "44", "Jiangsu": "32", "Fujian": "35", "Shandong": "37"}
BUYERS: Final = {"US": "USD", "DE": "EUR", "GB": "GBP", "JP": "JPY", "SG": "USD", "BR": "USD"}
USD_RATE: Final = {"USD": 1.0, "EUR": 1.1, "GBP": 1.3, "JPY": 0.009}
BEGAN: Final = date(2024, 1, 2)
DAYS: Final = 480
LEAST_TO_BORROW: Final = 100_000
COLUMNS: Final = (
    *("declaration_no", "exporter_ref", "order_ref", "buyer_ref", "buyer_country", "currency", "amount", "channel"),
    *(
        "origin",
        "related_party",
        "status",
        "submitted_on",
        "released_on",
        "tax_refund_paid_on",
        "returned_on",
        "returned_amount",
    ),
)
_CODE: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a unified social credit code, by their value."""


class Firm(NamedTuple):
    """`yearly_usd` is what it exports in a year, `punctuality` the share of instalments it pays when they are due."""

    ref: str
    name: str
    registration_no: str
    industry: str
    region: str
    size: str
    registered_on: str
    yearly_usd: int
    punctuality: float


class Loan(NamedTuple):
    """Money in fen, rates in hundredths of a percent. `events` is what the bank tells of it, in the order in which it does."""

    loan_ref: str
    exporter_ref: str
    bank_id: str
    principal: int
    rate_bp: int
    method: str
    day_count: str
    months: int
    drawn_on: str
    holidays: str
    interest_moves: bool
    events: list[dict[str, Any]]


def firm(number: int, seed: int = SEED) -> Firm:
    """Most are small, and few export most."""
    chance = _chance(seed, "firm", number)
    region, yearly = chance.choice(list(REGIONS)), int(min(3e7, 2e4 * chance.paretovariate(0.8)))
    return Firm(
        ref=f"inv-{seed:x}-{number:07d}",
        name=f"Invented Trading No. {number}",
        registration_no=_registration_no(REGIONS[region], chance),
        industry=chance.choice(INDUSTRIES),
        region=region,
        size="micro" if yearly < 100_000 else "small" if yearly < 2_000_000 else "medium",
        registered_on=(BEGAN - timedelta(days=chance.randrange(200, 8_000))).isoformat(),
        yearly_usd=yearly,
        punctuality=chance.betavariate(8, 1),
    )


def declarations(number: int, seed: int = SEED) -> Iterator[dict[str, str]]:
    """What customs tells of a firm's exports, in the order in which it is told: some of it twice, some late."""
    exporter, chance = firm(number, seed), _chance(seed, "declarations", number)
    times = max(1, min(200, exporter.yearly_usd // 15_000))
    buyers = [(f"{exporter.ref}-b{n}", chance.choice(list(BUYERS))) for n in range(1 + times // 8)]
    tellings = chain.from_iterable(_life(exporter, n, chance.choice(buyers), chance, times) for n in range(times))
    for _, row in sorted(tellings, key=lambda telling: telling[0]):
        yield row
        if chance.random() < 0.03:
            yield row


def _life(
    exporter: Firm, n: int, buyer: tuple[str, str], chance: random.Random, times: int
) -> Iterator[tuple[date, dict[str, str]]]:
    """One declaration from submission to tax refund or return: each telling with the day on which it comes."""
    currency, day = BUYERS[buyer[1]], BEGAN + timedelta(days=chance.randrange(DAYS))
    usd = exporter.yearly_usd * DAYS / 365 / times * chance.lognormvariate(0, 0.6)
    digits = 0 if currency == "JPY" else 2
    amount = round(max(1.0, usd / USD_RATE[currency]), digits)
    row = dict.fromkeys(COLUMNS, "") | {
        "declaration_no": f"{exporter.ref}-d{n}",
        "exporter_ref": exporter.ref,
        "order_ref": f"{exporter.ref}-o{n}",
        "buyer_ref": buyer[0],
        "buyer_country": buyer[1],
        "currency": currency,
        "amount": f"{amount:.{digits}f}",
        "channel": chance.choice(("self_service", "self_service", "staff")),
        "origin": "elsewhere" if chance.random() < 0.05 else "platform",
        "related_party": "yes" if chance.random() < 0.02 else "no",
        "status": "submitted",
        "submitted_on": day.isoformat(),
    }
    yield day, row
    if chance.random() < 0.02:
        yield day + timedelta(days=2), row | {"status": "cancelled"}
        return
    released = day + timedelta(days=chance.randrange(1, 6))
    row = row | {"status": "released", "released_on": released.isoformat()}
    yield released, row
    is_returned = chance.random() < 0.04
    if chance.random() < 0.9:
        refunded = released + timedelta(days=chance.randrange(20, 70))
        row = row | {"tax_refund_paid_on": refunded.isoformat()}
        yield refunded, row
    if is_returned:
        returned = released + timedelta(days=chance.randrange(10, 100))
        part = amount if chance.random() < 0.5 else round(max(1.0, amount * chance.random()), digits)
        back = {"status": "returned", "returned_on": returned.isoformat(), "returned_amount": f"{part:.{digits}f}"}
        yield returned + timedelta(days=chance.choice((0, 0, 15))), row | back


def loans(number: int, seed: int = SEED) -> Iterator[Loan]:
    """The loans of a firm that exports enough to borrow: none, one or two, from any bank."""
    borrower, chance = firm(number, seed), _chance(seed, "loans", number)
    if borrower.yearly_usd / 2 >= LEAST_TO_BORROW:
        for n in range(chance.choice((0, 1, 1, 2))):
            yield loan(f"{borrower.ref}-l{n}", borrower, chance)


def loan(ref: str, borrower: Firm, chance: random.Random) -> Loan:
    limit = min(1_000_000_000, borrower.yearly_usd * 50)
    principal = max(100_000, chance.randrange(limit // 10, limit + 1))
    months, drawn_on = chance.choice((1, 3, 6, 6, 12, 12, 24)), BEGAN + timedelta(days=chance.randrange(300))
    rate_bp, method = chance.randrange(400, 1_800, 5), chance.choice(METHODS)
    return Loan(
        loan_ref=ref,
        exporter_ref=borrower.ref,
        bank_id=chance.choice(BANKS),
        principal=principal,
        rate_bp=rate_bp,
        method=method,
        day_count=chance.choice(DAY_COUNTS),
        months=months,
        drawn_on=drawn_on.isoformat(),
        holidays=chance.choice(HOLIDAYS),
        interest_moves=chance.random() < 0.3,
        events=_events(ref, principal, rate_bp, months, drawn_on, borrower.punctuality, chance),
    )


def _events(
    ref: str, principal: int, rate_bp: int, months: int, drawn_on: date, punctuality: float, chance: random.Random
) -> list[dict[str, Any]]:
    """Payments of about an instalment each, on time, early, late, in parts, too much or never; a pause; a payment taken back and made again.

    Told late now and then, and so not in the order of value dates.
    """
    events, about = [], principal // months + principal * rate_bp // 120_000
    for n in range(1, months + 1):
        on = drawn_on + timedelta(days=30 * n + chance.randrange(-1, 3))
        if chance.random() > punctuality:
            on += timedelta(days=chance.choice((2, 5, 20, 45, 100)))
        parts = (about,) if chance.random() < 0.85 else (about // 3, about - about // 3)
        for part, minor in enumerate(parts):
            received = {
                "type": "repayment.received",
                "bank_ref": f"{ref}-r{n}.{part}",
                "value_date": (on + timedelta(days=4 * part)).isoformat(),
                "amount": max(1, int(minor * chance.choice((1, 1, 1, 1, 0.9, 1.2)))),
            }
            events.append((on + timedelta(days=4 * part + chance.choice((0, 0, 0, 10))), received))
            if chance.random() < 0.03:
                events += _charged_back(received, on + timedelta(days=16))
    if chance.random() < 0.1:
        start = drawn_on + timedelta(days=chance.randrange(20, 30 * months + 20))
        end = start + timedelta(days=chance.randrange(5, 30))
        events.append((start, {"type": "hardship.granted", "from": start.isoformat(), "to": end.isoformat()}))
    return [{**each, "told_on": day.isoformat()} for day, each in sorted(events, key=lambda event: event[0])]


def _charged_back(received: dict[str, Any], on: date) -> Sequence[tuple[date, dict[str, Any]]]:
    again, ref = on + timedelta(days=3), received["bank_ref"]
    return (
        (on, {"type": "repayment.reversed", "original_bank_ref": ref, "amount": received["amount"]}),
        (again, {**received, "bank_ref": f"{ref}-again", "value_date": again.isoformat()}),
    )


def _registration_no(region: str, chance: random.Random) -> str:
    """A unified social credit code whose last character agrees with the others (GB 32100)."""
    code = f"91{region}0000" + "".join(chance.choices(_CODE, k=9))
    weighted = sum(_CODE.index(each) * pow(3, place, 31) for place, each in enumerate(code))
    return code + _CODE[-weighted % 31]


def _chance(seed: int, *of: object) -> random.Random:
    return random.Random(f"{seed}:{of}")


def _options(arguments: Sequence[str]) -> tuple[str, int, int]:
    """What of how many firms by which seed. Exits with how to ask."""
    what, options = arguments[0] if arguments else "firms", {"FIRMS": str(FIRMS), "SEED": str(SEED)}
    for each in arguments[1:]:
        name, _, value = each.partition("=")
        if name not in options or not value.isdecimal():
            sys.exit(__doc__)
        options[name] = value
    if what not in ("firms", "declarations", "loans"):
        sys.exit(__doc__)
    return what, int(options["FIRMS"]), int(options["SEED"])


def main(arguments: Sequence[str]) -> None:
    what, count, seed = _options(arguments)
    print(f"Invented: {what} of {count:,} firms, seed {seed}. None of them exists.", file=sys.stderr)
    if what == "declarations":
        table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        table.writeheader()
        for number in range(count):
            table.writerows(declarations(number, seed))
        return
    for number in range(count):
        for each in loans(number, seed) if what == "loans" else [firm(number, seed)]:
            print(json.dumps({"invented": True, **each._asdict()}))


if __name__ == "__main__":
    main(sys.argv[1:])
