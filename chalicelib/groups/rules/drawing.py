"""A member that draws in its group: under which guarantee, and behind whom. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.groups.rules.group import Group
from chalicelib.groups.rules.position import DrawInGroup, DrawingSeat, Gate, draw_terms
from chalicelib.groups.rules.rule_sheet import SheetVersion
from chalicelib.groups.rules.sheet_handling import guarantee_of
from chalicelib.shared.errors import Conflict, NotFound
from chalicelib.shared.texts import say, term


class NotOfGroup(NotFound):
    code = "not_of_the_group"
    title = "The firm has no seat in that group."
    fix = "Name the group that the firm stands in: GET /v1/guarantee-groups."


class GroupTakesNoDraws(Conflict):
    code = "group_takes_no_draws"
    title = "The group takes no draws at present."
    fix = "Read the group: draws go on when it is sealed or active again."


class SeatHeld(Conflict):
    code = "seat_held"
    title = "The firm's own draws are held."
    fix = "Pay what is overdue, or the share of the call that was missed; or take back the proposal by which you would leave."


CANNOT_DRAW: Final = (NotOfGroup, GroupTakesNoDraws, SeatHeld)
"""Why a member cannot draw, whatever the amount: for the endpoints that ask."""


def drawing_seat(group: Group, version: SheetVersion | None, member_id: str) -> DrawingSeat:
    """The member as it draws now, under the sheet in force. NotOfGroup, GroupTakesNoDraws or SeatHeld where it cannot, whatever the amount."""
    seat, terms = group.seat_of(member_id), draw_terms(group)
    if seat is None or not seat.is_standing:
        raise NotOfGroup(say("{member_id} has no seat in {id}.", member_id=member_id, id=group.id))
    if not terms.is_open:
        raise GroupTakesNoDraws(
            say("The group is {status}.", status=term("status", group.status)), group_status=group.status
        )
    if seat.number in terms.held:
        raise SeatHeld(
            say(
                "The seat {number} is {status}.",
                number=seat.number,
                status=term("status", "leaving" if seat.number in group.leaving else seat.status),
            ),
            seat_status=seat.status,
        )
    assert version is not None, "a sealed group has a sheet"
    return DrawingSeat(
        guarantee=guarantee_of(group, version, seat.number),
        product_id=group.product_id,
        terms=terms,
        group_limit_minor=version.sheet.limit_minor,
        seat_limit_minor=version.sheet.of(seat.number).limit_minor,
        gate=_gate(version, seat.number),
        repayment_days=version.sheet.repayment_days,
    )


def draw(drawing: DrawingSeat, minor: int) -> DrawInGroup:
    """The effect of a draw that is asked for."""
    terms = drawing.guarantee
    return DrawInGroup(group_id=terms.group_id, seat=terms.seat, pending_minor=minor, loans=1, drawing=drawing)


def _gate(version: SheetVersion, seat: int) -> Gate | None:
    """Who has to have paid before: the seat ahead in the draw order, of those that may draw at all."""
    sheet = version.sheet
    order = [number for number in sheet.draw_order if sheet.of(number).limit_minor]
    place = order.index(seat) if seat in order else 0
    if not place or not sheet.punctual_payments:
        return None
    return Gate(after=order[place - 1], needed=sheet.punctual_payments)
