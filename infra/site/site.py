"""All files of the site by their paths, each made when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

from chalicelib.documentation.service import BASE_URL
from chalicelib.shared.page import STYLE
from chalicelib.shared.settings import settings
from infra.site import (
    changes,
    endpoints,
    errors,
    events,
    front,
    guides,
    html,
    linking,
    samples,
    search,
    states,
    webhooks,
)
from infra.site.html import Entry, Page

ROOT: Final = Path(__file__).parents[2]
ASSETS: Final = Path(__file__).parent / "assets"
GUIDES_IN_ORDER: Final = (
    "start",
    "identity",
    "orders",
    "banks",
    "claims",
    "deposits",
    "credit",
    "groups",
    "monitoring",
    "channels",
    "reports",
    "webhooks",
    "errors",
    "testing",
    "clients-python",
    "clients-typescript",
    "cli",
    "collection",
    "going-live",
)


class Site:
    """The site of this stage: where there is no sandbox, its pages offer no requests to try. `suffix` is what links to pages end in."""

    def __init__(self, *, suffix: str = "", base_url: str = BASE_URL, document: dict[str, Any] | None = None) -> None:
        self._suffix, self._base_url = suffix, base_url
        self._document = document
        self._has_sandbox = settings().sandbox

    def read(self, path: str) -> bytes | None:
        make = self._assets.get(path) or self._makers.get(path)
        return make() if make else None

    def paths(self) -> list[str]:
        return [*self._makers, *self._assets]

    @cached_property
    def document(self) -> dict[str, Any]:
        from chalicelib.reference import service

        parsed: dict[str, Any] = self._document or json.loads(service.document())
        return parsed

    @cached_property
    def endpoints(self) -> endpoints.Endpoints:
        return endpoints.Endpoints(self.document, has_try_it=self._has_sandbox, base_url=self._base_url)

    @cached_property
    def errors(self) -> errors.Errors:
        from chalicelib.reference import error_examples

        return errors.Errors(self.endpoints.by_code, error_examples.every())

    @cached_property
    def states(self) -> states.States:
        from chalicelib.registry import MACHINES

        return states.States(MACHINES)

    @cached_property
    def bank_events(self) -> events.BankEvents:
        return events.BankEvents(self.document["x-bank-events"])

    @cached_property
    def webhooks(self) -> webhooks.Webhooks:
        from chalicelib.registry import MACHINES

        return webhooks.Webhooks(MACHINES)

    @cached_property
    def guides(self) -> list[guides.Guide]:
        return guides.read(ROOT / "docs" / "guides", GUIDES_IN_ORDER)

    @cached_property
    def changelog(self) -> str:
        return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    @cached_property
    def places(self) -> linking.Places:
        return linking.Places(self.endpoints.operations, self.errors.kinds)

    @cached_property
    def menu(self) -> list[Entry]:
        groups = [Entry(group, endpoints.page_of(group)) for group in self.endpoints.groups]
        return [
            Entry("Start", front.PATH),
            Entry("Guides", guides.FOLDER, [Entry(guide.title.partition(":")[0], guide.path) for guide in self.guides]),
            Entry("Conventions", front.CONVENTIONS_PATH),
            Entry("Endpoints", endpoints.FOLDER, groups),
            Entry("States", states.FOLDER),
            Entry("Events", events.FOLDER),
            Entry("Errors", errors.FOLDER),
            Entry("Changes", changes.PATH),
        ]

    @cached_property
    def _makers(self) -> dict[str, Callable[[], bytes]]:
        """By path. The first to need the API document makes it, which takes seconds."""
        pages: dict[str, Callable[[], Page]] = {
            front.PATH: self._front,
            front.CONVENTIONS_PATH: front.conventions,
            guides.FOLDER: partial(guides.index, self.guides),
            endpoints.FOLDER: self.endpoints.index,
            states.FOLDER: self.states.index,
            events.FOLDER: self.bank_events.index,
            webhooks.PATH: self.webhooks.page,
            errors.FOLDER: self.errors.index,
            changes.PATH: partial(changes.page, self.changelog),
        }
        pages |= {guide.path: guide.page for guide in self.guides}
        pages |= {endpoints.page_of(group): partial(self._group, group) for group in self.endpoints.groups}
        pages |= {states.page_of(kind): partial(self.states.page, kind) for kind in self.states.rules}
        pages |= {events.page_of(each): partial(self.bank_events.page, each) for each in events.DIRECTIONS}
        pages |= {errors.page_of(code): partial(self.errors.page, code) for code in self.errors.kinds}
        files: dict[str, Callable[[], bytes]] = {
            "docs/search.json": self._search,
            changes.FEED: lambda: changes.feed(self.changelog, self._base_url).encode(),
        }
        return {path: partial(self._written, make) for path, make in pages.items()} | files

    @cached_property
    def _assets(self) -> dict[str, Callable[[], bytes]]:
        """What there is without the API document."""
        assets: dict[str, Callable[[], bytes]] = {"docs/site.css": lambda: (STYLE + _asset("site.css")).encode()}
        if self._has_sandbox:
            assets |= {
                samples.PRELUDE: lambda: samples.prelude(self._base_url).encode(),
                samples.SAMPLES: samples.as_json,
            }
        return assets | {f"docs/{name}": partial(_encoded_asset, name) for name in self._scripts}

    @property
    def _scripts(self) -> tuple[str, ...]:
        return ("site.js", "search.js", *(("try.js",) if self._has_sandbox else ()))

    def _front(self) -> Page:
        version = self.document["info"]["version"]
        return front.page(version, self._base_url, self.guides, self.endpoints.groups, has_sandbox=self._has_sandbox)

    def _group(self, group: str) -> Page:
        """With the guides that lead to it, and the states of what it is about."""
        place = endpoints.page_of(group)
        of_guides = [
            (guide.path, guide.title)
            for guide in self.guides
            if place.endswith(guide.name) or f'href="/{place}#' in self._linked_guides[guide.name]
        ]
        kinds = self.states.of(operation.name for operation in self.endpoints.groups[group])
        return self.endpoints.page(
            group, [*of_guides, *((states.page_of(kind), f"states: {states.named(kind).lower()}") for kind in kinds)]
        )

    @cached_property
    def _linked_guides(self) -> dict[str, str]:
        return {guide.name: self.places.linked(guide.content) for guide in self.guides}

    def _written(self, make: Callable[[], Page]) -> bytes:
        page = make()
        if page.within != endpoints.FOLDER:
            page = page._replace(content=self.places.linked(page.content))
        scripts = [name for name in self._scripts if name != "search.js"]  # which is loaded when somebody searches
        framed = html.framed(page, self.menu, scripts=scripts)
        return html.relative(framed, page.path, suffix=self._suffix).encode()

    def _search(self) -> bytes:
        return json.dumps(
            search.index(self._rows(), suffix=self._suffix), ensure_ascii=False, separators=(",", ":")
        ).encode()

    def _rows(self) -> Iterator[search.Row]:
        return chain(
            search.of_guides(self.guides),
            search.of_conventions(),
            search.of_endpoints(self.endpoints),
            search.of_states(self.states.rules),
            search.of_webhooks(self.webhooks.families),
            search.of_told(self.webhooks.events),
            search.of_bank_events(self.bank_events.types),
            search.of_errors(self.errors),
            search.of_fields(self.endpoints),
        )


@lru_cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _encoded_asset(name: str) -> bytes:
    return _asset(name).encode()
