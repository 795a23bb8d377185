"""What changed: the changelog as a page, and its releases as an Atom feed."""

from __future__ import annotations

import re
from html import escape
from typing import Final, NamedTuple

from infra.site.guides import render
from infra.site.html import Page, anchor

PATH: Final = "docs/changes"
FEED: Final = "docs/changes.atom"
_SECTION: Final = re.compile(r"(<h3\b.*?</h3>)(.*?)(?=<h[23]\b|\Z)", re.DOTALL)
_RELEASE: Final = re.compile(r"^## (\S+) - (\d{4}-\d\d-\d\d)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class Release(NamedTuple):
    version: str
    day: str
    text: str


def page(changelog: str) -> Page:
    """Each part of a release lies folded below its heading: whole, the page is as long as a book."""
    content = _SECTION.sub(_folded, render(changelog))
    return Page(PATH, "Changes", f'{content}<p><a href="/{FEED}">The same as a feed</a></p>')


def _folded(section: re.Match[str]) -> str:
    heading, body = section.groups()
    count = body.count("<li>")
    return f"{heading}<details><summary>{count} {'change' if count == 1 else 'changes'}</summary>{body}</details>"


def releases(changelog: str) -> list[Release]:
    """The latest first; what is not released has no day yet, and is on the page alone."""
    return [Release(*parts) for parts in _RELEASE.findall(changelog)]


def feed(changelog: str, base_url: str) -> str:
    """Atom (RFC 4287), an entry for each release."""
    known = releases(changelog)
    entries = "".join(_entry(release, base_url) for release in known)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Changes of the Surety API</title>'
        f"<id>{base_url}/{PATH}</id><updated>{known[0].day}T00:00:00Z</updated><author><name>Surety</name></author>"
        f'<link rel="self" href="{base_url}/{FEED}"/><link href="{base_url}/{PATH}"/>{entries}</feed>\n'
    )


def _entry(release: Release, base_url: str) -> str:
    place = f"{base_url}/{PATH}#{anchor(f'{release.version} - {release.day}')}"
    return (
        f"<entry><title>{escape(release.version)}</title><id>{place}</id><updated>{release.day}T00:00:00Z</updated>"
        f'<link href="{place}"/><content type="html">{escape(render(release.text))}</content></entry>'
    )
