"""Monthly statements of lines, worked out from their loans when they are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.rules.line import Line
from chalicelib.credit.rules.schedule import statement_due_on, statement_on
from chalicelib.loans import records
from chalicelib.loans.rules import statements
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.statements import NoStatement
from chalicelib.loans.views.statement import LineStatementQuery, LineStatementView, line_statement_view
from chalicelib.shared.periods import business_date, months_before
from chalicelib.shared.request import RequestContext
from chalicelib.shared.tables import AT_ONCE
from chalicelib.shared.texts import say


def line_statement(line_id: str, query: LineStatementQuery, request: RequestContext) -> LineStatementView:
    """The last statement of a line until a day. NoStatement where there is none yet, or the line has none."""
    loaded, _ = LINES.read(line_id, request)
    line, product = loaded.state, loaded.context.product
    yesterday = business_date(request.now) - timedelta(days=1)
    on = _last(line, product.statement_day, min(query.on or yesterday, yesterday))
    due_on = statement_due_on(on, product.grace_days)
    statement = statements.statement(_loans_of(line), product, months_before(on, 1), on, due_on)
    return line_statement_view(line, statement)


def _last(line: Line, statement_day: int, until: date) -> date:
    """The day of the last statement that is over by then."""
    if not statement_day or line.activated_at is None:
        raise NoStatement(say("{id} has no statements.", id=line.id))
    first = statement_on(statement_day, business_date(line.activated_at))
    last = months_before(statement_on(statement_day, until + timedelta(days=1)), 1)
    if last < first:
        raise NoStatement(say("The first one is of {first}.", first=first), earliest=first.isoformat())
    return last


def _loans_of(line: Line) -> Iterator[Loan]:
    """What was drawn on a line, in no order that means anything."""
    names = records.ids("by_member", line.member_id, None)
    while some := list(islice(names, AT_ONCE)):
        known = records.REPOSITORY.load_all(some)
        yield from (loan for _, loan in sorted(known.items()) if loan.line_id == line.id)
