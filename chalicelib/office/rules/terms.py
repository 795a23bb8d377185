"""What things are found by: references to the letter, and beginnings of names. Pure.

Names are those of companies, groups, channels and goods. Nothing of a person is a term, and no text that somebody wrote to somebody.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from chalicelib.office.rules import awaited

MOST_TERMS: Final = 12
"""Of one thing: each costs a write when the thing changes."""
MOST_LETTERS: Final = 60
"""Of a term: what is longer is found by its beginning."""
LEAST_LETTERS: Final = 2
"""With which a name is looked for: a Chinese name may have no more."""
_WORDS: Final = 4
"""So many words of a name may be the first that is looked for."""


class Terms(NamedTuple):
    """`exact` are found whole, `names` by the beginning of any of their first words. The first name is what people call the thing."""

    exact: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.names[0] if self.names else ""


def folded(text: str) -> str:
    """A text as it is looked for: full-width letters and case make no difference, and neither does how a letter was typed."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold()).split())[:MOST_LETTERS]


def exact(text: str) -> str:
    """The bucket of what is found whole."""
    return f"={folded(text)}"


def bucket(text: str) -> str:
    """The bucket of names that begin like a folded text."""
    return text[:LEAST_LETTERS]


def places(terms: Terms) -> list[tuple[str, str]]:
    """The buckets of a thing's terms, each with the term in it: at most MOST_TERMS."""
    return list(dict.fromkeys(islice(_places(terms), MOST_TERMS)))


def terms_of(prefix: str, state: Any) -> Terms:
    """What a thing is found by, beside its id."""
    tell = _TERMS.get(prefix)
    return tell(state) if tell else Terms()


def _places(terms: Terms) -> Iterator[tuple[str, str]]:
    for text in filter(None, terms.exact):
        yield exact(text), folded(text)
    for name in filter(None, terms.names):
        words = folded(name).split()
        beginnings = (" ".join(words[first:]) for first in range(min(len(words), _WORDS)))
        yield from ((bucket(each), each) for each in beginnings if len(each) >= LEAST_LETTERS)


def _refs(of: Iterable[Any]) -> tuple[str, ...]:
    """The banks' references of the last few of these."""
    return tuple(each.bank_ref for each in of if each.bank_ref)[-8:]


_TERMS: Final[Mapping[str, Callable[[Any], Terms]]] = {
    "bev": lambda event: Terms((event.bank_ref, event.webhook_id)),
    "chm": lambda membership: Terms(names=(membership.romanised_name, membership.legal_name)),
    "chn": lambda channel: Terms(names=(channel.name,)),
    "cpy": lambda payment: Terms(_refs(payment.captures)),
    "dep": lambda deposit: Terms((deposit.id,)),
    "firm": lambda firm: Terms((firm.registration_no,), (firm.name,)),
    "gcl": lambda call: Terms((call.call_ref,)),
    "grp": lambda group: Terms(names=(group.name,)),
    "ins": lambda instruction: Terms((instruction.bank_ref, *_refs(instruction.attempts))),
    "lst": lambda listing: Terms(names=tuple(listing.offer.titles.values())),
    "mem": lambda member: Terms((member.external_ref,), (member.name,)),
    "nom": lambda nomination: Terms(
        (nomination.details.registration_number,), (nomination.details.romanised_name, nomination.details.legal_name)
    ),
    "ofr": lambda offer: Terms((offer.offer_ref,)),
    "ord": lambda order: Terms((*awaited.terms_of(order), *_refs(order.payments))),
    "rcb": lambda receivable: Terms((receivable.reference,)),
    "snc": lambda sanction: Terms((sanction.court_reference, sanction.bank_request)),
    "trn": lambda training: Terms(names=(training.title,)),
}
"""By the prefix of an id. What is not here is found by its id."""
HAVE_TERMS: Final = frozenset(_TERMS)
_CHANGED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "chn": ("amended",),
    "cpy": ("captured",),
    "firm": ("changed",),
    "ins": ("told", "settled", "failed", "manual"),
    "lst": ("edited", "published"),
    "nom": ("edited",),
    "ord": ("payment",),
}
"""What later entries change of a thing's terms, by words of their kinds. All others are told by the first entry."""


def may_change(prefix: str, kind: str, seq: int) -> bool:
    """Whether an entry of a thing can have given it other terms."""
    return prefix in HAVE_TERMS and (seq == 1 or any(word in kind for word in _CHANGED_BY.get(prefix, ())))
