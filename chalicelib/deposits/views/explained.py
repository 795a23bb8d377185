"""A deposit with its working, and a deposit as it would be."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.deposits.rules.explanation import Explanation
from chalicelib.deposits.rules.what_if import WhatIf
from chalicelib.deposits.views.deposit import DepositView
from chalicelib.shared.money import Money
from chalicelib.shared.texts import Text
from chalicelib.shared.views import view_of


class ExplanationsView(msgspec.Struct, frozen=True, kw_only=True):
    """`last`: the month that changed the base last. `month`: the latest that was decided, whether it changed anything or not.
    `coming`: what the next cut-off brings on what is known now.
    """

    last: Explanation | None
    month: Explanation | None
    coming: Explanation


class ExplainedDepositView(DepositView, frozen=True, kw_only=True):
    """The deposit with the working of its base."""

    explanation: ExplanationsView


class DepositAdviceView(msgspec.Struct, frozen=True, kw_only=True):
    """The cheapest thing to do before `by`."""

    action: Literal["pay", "nothing"]
    pay: Money
    by: datetime
    base: Money
    saved: Money
    text: Text


class SimulationOfDepositView(msgspec.Struct, frozen=True, kw_only=True):
    """The coming cut-off as things are, and with what was asked about: by the function that will decide it."""

    seller_id: str
    period: str
    cut_off_at: datetime
    as_is: Explanation
    then: Explanation
    advice: DepositAdviceView


def explained(
    shown: DepositView, *, last: Explanation | None, month: Explanation | None, coming: Explanation
) -> ExplainedDepositView:
    explanation = ExplanationsView(last=last, month=month, coming=coming)
    return view_of(ExplainedDepositView, shown, explanation=explanation)


def simulation(seller_id: str, what_if: WhatIf, as_is: Explanation, then: Explanation) -> SimulationOfDepositView:
    advice = view_of(DepositAdviceView, what_if.advice, what_if.book.terms.currency)
    return view_of(SimulationOfDepositView, what_if, seller_id=seller_id, as_is=as_is, then=then, advice=advice)
