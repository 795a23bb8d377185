"""A version of the rules beside the one in force, as officers see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.monitoring.rules.finding import Rule
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.monitoring.rules.shadow import TUNED, Difference, MonthSums, Report, RuleSums, Sums, Trial
from chalicelib.runs.rules import Run, RunStatus
from chalicelib.shared.files import Link
from chalicelib.shared.ranges import PastDay
from chalicelib.shared.views import view_of


class ShadowRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to try out beside the version in force: another that was announced, or either with `changes` as RFC 7396 (JSON Merge Patch) has them."""

    from_: PastDay = msgspec.field(name="from")
    until: PastDay
    """The last day, yesterday at the latest."""
    version: Annotated[str, Meta(pattern=r"^[!-~]{1,20}$(?!\n)")] | None = None
    """The one in force where it is left out."""
    changes: dict[str, Any] = {}
    """What would be different, in the form of the policy, as RFC 7396 merges it."""
    one_in: Annotated[int, Meta(ge=1, le=1_000)] = 1
    """Of so many loans one is replayed, always the same ones."""


class MonthSumsView(msgspec.Struct, frozen=True, kw_only=True):
    """Alarms that began in a month. `right`: a default followed within 180 days; `wrong`: none did; `open`: the past ends before."""

    alarms: int
    right: int
    wrong: int
    open: int
    precision_bp: int | None
    """The right ones of those that are not open."""


class RuleSumsView(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule of a version came to."""

    alarms: int
    amber: int
    red: int
    judged_days: int
    alarms_per_year_milli: int | None
    """In thousandths, of a firm that can be judged all year; null where none was judged."""
    all_months: MonthSumsView
    warned: int
    """Defaults before which it had raised an alarm."""
    median_lead_days: int | None
    months: dict[str, MonthSumsView]


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    rule: Rule
    in_force: RuleSumsView
    shadow: RuleSumsView


class ShadowReportView(msgspec.Struct, frozen=True, kw_only=True):
    """`changed` loans have other alarms under the shadow; the first hundred differences are listed, the others are in `loans.csv`."""

    loans: int
    defaults: int
    changed: int
    rules: list[RuleView]
    differences: list[Difference]


class ShadowView(msgspec.Struct, frozen=True, kw_only=True):
    """The files are `rules.csv`, `loans.csv` and `alarms.svg`; links are made for each answer and soon expire."""

    id: str
    version: int
    status: RunStatus
    from_on: date
    until: date
    in_force: str
    """The hash of the version in force."""
    one_in: int
    rules: Policy
    shards: int
    shards_done: int
    report: ShadowReportView | None
    files: list[Link]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[str]


def view(run: Run, trial: Trial, report: Report | None, links: Sequence[Link], shards_done: int) -> ShadowView:
    return view_of(
        ShadowView,
        run,
        from_on=trial.from_on,
        until=trial.until,
        in_force=trial.in_force,
        one_in=trial.one_in,
        rules=trial.rules,
        shards_done=shards_done,
        report=_report(report) if report else None,
        files=list(links),
        allowed_actions=[],
        deadlines=[],
    )


def rule_rows(sums: Sums) -> Iterator[Sequence[str | int]]:
    """A line for each rule, version and month, and before them one of all months together."""
    yield (
        *("rule", "version", "month", "alarms", "right", "wrong", "open", "precision_bp"),
        *("amber", "red", "judged_days", "alarms_per_year_milli", "warned", "median_lead_days"),
    )
    for rule in TUNED:
        for name, of in (("in_force", sums.in_force[rule]), ("shadow", sums.shadow[rule])):
            rates = (_or_empty(of.alarms_per_year_milli), of.warned, _or_empty(of.median_lead_days))
            yield (rule, name, "", *_month_cells(of.all_months), of.amber, of.red, of.judged_days, *rates)
            for month, sums_of_month in sorted(of.months.items()):
                yield (rule, name, month, *_month_cells(sums_of_month), *[""] * 6)


def loan_rows(differences: Iterable[Difference]) -> Iterator[Sequence[str | int]]:
    yield Difference.__struct_fields__
    for difference in differences:
        yield [value if isinstance(value, int) else str(value or "") for value in msgspec.structs.astuple(difference)]


def _report(report: Report) -> ShadowReportView:
    sums = report.sums
    return ShadowReportView(
        loans=sums.loans,
        defaults=sums.defaults,
        changed=sums.changed,
        rules=[
            RuleView(rule=rule, in_force=_sums(sums.in_force[rule]), shadow=_sums(sums.shadow[rule])) for rule in TUNED
        ],
        differences=list(report.differences),
    )


def _sums(sums: RuleSums) -> RuleSumsView:
    return view_of(RuleSumsView, sums)


def _month_cells(of: MonthSums) -> tuple[int | str, ...]:
    return of.alarms, of.right, of.wrong, of.open, _or_empty(of.precision_bp)


def _or_empty(value: int | None) -> int | str:
    return "" if value is None else value
