"""Serving the console: its page, its files under a name that changes with them, and what it must know of the API."""

from __future__ import annotations

import hashlib
import inspect
import json
import posixpath
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from chalicelib import slices
from chalicelib.console import rules, texts, vendor
from chalicelib.console.views import FormView, RoutesView, RouteView, TextsView
from chalicelib.reference import schemas
from chalicelib.route_table import ROUTES, Row
from chalicelib.shared import files as bucket
from chalicelib.shared import page, text_forms
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import Endpoint
from chalicelib.shared.languages import OFFERED
from chalicelib.shared.settings import settings
from chalicelib.shared.texts import Text, in_language, say

_COMMENT: Final = re.compile(r"^ *(?://.*|/\*(?s:.*?)\*/)\n", re.MULTILINE)
STYLE: Final = "console.css"
FIRST: Final = "main.js"
_IMPORTED: Final = re.compile(r'\b(?:from|import) ?"([\w@./-]+)"')
_REFERENCE: Final = re.compile(rb'"#/components/schemas/([^"]+)"')


class GoneByNow(NotFound):
    code = "console_release_gone"
    title = "Another release of the console is served here."
    fix = "Load the page anew."


@lru_cache(maxsize=1)
def modules() -> dict[str, str]:
    """Every module by its path below the release. Ours go without the comments that stand on lines of their own, a seventh of what they weigh."""
    own = {path.name: _COMMENT.sub("", path.read_text(encoding="utf-8")) for path in sorted(texts.APP.glob("*.js"))}
    there = {name: vendor.FOLDER / name for name in vendor.FILES if name.endswith(".js")}
    return own | {f"vendor/{name}": path.read_text(encoding="utf-8") for name, path in there.items() if path.is_file()}


@lru_cache(maxsize=1)
def _style() -> str:
    """The look of every page, that of plots, and the console's own, without comments like the modules."""
    plots = vendor.FOLDER / "uplot.css"
    others = plots.read_text(encoding="utf-8") if plots.is_file() else ""
    return _COMMENT.sub("", page.STYLE + others + (texts.APP / STYLE).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def release() -> str:
    """Names the files as they are: with any other content they have another address, so that each is kept for ever where it was fetched."""
    digest = hashlib.sha256(json.dumps([_style(), sorted(modules().items())]).encode())
    return digest.hexdigest()[:20]


def module(of_release: str, name: str) -> str:
    """A module of the release that is served. NotFound where there is none, GoneByNow where it is of another."""
    _must_be_served(of_release)
    if name not in modules():
        raise NotFound(say("The console has no file {name!r:.60}.", name=name))
    return modules()[name]


def style(of_release: str) -> str:
    """The style sheet of the release that is served; GoneByNow where it is of another."""
    _must_be_served(of_release)
    return _style()


def _must_be_served(of_release: str) -> None:
    if of_release != release():
        raise GoneByNow(say("There is no release {of_release!r:.60} here.", of_release=of_release))


@lru_cache(maxsize=1)
def html() -> str:
    """The page: what is seen before any script has come, what it loads, and what it must know of the stage. All else is made in the browser."""
    if missing := [name for name in vendor.FILES if not (vendor.FOLDER / name).is_file()]:
        return f"<!doctype html><title>Surety console</title><p>Not installed: {', '.join(missing)}. Run: make run, or make package."
    base = f"console/{release()}"
    links = "".join(f'<link rel="modulepreload" href="{base}/{name}">' for name in sorted(reached_from(FIRST)))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Surety console</title>'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{base}/{STYLE}">'
        f'<script type="importmap">{import_map()}</script>{links}'
        f'<script type="application/json" id="stage">{_stage()}</script>'
        f'<script type="module" src="{base}/main.js"></script></head>'
        '<body><surety-console><header class="bar first"><p class="head"><span class="brand">Surety</span></p></header>'
        '<main class="first"><noscript>The console is made in the browser: it needs JavaScript. The documentation at '
        '<a href="docs">/docs</a> does without.</noscript></main></surety-console></body></html>'
    )


def reached_from(name: str) -> set[str]:
    """The modules without which this one does not begin: they are fetched beside the page, and not one after the other."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        if (here := waiting.pop()) not in reached:
            reached.add(here)
            waiting += (_module_called(imported, here) for imported in _IMPORTED.findall(modules()[here]))
    return reached


def _module_called(name: str, importer: str) -> str:
    """Which module is meant by a name that another imports: one of others by its own, else one that lies beside it or, of others, above."""
    if name in vendor.MODULES:
        return f"vendor/{vendor.MODULES[name]}"
    return f"{posixpath.dirname(importer)}/{posixpath.basename(name)}".removeprefix("/")


def import_map() -> str:
    """What modules import by name, as the page says it."""
    base = f"./console/{release()}"
    named = {name: f"{base}/vendor/{file}" for name, file in vendor.MODULES.items()}
    above = {f"{base}/{name}": f"{base}/vendor/{name}" for name in vendor.ABOVE}
    return json.dumps({"imports": named | above})


@lru_cache(maxsize=1)
def policy() -> str:
    """What a browser may do with the page. It makes no markup out of text: that takes a policy of trusted types, and only Lit's own is let."""
    away = " ".join(filter(None, [page.SELF, _origin(settings().token_url), _bucket()]))
    allowed = page.policy(
        page.SELF,
        script=f"{page.SELF} {page.of_inline(import_map())}",
        connect=away,
        image=f"{page.SELF} data: blob:",
    )
    return f"{allowed}; frame-src blob:; require-trusted-types-for 'script'; trusted-types lit-html"


