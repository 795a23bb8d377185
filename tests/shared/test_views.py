"""Views take the fields that they declare from states, amounts as money, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import msgspec
import pytest

from chalicelib.shared.money import Money
from chalicelib.shared.views import view_of

AT = datetime(2026, 11, 2, tzinfo=UTC)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    amount_minor: int


class Fee(msgspec.Struct, frozen=True, kw_only=True):
    minor: int
    currency: str


class State(msgspec.Struct, frozen=True, kw_only=True):
    id: str = "ord_1"
    status: str = "open"
    currency: str = "KRW"
    total_minor: int = 1500
    remaining_minor: int | None = None
    note: str = ""
    secret: str = "the risk score"
    parts: tuple[Part, ...] = (Part(name="deposit", amount_minor=500),)
    by_name: dict[str, Part] = msgspec.field(
        default_factory=lambda: {"deposit": Part(name="deposit", amount_minor=500)}
    )
    fee: Fee = Fee(minor=250, currency="USD")
    at: datetime = AT

    @property
    def is_over(self) -> bool:
        return self.status == "closed"

    def version(self) -> int:
        return 7


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    money: Money


class FeeView(msgspec.Struct, frozen=True, kw_only=True):
    money: Money


class StateView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: str | Literal["expired"]
    total: Money
    remaining: Money | None
    note: str | None
    parts: list[PartView]
    by_name: dict[str, PartView]
    fee: FeeView | None
    is_over: bool
    at: datetime
    hint: str = "none"


def won(minor: int) -> Money:
    return Money.of(minor, "KRW")


def test_fields_of_the_same_name_are_taken_and_amounts_become_money() -> None:
    assert view_of(StateView, State()) == StateView(
        id="ord_1",
        status="open",
        total=won(1500),
        remaining=None,
        note=None,
        parts=[PartView(name="deposit", money=won(500))],
        by_name={"deposit": PartView(name="deposit", money=won(500))},
        fee=FeeView(money=Money.of(250, "USD")),
        is_over=False,
        at=AT,
    )


def test_what_is_given_takes_the_place_of_what_the_state_says() -> None:
    view = view_of(StateView, State(remaining_minor=0), status="expired", hint="pay", total=won(1), parts=[], fee=None)
    assert (view.status, view.hint, view.total, view.remaining, view.parts, view.fee) == (
        "expired",
        "pay",
        won(1),
        won(0),
        [],
        None,
    )


def test_what_no_view_declares_is_not_shown() -> None:
    assert b"risk score" not in msgspec.json.encode(view_of(StateView, State()))


def test_a_currency_is_needed_only_where_the_state_has_none() -> None:
    part = Part(name="balance", amount_minor=1050)
    assert view_of(PartView, part, "USD").money == Money(amount="10.50", currency="USD")
    assert view_of(FeeView, Fee(minor=1050, currency="KRW"), "USD").money == won(1050)


def test_a_field_that_nobody_tells_is_a_fault_of_the_code() -> None:
    class Lacking(msgspec.Struct):
        owner: str

    with pytest.raises(TypeError, match=r"Lacking\.owner is neither given nor a field of State"):
        view_of(Lacking, State())


def test_a_method_is_no_field() -> None:
    class Versioned(msgspec.Struct):
        version: int

    with pytest.raises(TypeError, match=r"Versioned\.version"):
        view_of(Versioned, State())
