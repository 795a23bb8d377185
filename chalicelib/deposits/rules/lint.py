"""What is wrong with a rulebook, and what its author should know before publishing it. Pure.

Errors refuse: the book contradicts itself or leaves a case without an answer. Warnings are named paradoxes: the book says them
plainly, and few authors expect them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final, Literal

import msgspec

from chalicelib.deposits.rules.book import NEVER, Group, Terms, Tier
from chalicelib.shared.fx import DEPOSIT_CURRENCY
from chalicelib.shared.iso_codes import DIGITS
from chalicelib.shared.money import printed
from chalicelib.shared.texts import Text, say

Level = Literal["error", "warning"]
Code = Literal[
    "blind_days",
    "category_unmapped",
    "cliff",
    "count_basis_unsupported",
    "currency_without_figures",
    "debtors_frozen",
    "freeze_for_ever",
    "grace_counts_as_debt",
    "group_without_category",
    "idle_frozen_at_zero",
    "ladder_before_due",
    "ladder_not_rising",
    "no_default_group",
    "no_such_group",
    "risk_above_cap",
    "row_decreasing",
    "row_length",
    "tie_ambiguity",
    "tier_empty",
    "tier_never_reached",
    "tier_without_effect",
    "tiers_end",
    "tiers_not_contiguous",
    "tiers_not_from_1",
    "unknown_currency",
]

CLIFF_MINOR: Final = 500_000
"""One more order that costs as much as this is worth a warning: 5,000 CNY."""
REACHABLE: Final = 10_000_000
"""More orders in 30 days than any shop has had."""


class Finding(msgspec.Struct, frozen=True):
    """One thing found: a stable code, the place in the terms, and the sentence for its author."""

    level: Level
    code: str
    where: str
    text: Text


def lint(terms: Terms, categories: Iterable[str] = ()) -> list[Finding]:
    """Everything found, errors first. `categories` are level-1 categories that are known to be traded."""
    findings = [finding for check in _CHECKS for finding in check(terms)]
    findings += _unmapped(terms, categories)
    return sorted(findings, key=lambda finding: finding.level)


def _tiers(terms: Terms) -> Iterator[Finding]:
    if terms.tiers[0].least != 1:
        yield _error(
            "tiers_not_from_1",
            "tiers[0]",
            say("The first tier begins at {least}, not at 1.", least=terms.tiers[0].least),
        )
    if terms.tiers[-1].most is not None:
        yield _error(
            "tiers_end",
            f"tiers[{len(terms.tiers) - 1}]",
            say("The last tier has an upper edge: beyond it there is no answer."),
        )
    for place, (lower, upper) in enumerate(pairwise(terms.tiers)):
        if lower.most is None or upper.least != lower.most + 1:
            yield _error("tiers_not_contiguous", f"tiers[{place + 1}]", _gap(lower, upper))
    for place, tier in enumerate(terms.tiers):
        if tier.most is not None and tier.most < tier.least:
            yield _error(
                "tier_empty",
                f"tiers[{place}]",
                say("The tier from {least} to {most} holds nothing.", least=tier.least, most=tier.most),
            )


def _gap(lower: Tier, upper: Tier) -> Text:
    if lower.most is None:
        return say("A tier begins at {least} after one without an end.", least=upper.least)
    return say("A tier begins at {least} after one that ends at {most}.", least=upper.least, most=lower.most)


def _rows(terms: Terms) -> Iterator[Finding]:
    for name, group in terms.groups.items():
        where = f"groups.{name}"
        if len(group.amounts_minor) != len(terms.tiers):
            yield _error(
                "row_length",
                where,
                say(
                    "{name} has {amounts} amounts for {tiers} tiers.",
                    name=name,
                    amounts=len(group.amounts_minor),
                    tiers=len(terms.tiers),
                ),
            )
        for place, (lower, upper) in enumerate(pairwise(group.amounts_minor)):
            if upper < lower:
                yield _error(
                    "row_decreasing",
                    f"{where}.amounts_minor[{place + 1}]",
                    say(
                        "{name} asks {larger} of a larger shop and {smaller} of a smaller one.",
                        name=name,
                        larger=_money(terms, upper),
                        smaller=_money(terms, lower),
                    ),
                )


def _mapping(terms: Terms) -> Iterator[Finding]:
    if terms.default_group not in terms.groups:
        yield _error("no_default_group", "default_group", say("There is no group {group}.", group=terms.default_group))
    for category, group in terms.categories.items():
        if group not in terms.groups:
            yield _error(
                "no_such_group",
                f"categories.{category}",
                say("{category} is in {group}, which is not described.", category=category, group=group),
            )


def _currency(terms: Terms) -> Iterator[Finding]:
    if terms.currency not in DIGITS:
        yield _error(
            "unknown_currency", "currency", say("{currency} is no currency this system knows.", currency=terms.currency)
        )
    elif terms.currency != DEPOSIT_CURRENCY:
        detail = say(
            "The day-book keeps what deposits are decided on in {kept}, not in {currency}.",
            kept=DEPOSIT_CURRENCY,
            currency=terms.currency,
        )
        yield _error("currency_without_figures", "currency", detail)


def _count_basis(terms: Terms) -> Iterator[Finding]:
    if terms.count_basis != "kept":
        yield _error(
            "count_basis_unsupported",
            "count_basis",
            say(
                "{basis} is not supported: orders that were closed or fully refunded are not known any more. Write kept.",
                basis=terms.count_basis,
            ),
        )


def _dunning_stages(terms: Terms) -> Iterator[Finding]:
    for place, (lower, upper) in enumerate(pairwise(terms.dunning_stages)):
        if upper.after_hours <= lower.after_hours:
            yield _error(
                "ladder_not_rising",
                f"dunning_stages[{place + 1}]",
                say("{upper} comes no later than {lower}.", upper=upper.restriction, lower=lower.restriction),
            )
    if terms.dunning_stages and terms.dunning_stages[0].after_hours < terms.pay_within_hours:
        yield _error(
            "ladder_before_due",
            "dunning_stages[0]",
            say(
                "{restriction} comes after {hours} hours, before the {pay_within} hours to pay are over.",
                restriction=terms.dunning_stages[0].restriction,
                hours=terms.dunning_stages[0].after_hours,
                pay_within=terms.pay_within_hours,
            ),
        )


def _risks(terms: Terms) -> Iterator[Finding]:
    for name, risk in terms.risks.items():
        if risk.amount_minor > terms.risk_cap_minor:
            yield _error(
                "risk_above_cap",
                f"risks.{name}",
                say("{name} alone is more than the cap of {cap}.", name=name, cap=_money(terms, terms.risk_cap_minor)),
            )


def _cliffs(terms: Terms) -> Iterator[Finding]:
    for name, group in terms.groups.items():
        for tier, lower, upper in _edges(terms, group):
            if upper - lower >= CLIFF_MINOR:
                yield _warning(
                    "cliff",
                    f"groups.{name}",
                    say(
                        "In {name} one more than {most} costs {step}.",
                        name=name,
                        most=tier.most,
                        step=_money(terms, upper - lower),
                    ),
                )


def _frozen_for_ever(terms: Terms) -> Iterator[Finding]:
    if terms.clamp == "none":
        return
    yield _warning(
        "debtors_frozen",
        "clamp",
        say("A shop in arrears never falls, however little it sells: only paying lets its base fall."),
    )
    if terms.clamp == "asymmetric_2023":
        yield _warning(
            "freeze_for_ever",
            "clamp",
            say(
                "A shop without arrears never rises: a book that raises amounts, and growth itself, reach no compliant seller."
            ),
        )
        if terms.idle_policy == "zero":
            yield _warning(
                "idle_frozen_at_zero",
                "idle_policy",
                say(
                    "After one idle window a compliant shop stays at 0 for ever: it does not await its first trade again."
                ),
            )


def _blind_days(terms: Terms) -> Iterator[Finding]:
    if terms.window == "days30":
        yield _warning(
            "blind_days",
            "window",
            say(
                "Between two 6ths lie 28 to 31 days and the window has 30: the 6th of each month with 31 days is never counted, and 2 days around February are counted twice."
            ),
        )


def _ties(terms: Terms) -> Iterator[Finding]:
    if terms.category_rank == "orders" and len({group.amounts_minor for group in terms.groups.values()}) > 1:
        yield _warning(
            "tie_ambiguity",
            "category_rank",
            say(
                "Small shops often have as many orders in one category as in another: then the amount decides, then the lower tier amount."
            ),
        )


def _unreachable(terms: Terms) -> Iterator[Finding]:
    for place, tier in enumerate(terms.tiers):
        if terms.tier_axis == "orders" and tier.least > REACHABLE:
            yield _warning(
                "tier_never_reached",
                f"tiers[{place}]",
                say("No shop sells {least} orders in the window.", least=tier.least),
            )
    for place, (lower, upper) in enumerate(pairwise(range(len(terms.tiers)))):
        rows = [group.amounts_minor for group in terms.groups.values() if len(group.amounts_minor) == len(terms.tiers)]
        if rows and all(row[lower] == row[upper] for row in rows):
            yield _warning(
                "tier_without_effect",
                f"tiers[{place + 1}]",
                say("Every group asks the same in this tier as in the one before."),
            )
    unused = set(terms.groups) - set(terms.categories.values()) - {terms.default_group}
    for name in sorted(unused):
        yield _warning("group_without_category", f"groups.{name}", say("No category is in {name}.", name=name))


def _scopes(terms: Terms) -> Iterator[Finding]:
    if terms.debt_test == "shortfall" and terms.clamp != "none":
        yield _warning(
            "grace_counts_as_debt",
            "debt_test",
            say(
                "A bill of the day before the 6th counts as arrears although {hours} hours to pay it have just begun.",
                hours=terms.pay_within_hours,
            ),
        )


def _unmapped(terms: Terms, categories: Iterable[str]) -> Iterator[Finding]:
    for category in sorted(set(categories) - set(terms.categories)):
        yield _error(
            "category_unmapped",
            f"categories.{category}",
            say("{category} is traded and not in the book.", category=category),
        )


def _edges(terms: Terms, group: Group) -> Iterator[tuple[Tier, int, int]]:
    """Each tier but the last, with its amount and that of the next."""
    for tier, (lower, upper) in zip(terms.tiers, pairwise(group.amounts_minor), strict=False):
        if tier.most is not None and tier.most < NEVER:
            yield tier, lower, upper


def _money(terms: Terms, minor: int) -> str:
    return printed(minor, terms.currency) if terms.currency in DIGITS else str(minor)


def _error(code: Code, where: str, detail: Text) -> Finding:
    return Finding("error", code, where, detail)


def _warning(code: Code, where: str, detail: Text) -> Finding:
    return Finding("warning", code, where, detail)


_CHECKS: Final[tuple[Callable[[Terms], Iterator[Finding]], ...]] = (
    _currency,
    _tiers,
    _rows,
    _mapping,
    _count_basis,
    _dunning_stages,
    _risks,
    _cliffs,
    _frozen_for_ever,
    _blind_days,
    _ties,
    _unreachable,
    _scopes,
)
