"""The badge as a statement and as a picture."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.shared.periods import wire
from chalicelib.shared.texts import NOTHING, Text, in_language, say, say_count
from chalicelib.suppliers.rules.badge import Badge
from chalicelib.suppliers.views.storefront import FiguresSummary, StorefrontView

COLOURS: Final[dict[Badge, str]] = {
    "VALID": "#1b6e3c",
    "SUSPENDED": "#8a5a00",
    "REVOKED": "#9b1c1c",
    "NOT_ENROLLED": "#4a5568",
    "UNKNOWN": "#4a5568",
}
WORDS: Final[dict[Badge, Text]] = {
    "VALID": say("Protected by Surety"),
    "SUSPENDED": say("Protection suspended"),
    "REVOKED": say("Protection revoked"),
    "NOT_ENROLLED": say("Not in the programme"),
    "UNKNOWN": say("Status unknown"),
}


class BadgeView(msgspec.Struct, frozen=True, kw_only=True):
    """`statement` is a compact JWS (ES256, keys at /v1/badge-keys) that says the same as the plain fields. Only VALID, signed and before `expires`, vouches for anything."""

    id: str
    status: Badge
    name: str | None
    as_of: datetime
    expires: datetime | None
    figures: FiguresSummary | None
    kid: str | None
    statement: str | None


class BadgeKey(msgspec.Struct, frozen=True, kw_only=True):
    """The public half of a key on the curve P-256 (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    alg: str
    use: str


class BadgeKeysView(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON Web Key Set: the key in use first, then retired ones."""

    keys: list[BadgeKey]


def view(
    shown: StorefrontView, figures_summary: FiguresSummary, claims: dict[str, Any], *, kid: str, statement: str
) -> BadgeView:
    return BadgeView(
        id=shown.id,
        status=shown.badge,
        name=shown.name,
        as_of=datetime.fromisoformat(claims["as_of"]),
        expires=datetime.fromisoformat(claims["expires"]),
        figures=figures_summary,
        kid=kid,
        statement=statement,
    )


def unknown(member_id: str, now: datetime) -> BadgeView:
    return BadgeView(
        id=member_id, status="UNKNOWN", name=None, as_of=now, expires=None, figures=None, kid=None, statement=None
    )


def draw(badge: BadgeView, language: str) -> str:
    """The picture of a badge, with open claims beside its status and figures below."""
    return shield(
        in_language(WORDS[badge.status], language),
        COLOURS[badge.status],
        badge.name or badge.id,
        (in_language(_figures(badge.figures), language), in_language(_good_for(badge), language)),
        is_valid=badge.status == "VALID",
        beside=in_language(_open_claims(badge.figures), language),
        language=language,
    )


def shield(
    word: str,
    colour: str,
    whose: str,
    lines: tuple[str, str],
    *,
    is_valid: bool,
    beside: str = "",
    language: str,
) -> str:
    """A shield and four lines. No script, no link, no outside request; a reader hears title and description."""
    from html import escape  # a table of two thousand names, for pictures alone

    word, name = escape(word), escape(_shortened(whose, 34))
    first, second = map(escape, lines)
    mark = "M21 37l6 6 12-13" if is_valid else "M23 29l14 14M37 29l-14 14"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{language}" width="320" height="72" viewBox="0 0 320 72" role="img" '
        'aria-labelledby="surety-title surety-text">'
        f'<title id="surety-title">{word}: {name}</title>'
        f'<desc id="surety-text">{first} {second}</desc>'
        f'<rect x="0.5" y="0.5" width="319" height="71" rx="8" fill="#fff" stroke="{colour}"/>'
        f'<path d="M30 12l18 6v16c0 13-8 21-18 26-10-5-18-13-18-26V18z" fill="{colour}"/>'
        f'<path d="{mark}" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/>'
        '<g font-family="system-ui, sans-serif" fill="#1a202c">'
        f'<text x="60" y="20" font-size="13" font-weight="700" fill="{colour}">{word}{beside}</text>'
        f'<text x="60" y="36" font-size="12">{name}</text>'
        f'<text x="60" y="50" font-size="10">{first}</text>'
        f'<text x="60" y="63" font-size="9" fill="#4a5568">{second}</text>'
        "</g></svg>"
    )


def _figures(figures_summary: FiguresSummary | None) -> Text:
    if figures_summary is None:
        return say("no figures")
    value, rate_bp = figures_summary.transactions_12m_value, figures_summary.response_rate_bp
    return say(
        "{count} protected orders in 12 months, {amount} {currency}, answers {rate}",
        count=figures_summary.transactions_12m,
        amount=value.grouped,
        currency=value.currency,
        rate=say("unknown") if rate_bp is None else f"{rate_bp // 100}.{rate_bp % 100:02d} %",
    )


def _open_claims(figures_summary: FiguresSummary | None) -> Text:
    """Shown beside the status wherever there are some."""
    if figures_summary is None or not figures_summary.open_claims:
        return NOTHING
    return say_count(", {n} open claim", ", {n} open claims", n=figures_summary.open_claims)


def _good_for(badge: BadgeView) -> Text:
    as_of = wire(badge.as_of)
    if badge.expires is None:
        return say("as of {as_of}, shown without proof", as_of=as_of)
    return say("as of {as_of}, shown until {expires}", as_of=as_of, expires=wire(badge.expires))


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
