"""What a command on a profile costs: one read, one transaction, and one more read where an old key is opened."""

from __future__ import annotations

from chalicelib.firms.examples import ACCOUNT, ERASE, SIGNER
from tests.firms.office import Office, office
from tests.round_trips import calls

__all__ = ["office"]


def test_a_command_is_one_read_and_one_transaction(office: Office) -> None:
    office.register()
    with calls() as adding:
        person_id = office.person()
    assert adding == ["GetItem", "TransactWriteItems"]
    with calls() as changing:
        office.do(f"people/{person_id}/change", SIGNER)
    assert changing == ["GetItem", "BatchGetItem", "TransactWriteItems"]
    with calls() as banking:
        office.do("settlement-accounts", ACCOUNT)
    assert banking == ["GetItem", "BatchGetItem", "TransactWriteItems"]
    with calls() as erasing:
        office.do(f"people/{person_id}/erase", ERASE)
    assert erasing == ["GetItem", "TransactWriteItems"]
