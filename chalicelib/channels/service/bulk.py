"""Nominations out of a file: each row is a draft of the agency that opened the import, once however often it is worked on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.channels.aggregate.nominations import NOMINATIONS
from chalicelib.channels.rules import nomination_file
from chalicelib.channels.rules.nomination_file import NominationFact
from chalicelib.channels.rules.nomination_machine import CategoryNotInChannel
from chalicelib.channels.service import nominations
from chalicelib.channels.service.nominations import ChannelTakesNobody, NominatedAlready
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.service.file_kinds import FileKind
from chalicelib.shared import clock
from chalicelib.shared.commit import idempotent
from chalicelib.shared.errors import NotFound
from chalicelib.shared.request import Caller, RequestContext


def record(facts: Sequence[NominationFact], by: Caller) -> list[Outcome]:
    """What became of each row, in the order given."""
    return [_record(fact, by) for fact in facts]


def _record(fact: NominationFact, by: Caller) -> Outcome:
    request = RequestContext(caller=by, now=clock.now(), request_id=fact.source)
    request = request.derived("nomination", fact.source, fact.source)
    try:
        idempotent(request, lambda: nominations.propose(fact.channel_id, fact.details, None, request))
    except NominatedAlready as already:
        other = NOMINATIONS.repository.load(already.numbers["nomination_id"] or "nobody's")
        is_same = other is not None and other.details == fact.details
        return Outcome("known") if is_same else Outcome("refused", already.code, "registration_number")
    except CategoryNotInChannel as wrong:
        return Outcome("refused", wrong.code, "categories")
    except ChannelTakesNobody as closed:
        return Outcome("refused", closed.code, "channel_id")
    except NotFound:
        return Outcome("refused", "unknown_channel", "channel_id")
    return Outcome("new")


FILE: Final = FileKind[NominationFact](
    name="nominations",
    columns=nomination_file.COLUMNS,
    required=nomination_file.REQUIRED,
    reference="registration_number",
    fact=NominationFact,
    read=nomination_file.nomination_fact,
    record=record,
)
"""A file of nominations."""