def routes() -> RoutesView:
    """From the table of routes, without importing any slice."""
    return RoutesView(items=[_route(row) for row in _served() if not row[4] or _is_of_things(row)])


def form(operation: str) -> FormView:
    """What an endpoint takes. Only its own slice is imported."""
    row = next((row for row in _served() if row[3] == operation), None)
    if row is None:
        raise NotFound(say("There is no endpoint called {operation!r:.60}.", operation=operation))
    endpoint = next(each for each in slices.load(row[2]).endpoints if each.name == operation)
    forms = [each for each in (endpoint.request, endpoint.query) if each is not None]
    by_form, named = schemas.components(forms)
    return FormView(
        name=endpoint.name,
        method=endpoint.method,
        path=endpoint.path,
        says=_says(endpoint),
        roles=sorted(endpoint.by.roles),
        duties=sorted(endpoint.by.duties or ()),
        body=_fields(by_form, named, endpoint.request),
        query=_fields(by_form, named, endpoint.query),
        definitions=_for_people(_reached([schemas.resolve(by_form[each], named) for each in forms], named)),
    )


def texts_view(language: str) -> TextsView:
    """The console's sentences in a language that is offered; NotFound for any other."""
    if language not in OFFERED:
        raise NotFound(
            say(
                "There is no language {language!r:.60} here; there are {offered}.",
                language=language,
                offered=", ".join(OFFERED),
            )
        )
    return TextsView(language=language, texts={text: in_language(text, language) for text in texts.sentences()})


def _served() -> Iterable[Row]:
    return (row for row in ROUTES if row[2] in slices.MODULES or settings().sandbox)


def _is_of_things(row: Row) -> bool:
    """Whether what everybody may read is a thing, or a list of them, that officers act on as well."""
    method, path, *_ = row
    of = path if path.endswith("}") else f"{path}/{{"
    return method == "GET" and any(each[0] == "POST" and each[1].startswith(of) for each in ROUTES)


def _route(row: Row) -> RouteView:
    method, path, _, name, is_public, *_ = row
    is_command = method == "POST"
    return RouteView(
        name=name,
        method=method,
        path=path,
        thing=rules.thing_of(path) if is_command else "",
        actions=rules.actions_of(path) if is_command else [],
        public=is_public,
    )


def _says(endpoint: Endpoint) -> Text:
    return Text((inspect.getdoc(endpoint.view) or "").partition("\n")[0], {})


def _fields(by_form: dict[Any, Any], named: dict[str, Any], request_form: Any) -> Any:
    """What is asked for. What the whole of it is stands above the form already."""
    if request_form is None:
        return None
    whole = schemas.resolve(by_form[request_form], named)
    return _for_people({name: value for name, value in whole.items() if name != "description"})


def _for_people(schema: Any) -> Any:
    """A schema with what it says of its parts as sentences: said in the language of who fills them in. A pattern is said in words beside it."""
    if isinstance(schema, list):
        return [_for_people(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    value = {
        name: Text(inner, {}) if name == "description" and isinstance(inner, str) else _for_people(inner)
        for name, inner in schema.items()
    }
    pattern = schema.get("pattern")
    return value | {"written_as": text_forms.in_words(pattern)} if isinstance(pattern, str) else value


def _reached(roots: list[Any], named: dict[str, Any]) -> dict[str, Any]:
    """The named schemas that these refer to, and those that they refer to."""
    reached: dict[str, Any] = {}
    waiting = list(roots)
    while waiting:
        for name in map(bytes.decode, _REFERENCE.findall(msgspec.json.encode(waiting.pop()))):
            if name not in reached:
                reached[name] = named[name]
                waiting.append(named[name])
    return reached


def _stage() -> str:
    """What differs from stage to stage, as data in the page."""
    configured = settings()
    sign_in = {
        "authorize": configured.authorize_url,
        "token": configured.token_url,
        "client": configured.console_client_id,
    }
    stage = {
        "release": release(),
        "stage": configured.stage,
        "sandbox": configured.sandbox,
        "sign_in": sign_in if configured.console_client_id else None,
        "claims": {"sub": configured.sub_claim, "role": configured.role_claim, "duties": configured.duties_claim},
        "languages": OFFERED,
    }
    return json.dumps(stage).replace("<", "\\u003c")


def _origin(url: str) -> str:
    origin = re.match(r"https?://[^/]+", url)
    return origin[0] if origin else ""


def _bucket() -> str:
    """Where files are fetched from: this stage's bucket, and no other."""
    return f"{_origin(bucket.link('any').url)}/{bucket.bucket()}/"
