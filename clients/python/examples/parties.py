"""Who acts in the examples: an officer, a buyer and a supplier of the world that `make run` begins with."""

import os

from surety_client import Surety

URL = os.environ.get("SURETY_URL", "http://127.0.0.1:8000")


def officer(*duties: str) -> Surety:
    return Surety.in_sandbox(URL, "officer", "examples", *(duties or ("admin",)))


def member(external_ref: str) -> tuple[str, Surety]:
    """The id of a member, and the API as that member sees it."""
    [registered] = officer().members.list(external_ref=external_ref)
    return registered.id, Surety.in_sandbox(URL, "member", registered.id)


BUYER_ID, buyer = member("hansa-moebel")
SUPPLIER_ID, supplier = member("lantern-works")
