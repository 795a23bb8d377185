"""Exporters that borrow: one whose loan is late, one with two offers to choose from, one that the banks have not decided about."""

from __future__ import annotations

from typing import Any, Final

from infra.local.borrower import FIRM, SIGNER, Borrower
from infra.local.sample.bank import SampleBank, minor
from infra.local.sample.world import World, cny

RATES: Final = {"ccb": 1_080, "cmb": 1_150}
"""What each bank asks a year, in hundredths of a percent."""
FIRMS: Final = (
    ("haimen-lamps", "Haimen Lamps Co., Ltd.", "Chen Yulan"),
    ("xiangshan-knits", "Xiangshan Knits Co., Ltd.", "Wu Min"),
    ("fenghua-sockets", "Fenghua Sockets Co., Ltd.", "Zhou Lan"),
)


def open_banks(world: World) -> dict[str, SampleBank]:
    banks = {bank_id: SampleBank(world, bank_id, rate_bp) for bank_id, rate_bp in RATES.items()}
    world.banks.extend(banks.values())
    return banks


def register(world: World, banks: dict[str, SampleBank]) -> list[Borrower]:
    """Firms with a verified profile and half a year of declarations, which let banks see what they ask for."""
    firms = [_firm(world, banks, number) for number in range(len(FIRMS))]
    for firm in firms:
        firm.consent("profile", "exports", "activity", "score")
    return firms


def lend(firms: list[Borrower]) -> None:
    """One has drawn twice, one compares offers, one has just applied."""
    borrows, compares, applies = firms
    application_id, _ = borrows.apply(cny("400000.00"))
    agreement_id, _ = borrows.choose(application_id)
    borrows.sign(agreement_id)
    for amount in ("120000.00", "60000.00"):
        borrows.until_is(borrows.draw(amount), "current")
    compares.apply(cny("250000.00"))
    applies.hand_in(cny("90000.00"))


def repay(banks: dict[str, SampleBank], firms: list[Borrower]) -> None:
    """Days later one loan is paid what was due on it; the other is not."""
    _, paid = firms[0].loans
    [first, *_] = firms[0].loan(paid)["standing"]["schedule"]
    banks[firms[0].bank_id].act("/payments", {"loan_id": paid, "amount": minor(first["unpaid"])})
    firms[0].client.until(lambda: not minor(firms[0].loan(paid)["standing"]["overdue"]), "The payment was not taken")


def _firm(world: World, banks: Any, number: int) -> Borrower:
    ref, name, signer = FIRMS[number]
    firm = Borrower(world, world.officer, ref, banks)
    person = SIGNER | {"name": signer, "id_number": f"33020019750101010{number}", "email": f"office@{ref}.example"}
    registered = FIRM | {"name": name, "registration_no": f"91330200MA2AAAB{number}1A"}
    firm.register(registered, person | {"phone": f"+86 574 5555 020{number}"}, f"622202020011244{number}")
    firm.export()
    world.ids[ref] = firm.id
    return firm
