"""Names of things: a prefix, then 26 characters that sort by the moment they were made.

The alphabet is Crockford's base 32 (no I, L, O, U); the first ten characters are milliseconds, the rest is chance.
Names that must be the same whenever they are made come from `named`. What belongs to another thing by number
(a claim to its order) bears that thing's characters and the number: `clm_01JA…_02`.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import datetime
from typing import Final, NamedTuple

from chalicelib.shared.periods import to_ms

MEMBER: Final = "mem"
"""The prefix of a member's id, which is also the `sub` of its tokens."""


class Kind(NamedTuple):
    """What a prefix stands for: `name` as fields have it (`order_id`); the table of its records and the column that names one there.

    `owned`: its record is kept under the name of whom it belongs to. Without a table: it is written once, or part of another's record.
    """

    name: str
    table: str = ""
    key: str = ""
    owned: bool = False


KINDS: Final[dict[str, Kind]] = {
    "agr": Kind("agreement", "agreements", "agreement_id"),
    "alr": Kind("alert", "alerts", "alert_id"),
    "app": Kind("application", "applications", "application_id"),
    "asg": Kind("assignment"),
    "att": Kind("attempt"),
    "bev": Kind("event", "bank-events", "event_id"),
    "bnk": Kind("bank_feed", "bank-feeds", "feed_id"),
    "bks": Kind("bank_books", "bank-books", "books_id"),
    "brk": Kind("quarantine"),
    "cas": Kind("case", "cases", "case_id"),
    "chm": Kind("channel_membership", "channel-memberships", "membership_id"),
    "chn": Kind("channel", "channels", "channel_id"),
    "clm": Kind("claim", "claims", "claim_id"),
    "cns": Kind("consent", "consents", "consent_id"),
    "cor": Kind("correction"),
    "cpy": Kind("acquirer_payment", "acquirer-payments", "payment_id"),
    "dep": Kind("deposit", "deposits", "member_id", owned=True),
    "dlt": Kind("letter"),
    "doc": Kind("document"),
    "dpk": Kind("pack", "data-packs", "pack_id"),
    "ent": Kind("entry"),
    "evd": Kind("evidence"),
    "exp": Kind("declaration", "exports", "declaration_id"),
    "exposure": Kind("exposure", "exposures", "member_id"),
    "fed": Kind("feed"),
    "firm": Kind("firm", "firms", "member_id"),
    "gcl": Kind("call", "guarantee-calls", "call_id"),
    "grp": Kind("group", "groups", "group_id"),
    "hld": Kind("hold"),
    "imp": Kind("import", "runs", "run_id"),
    "inc": Kind("incentive", "incentives", "incentive_id"),
    "ins": Kind("instruction", "instructions", "instruction_id"),
    "inv": Kind("invitation"),
    "lin": Kind("line", "credit-lines", "line_id"),
    "lon": Kind("loan", "loans", "loan_id"),
    "lst": Kind("listing", "listings", "listing_id"),
    "mcl": Kind("member_claim", "member-claims", "member_claim_id"),
    "mem": Kind("member"),
    "msg": Kind("message"),
    "nom": Kind("nomination", "nominations", "nomination_id"),
    "ntc": Kind("delivery"),
    "obj": Kind("objection"),
    "off": Kind("offer"),
    "ofr": Kind("credit_offer", "offers", "offer_id"),
    "ord": Kind("order", "orders", "order_id"),
    "pay": Kind("payment"),
    "pen": Kind("penalty"),
    "per": Kind("person"),
    "pol": Kind("pool", "risk-pools", "pool_id"),
    "pro": Kind("pre_offer", "pre-offers", "pre_offer_id"),
    "prp": Kind("proposal"),
    "prt": Kind("portfolio"),
    "prv": Kind("preview"),
    "qot": Kind("quote", "quotes", "quote_id"),
    "rbk": Kind("rulebook"),
    "rcb": Kind("receivable", "receivables", "receivable_id"),
    "rci": Kind("item", "reconciliation-items", "item_id"),
    "rcv": Kind("recovery", "recoveries", "recovery_id"),
    "rdg": Kind("reading"),
    "req": Kind("request"),
    "rpt": Kind("report", "peer-reports", "report_id"),
    "rsk": Kind("risk"),
    "rst": Kind("restructuring"),
    "run": Kind("run", "runs", "run_id"),
    "rvw": Kind("review", "reviews", "review_id"),
    "sac": Kind("account"),
    "sbx": Kind("sandbox_action"),
    "sco": Kind("score", "scores", "score_id"),
    "spc": Kind("special"),
    "snc": Kind("sanction", "sanctions", "sanction_id"),
    "stl": Kind("settlement", "settlements", "settlement_id"),
    "sub": Kind("insurance"),
    "subsidy": Kind("subsidy", "subsidies", "member_id"),
    "supplier": Kind("supplier", "suppliers", "member_id"),
    "trn": Kind("training", "trainings", "training_id"),
    "uns": Kind("unsealing"),
    "whe": Kind("endpoint", "webhook-endpoints", "owner", owned=True),
}
"""Every prefix there is. Whatever is said of things by their prefix is said here; a name with another one cannot be made."""

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(left + right for left in _ALPHABET for right in _ALPHABET)
"""Two characters at a time: a run that writes millions of things makes millions of names."""
_SHAPE: Final = re.compile(r"[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}(_[0-9]{2,3})?", re.ASCII)


def new_id(prefix: str, now: datetime) -> str:
    """A new name, `ord_01JA…`; later names sort after earlier ones."""
    return f"{_known(prefix)}_{_base32(to_ms(now) << 80 | int.from_bytes(os.urandom(10)))}"


def derived_id(prefix: str, *parts: str) -> str:
    """The one name that belongs to these parts, whoever asks and whenever."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return f"{_known(prefix)}_{_base32(int.from_bytes(digest[:16]))}"


def is_id(text: str, prefix: str) -> bool:
    return text.startswith(_known(prefix) + "_") and _SHAPE.fullmatch(text) is not None


def kind_of(aggregate_id: str) -> Kind | None:
    """What a thing is, by its name or that of its chain: `ord_01JA…`, `supplier:mem_01JA…`."""
    prefix = aggregate_id.partition(":")[0] if ":" in aggregate_id else aggregate_id.partition("_")[0]
    return KINDS.get(prefix)


def _known(prefix: str) -> str:
    if prefix not in KINDS:
        raise AssertionError(f"{prefix!r} is no kind of thing: see KINDS")
    return prefix


def _base32(number: int) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
