"""Data packs: made of what the firm consents to, read by the firm at any time and by a bank while its consent is live.

Whoever needs one calls `make` and commits the pack together with what it is for: `also=(pack,)`, and `others={Pack: PACKS}` at its
aggregate. It keeps the pack's id and hash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, cast

from msgspec.structs import replace

from chalicelib.credit.aggregate.packs import PACKS
from chalicelib.credit.rules import pack as rules
from chalicelib.credit.rules import products
from chalicelib.credit.rules.consent import Consent, DataClass
from chalicelib.credit.rules.limit import window
from chalicelib.credit.rules.pack import Pack
from chalicelib.credit.rules.products import LimitTerms
from chalicelib.credit.service import consents, limits, scoring
from chalicelib.credit.views import packs
from chalicelib.credit.views.limits import limit_part
from chalicelib.credit.views.scores import ScorePart, score_part
from chalicelib.deposits.service import reading as deposits_reading
from chalicelib.exports.rules.days import ExportDay
from chalicelib.exports.service import reading as exports_reading
from chalicelib.firms.rules.firm import Firm
from chalicelib.shared import ids
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.errors import NotFound, Unavailable
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.views import view_of
from chalicelib.suppliers.service import signing, storefront

PARTS: Final[dict[str, DataClass]] = {
    "firm": "profile",
    "exports": "exports",
    "limits": "exports",
    "deposit": "deposits",
    "programme": "programme",
    "score": "score",
}
"""The class of data that each part of the document is of."""


def make(profile: Firm, product_ids: Sequence[str], consent: Consent, as_of: date, request: RequestContext) -> Pack:
    """A pack of what is known now of a firm, in the classes of the consent. Nothing is written.

    Unavailable where it cannot be signed at the moment, PackTooLarge, NoSuchProduct.
    """
    pack_id = ids.new_id("dpk", request.now)
    text = rules.canonical(_document(pack_id, profile, product_ids, consent, as_of, request))
    try:
        key = signing.key()
    except signing.KeyUnreadable as failure:
        raise Unavailable("A data pack cannot be signed at the moment.") from failure
    return rules.sealed(
        pack_id,
        profile.id,
        consent.id,
        tuple(each for each in consent.data_classes if each in PARTS.values()),
        as_of,
        text,
        kid=key.kid,
        statement=signing.sign(text.encode(), rules.TYPE, key),
        now=request.now,
    )


def read(pack_id: str, request: RequestContext) -> packs.DataPackView | None:
    """A pack for one who may see what it is for: None for a bank without a live consent to all that is in it. What a bank reads is an entry."""
    loaded, actor = PACKS.read(pack_id, request)
    if actor == "bank":
        pack = loaded.state
        if not consents.covered(pack.firm_id, request.caller.sub, request.now).issuperset(pack.data_classes):
            return None
        _note(pack_id, request)
    return cast(packs.DataPackView, PACKS.show(loaded, actor, request))


@retry_on_conflict
def _note(pack_id: str, request: RequestContext) -> None:
    """Write down that a bank reads the pack, before it is handed out."""
    reading = request.each_time("data-pack", pack_id)
    PACKS.apply(pack_id, reading, lambda was, context: rules.read(was, request.caller.sub, request.now))


def _document(
    pack_id: str, profile: Firm, product_ids: Sequence[str], consent: Consent, as_of: date, request: RequestContext
) -> packs.Document:
    firm_id = profile.id
    terms = _terms(product_ids, as_of)
    since = min(window(as_of, each)[0] for _, each in terms)
    days = exports_reading.days(firm_id, since, as_of) if "exports" in consent.data_classes else ()
    readers: dict[str, Callable[[], Any]] = {
        "firm": lambda: view_of(packs.FirmPart, profile),
        "exports": lambda: _exports(days, since, as_of),
        "limits": lambda: [
            limit_part(limits.of_days(days, firm_id, each, as_of), each, currency) for currency, each in terms
        ],
        "deposit": lambda: _deposit(firm_id, request),
        "programme": lambda: _programme(firm_id, request),
        "score": lambda: _score(firm_id, as_of),
    }
    parts: dict[str, Any] = {
        name: read() if PARTS[name] in consent.data_classes else None for name, read in readers.items()
    }
    absent: dict[str, packs.Absent] = {
        name: "not_known" if PARTS[name] in consent.data_classes else "not_consented"
        for name, part in parts.items()
        if part is None
    }
    return packs.Document(
        pack_id=pack_id,
        firm_id=firm_id,
        made_at=request.now,
        as_of=as_of,
        consent=view_of(packs.ConsentPart, consent),
        **parts,
        absent=absent,
    )


def _terms(product_ids: Sequence[str], on: date) -> list[tuple[str, LimitTerms]]:
    """The terms that these products' limits follow from, each once, with their currency: which products they are is not told."""
    known = [products.find(product_id, on) for product_id in product_ids]
    return list(dict.fromkeys((product.currency, product.limit) for product in known))


def _exports(days: tuple[ExportDay, ...], since: date, until: date) -> packs.ExportsPart:
    return packs.ExportsPart(since=since, until=until, days=[view_of(packs.ExportDayPart, day, "USD") for day in days])


def _deposit(firm_id: str, request: RequestContext) -> packs.DepositPart | None:
    """As the firm itself sees it."""
    try:
        deposit = deposits_reading.deposit(firm_id, replace(request, caller=Caller(sub=firm_id, role="member")))
    except NotFound:
        return None
    return packs.DepositPart(
        status=deposit.status,
        since=deposit.created_at,
        required=deposit.requirement.total,
        held=deposit.balance.held,
        arrears=deposit.requirement.arrears,
        open_violations=len(deposit.risks),
        restrictions=deposit.restrictions,
    )


def _score(firm_id: str, as_of: date) -> ScorePart:
    scored, in_force = scoring.score(firm_id, as_of)
    return score_part(scored, in_force.version)


def _programme(firm_id: str, request: RequestContext) -> packs.ProgrammePart:
    """As anybody sees it."""
    return view_of(packs.ProgrammePart, storefront.storefront(firm_id, request))
