"""A verdict as people read it: its rules, the steps of its arithmetic and what is left to do, said in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from chalicelib.claims.rules.verdict.book import REMEDIES, RULES, MissedDuty, Step, StepName, Verdict
from chalicelib.shared.money import Money, grouped, printed
from chalicelib.shared.texts import Text, percentage, say
from chalicelib.shared.views import view_of


class RuleAppliedView(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, whether it holds for the case, and the numbers it was held against."""

    rule: str
    text: Text
    holds: bool
    numbers: dict[str, int | str]


class RemedyView(msgspec.Struct, frozen=True, kw_only=True):
    """What is left to somebody who did not get everything."""

    code: str
    text: Text


class VerdictView(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict, with every rule by its id, the numbers it was held against, and the arithmetic in words."""

    outcome: str
    approved: Money
    supplier_fault_percent: int
    findings: list[RuleAppliedView]
    arithmetic: list[Text]
    missed_duty: MissedDuty | None
    remaining_remedies: list[RemedyView]


def verdict_view(verdict: Verdict, steps: Iterable[Step], currency: str) -> VerdictView:
    """`steps` are the arithmetic of its draft."""
    return view_of(
        VerdictView,
        verdict,
        currency,
        findings=[view_of(RuleAppliedView, finding, text=RULES[finding.rule]) for finding in verdict.findings],
        arithmetic=[_sentence(step, currency) for step in steps],
        remaining_remedies=[
            RemedyView(code=each.code, text=REMEDIES[each.code]) for each in verdict.remaining_remedies
        ],
    )


class _Numbers:
    """The numbers of a step, as they stand in its sentence."""

    def __init__(self, step: Step, currency: str) -> None:
        self._numbers, self._currency = step.numbers, currency

    def plain(self, name: str) -> int:
        return self._numbers[name]

    def amount(self, name: str) -> str:
        return grouped(self._numbers[f"{name}_minor"], self._currency)

    def money(self, name: str) -> str:
        """An amount with its currency, as the last of a sum is written."""
        return printed(self._numbers[f"{name}_minor"], self._currency)

    def share(self, name: str) -> str:
        return percentage(self._numbers[f"{name}_bp"])


def _sentence(step: Step, currency: str) -> Text:
    return _STEPS[step.name](_Numbers(step, currency))


def _line(of: _Numbers) -> Text:
    return say(
        "line {line}: unshipped {unshipped} + shipped {shipped} × {share} ({days} days late) = {lost}",
        line=of.plain("line"),
        unshipped=of.amount("unshipped"),
        shipped=of.amount("shipped"),
        share=of.share("worth"),
        days=of.plain("days_late"),
        lost=of.money("lost"),
    )


def _inspected(of: _Numbers) -> Text:
    return say(
        "inspected: {price} × {share} = {worth}",
        price=of.amount("shippable"),
        share=of.share("share"),
        worth=of.amount("worth"),
    )


def _inspected_buyers_fault(of: _Numbers) -> Text:
    return say("{inspected}, all of it the buyer's", inspected=_inspected(of))


def _in_dispute(of: _Numbers) -> Text:
    return say(
        "in dispute: {asked} - {certain} that never left = {disputed}",
        asked=of.amount("asked"),
        certain=of.amount("certain"),
        disputed=of.amount("disputed"),
    )


def _supplier_share(of: _Numbers) -> Text:
    return say(
        "supplier's share: {certain} + {disputed} × {percent} % = {borne}",
        certain=of.amount("certain"),
        disputed=of.amount("disputed"),
        percent=of.plain("fault_percent"),
        borne=of.amount("borne"),
    )


def _documents(of: _Numbers) -> Text:
    return say(
        "documents: {price} × {share} = {worth}",
        price=of.amount("claimed"),
        share=of.share("worth"),
        worth=of.amount("worth"),
    )


def _approved(of: _Numbers) -> Text:
    return say(
        "approved: the least of {borne}, asked {asked}, ceiling {ceiling} = {approved}",
        borne=of.amount("borne"),
        asked=of.amount("requested"),
        ceiling=of.amount("ceiling"),
        approved=of.money("approved"),
    )


_STEPS: Final[Mapping[StepName, Callable[[_Numbers], Text]]] = {
    "line": _line,
    "inspected": _inspected,
    "inspected_buyers_fault": _inspected_buyers_fault,
    "in_dispute": _in_dispute,
    "lost": lambda of: say("lost on the way: {lost}", lost=of.amount("lost")),
    "documents": _documents,
    "shared": lambda of: say("in dispute: {disputed}", disputed=of.amount("disputed")),
    "supplier_share": _supplier_share,
    "approved": _approved,
}
