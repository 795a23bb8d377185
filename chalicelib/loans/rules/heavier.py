"""Whether another schedule is heavier than the one in force, which binds a guarantor only with its own consent. Pure.

Civil Code, article 695: creditor and debtor may change their contract, and a guarantor that has not agreed in writing does not answer for what
became heavier; another term leaves the guarantee period as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.loans.rules.loan import Heavier, PlannedInstalment
from chalicelib.loans.rules.payoff import outlook
from chalicelib.loans.rules.position import Position


def heavier(planned: Sequence[PlannedInstalment], position: Position) -> Heavier | None:
    """What a schedule for all that is lent asks for beyond the one in force: more money in all, or a later end. None where neither.

    A higher rate is more money. A minor unit for each instalment is rounding. What is overdue besides principal is owed either way.
    """
    ahead = [each for each in position.portions if each.due_on > position.on]
    overdue_principal = position.principal_minor - sum(each.unpaid_principal_minor for each in ahead)
    in_force = outlook(position).total_minor - position.due_minor + overdue_principal
    more = sum(each.principal + each.interest + each.fee for each in planned) - in_force
    ends_on = planned[-1].due_date
    is_later = not ahead or ends_on > ahead[-1].due_on
    if more <= len(ahead) and not is_later:
        return None
    return Heavier(minor=max(0, more), is_later=is_later)
