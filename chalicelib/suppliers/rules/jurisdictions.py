"""Jurisdictions: what a supplier's country decides, by the policy `jurisdictions`. Pure.

Whether its suppliers may join trade protection, in which currency their limit is shown, which zone their dates are in, which documents they
must have on file, and whose business days count. A country without an entry is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import msgspec

from chalicelib.shared import money
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.fx import LIMIT_CURRENCY, Quote
from chalicelib.shared.texts import say


class NoJurisdiction(RuleViolation):
    code = "no_jurisdiction"
    title = "Suppliers of that country cannot join."
    fix = "Join from one of `countries`: GET /v1/policies/jurisdictions."


class EnrolmentDocumentsMissing(RuleViolation):
    code = "enrolment_documents_missing"
    title = "Documents that the supplier's country asks for are not on file."
    fix = "Hand in all of `documents`: POST /v1/firms/{member_id}/documents, after POST /v1/firms where there is no profile yet. Enrol once they are kept."


class Jurisdiction(msgspec.Struct, frozen=True, kw_only=True):
    """One country. `documents` are kinds that an agency hands in with a nomination, `enrolment_documents` kinds in the firm's own profile."""

    name: str
    joins: bool
    limit_currency: str
    zone: str
    calendar: str
    documents: tuple[str, ...]
    enrolment_documents: tuple[str, ...] = ()

    def must_be_on_file(self, kinds: Iterable[str]) -> None:
        """EnrolmentDocumentsMissing, with all that are missing, where these kinds are not enough to enrol."""
        there = frozenset(kinds)
        if missing := [kind for kind in self.enrolment_documents if kind not in there]:
            raise EnrolmentDocumentsMissing(
                say("Not on file: {missing}.", missing=", ".join(missing)), documents=missing
            )


class Jurisdictions(msgspec.Struct, frozen=True, kw_only=True):
    """The policy, by country (ISO 3166-1 alpha-2)."""

    countries: dict[str, Jurisdiction]

    def must_join(self, country: str, *, param: str | None = None) -> Jurisdiction:
        """What a country decides. NoJurisdiction where it has no entry, or its suppliers may not join."""
        known = self.countries.get(country)
        if known is None or not known.joins:
            raise NoJurisdiction(
                say("Suppliers of {country} cannot join.", country=country),
                param=param,
                country=country,
                countries=self.open,
            )
        return known

    def calendar_of(self, country: str) -> str:
        """Whose business days count for a country: its own where it has no entry."""
        known = self.countries.get(country)
        return known.calendar if known else country

    @property
    def open(self) -> list[str]:
        return sorted(code for code, each in self.countries.items() if each.joins)


def in_currency(usd_minor: int, quote: Quote) -> int:
    """An amount of US cents in the minor units of the quoted currency, rounded down: nobody reads more than there is."""
    digits = Fraction(10 ** money.digits_of(quote.of), 10 ** money.digits_of(LIMIT_CURRENCY))
    return usd_minor * digits // Fraction(quote.rate)
