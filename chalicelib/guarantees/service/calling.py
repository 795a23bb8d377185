"""What the journal says that concerns calls on guarantors: of the loan they are about, of the group's other calls.

Everything here may run twice, late and in any order: a call is worked out from what is known now, each effect is named after its entry, and
what was applied before is not applied again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.groups.service import calls as group_calls
from chalicelib.guarantees.aggregate.calls import CALLS, context_of, with_facts
from chalicelib.guarantees.records import calls as records
from chalicelib.guarantees.rules import call_handling as handling
from chalicelib.guarantees.rules.call import Call, Certified, Context, Policy
from chalicelib.guarantees.rules.loan_facts import call_id_of
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules import calls as loan_calls
from chalicelib.loans.rules.loan import OWING, Loan
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.service import reading as loans_reading
from chalicelib.shared import policies
from chalicelib.shared.commit import Joined, retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext
